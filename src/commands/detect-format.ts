import { colourOfClass } from '../imaging/palette.js'
import { type DetectRecord, isFailed, type RecordError } from './detect-record.js'
import { wrapText } from './terminal.js'
import { printable, type TerminalStyle } from './terminal-style.js'

/** How results are written. */
export const RESULT_FORMATS = ['table', 'jsonl', 'csv', 'coco'] as const
export type ResultFormat = (typeof RESULT_FORMATS)[number]

/** Writes results as text, piece by piece. */
export interface ResultWriter {
  /** Before the first result. */
  readonly head: string
  /** One result; empty for a format that is written at the end. */
  record(record: DetectRecord): string
  /** After the last result; `labels` are the names of the model's classes by their ids. */
  end(labels: ReadonlyMap<number, string> | null): Promise<string>
}

type Detection = Extract<DetectRecord, { detections: unknown }>['detections'][number]

const METER_WIDTH = 10

function meter(score: number, { class_id }: Detection, style: TerminalStyle): string {
  const filled = Math.round(score * METER_WIDTH)
  const full = style.colour(colourOfClass(class_id), '■'.repeat(filled))
  return full + style.dim('·'.repeat(METER_WIDTH - filled))
}

function nameOf({ label, class_id }: Detection): string {
  return printable(label ?? `class ${class_id}`)
}

function tableRows(detections: readonly Detection[], style: TerminalStyle): string[] {
  const nameWidth = Math.max(12, ...detections.map((it) => nameOf(it).length))
  return detections.map((it) => {
    const { x_min, y_min, x_max, y_max } = it.box
    const corner = (x: number, y: number) => `${Math.round(x)},${Math.round(y)}`
    const percent = `${(it.score * 100).toFixed(1).padStart(5)} %`
    const place = style.dim(`${corner(x_min, y_min)} to ${corner(x_max, y_max)}`)
    return `  ${nameOf(it).padEnd(nameWidth)}  ${meter(it.score, it, style)} ${percent}   ${place}`
  })
}

function tableWriter(style: TerminalStyle): ResultWriter {
  let isFirst = true
  return {
    head: '',
    record(record) {
      const gap = isFirst ? '' : '\n'
      isFirst = false
      const name = style.bold(printable(record.file))
      if (isFailed(record)) {
        const { code, detail } = record.error
        const lines = wrapText(printable(detail), `  ${code}  `, '    ')
        return `${gap}${name}\n${lines.join('\n').replace(code, style.red(code))}\n`
      }
      const { image, detections } = record
      const facts = style.dim(`${image.width} x ${image.height} ${image.format}`)
      const rows = detections.length > 0 ? tableRows(detections, style) : [style.dim('  nothing')]
      return `${gap}${name}  ${facts}\n${rows.join('\n')}\n`
    },
    end: async () => '',
  }
}

const CSV_HEAD = 'file,width,height,label,class_id,score,x_min,y_min,x_max,y_max,error\n'

function csvCell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

/** A row for each detection, and one for a file that failed. */
function csvRows(record: DetectRecord): string {
  const { file } = record
  if (isFailed(record)) {
    return csvRow([file, '', '', '', '', '', '', '', '', '', record.error.code])
  }
  const { width, height } = record.image
  return record.detections
    .map(({ label, class_id, score, box }) => {
      const { x_min, y_min, x_max, y_max } = box
      const name = label ?? ''
      return csvRow([file, width, height, name, class_id, score, x_min, y_min, x_max, y_max, ''])
    })
    .join('')
}

/** COCO has no place for files that failed: they are told on the standard error only. */
function cocoWriter(): ResultWriter {
  const answers: Exclude<DetectRecord, { error: RecordError }>[] = []
  return {
    head: '',
    record(record) {
      if (!isFailed(record)) answers.push(record)
      return ''
    },
    async end(labels) {
      const { toCoco } = await import('../schemas/formats/coco.js')
      const sources = answers.map(({ file, image, detections }, index) => ({
        index,
        filename: file,
        image,
        detections: [...detections],
      }))
      return `${JSON.stringify(toCoco(sources, labels))}\n`
    },
  }
}

/** Chooses the writer of a format; `style` dresses the table. */
export function resultWriter(format: ResultFormat, style: TerminalStyle): ResultWriter {
  switch (format) {
    case 'table':
      return tableWriter(style)
    case 'csv':
      return { head: CSV_HEAD, record: csvRows, end: async () => '' }
    case 'jsonl':
      return { head: '', record: (record) => `${JSON.stringify(record)}\n`, end: async () => '' }
    case 'coco':
      return cocoWriter()
  }
}

import { colourOfClass } from '../imaging/palette.js'
import { type FileRecord, isFailed, type RecordError } from './file-record.js'
import { wrapText } from './terminal.js'
import { printable, type TerminalStyle } from './terminal-style.js'

/** Writes results as text, piece by piece. */
export interface ResultWriter<Answer extends object> {
  /** Before the first result. */
  readonly head: string
  /** One result; empty for a format that is written at the end. */
  record(record: FileRecord<Answer>): string
  /** After the last result; `labels` are the names of the model's classes by their ids. */
  end(labels: ReadonlyMap<number, string> | null): Promise<string>
}

/** What the answers of every command have. */
export interface PictureAnswer {
  readonly image: { readonly width: number; readonly height: number; readonly format: string }
}

/** A class that was found, and how sure the model is. */
export interface ScoredClass {
  readonly label: string | null
  readonly class_id: number | null
  readonly score: number
}

const METER_WIDTH = 10

function meter({ score, class_id }: ScoredClass, style: TerminalStyle): string {
  // Models without an activation give numbers of any size.
  const filled = Math.round(Math.min(1, Math.max(0, score)) * METER_WIDTH)
  const bar = '■'.repeat(filled)
  const full = class_id === null ? bar : style.colour(colourOfClass(class_id), bar)
  return full + style.dim('·'.repeat(METER_WIDTH - filled))
}

function nameOf({ label, class_id }: ScoredClass): string {
  return printable(label ?? `class ${class_id}`)
}

/** A line for each class: name, bar, percent and what `detail` says of it. */
export function scoreRows<Row extends ScoredClass>(
  rows: readonly Row[],
  style: TerminalStyle,
  detail: (row: Row) => string,
): string[] {
  const nameWidth = Math.max(12, ...rows.map((it) => nameOf(it).length))
  return rows.map((it) => {
    const percent = `${(it.score * 100).toFixed(1).padStart(5)} %`
    const more = detail(it)
    const line = `  ${nameOf(it).padEnd(nameWidth)}  ${meter(it, style)} ${percent}`
    return more === '' ? line : `${line}   ${style.dim(more)}`
  })
}

function failure(error: RecordError, style: TerminalStyle): string {
  const { code, detail } = error
  const lines = wrapText(printable(detail), `  ${code}  `, '    ')
  return lines.join('\n').replace(code, style.red(code))
}

/** A table for people: each file with the rows of its answer, or why it has none. */
export function tableWriter<Answer extends PictureAnswer>(
  style: TerminalStyle,
  rowsOf: (answer: Answer) => readonly string[],
): ResultWriter<Answer> {
  let isFirst = true
  return {
    head: '',
    record(record) {
      const gap = isFirst ? '' : '\n'
      isFirst = false
      const name = style.bold(printable(record.file))
      if (isFailed(record)) return `${gap}${name}\n${failure(record.error, style)}\n`
      const { width, height, format } = record.image
      const rows = rowsOf(record)
      const text = rows.length > 0 ? rows.join('\n') : style.dim('  nothing')
      return `${gap}${name}  ${style.dim(`${width} x ${height} ${format}`)}\n${text}\n`
    },
    end: async () => '',
  }
}

function csvCell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

/** CSV with a row for each thing of an answer, in `columns` of its own, and one for a file that failed. */
export function csvWriter<Answer extends PictureAnswer>(
  columns: readonly string[],
  rowsOf: (answer: Answer) => readonly (readonly (string | number)[])[],
): ResultWriter<Answer> {
  const none = Array<string>(columns.length + 2).fill('')
  return {
    head: csvRow(['file', 'width', 'height', ...columns, 'error']),
    record(record) {
      const { file } = record
      if (isFailed(record)) return csvRow([file, ...none, record.error.code])
      const { width, height } = record.image
      return rowsOf(record)
        .map((cells) => csvRow([file, width, height, ...cells, '']))
        .join('')
    },
    end: async () => '',
  }
}

/** A line of JSON for each file. */
export function linesWriter<Answer extends object>(): ResultWriter<Answer> {
  return {
    head: '',
    record: (record) => `${JSON.stringify(record)}\n`,
    end: async () => '',
  }
}

import type { Detection, DetectResponse } from '../client/client.js'
import { isFailed } from './file-record.js'
import {
  csvWriter,
  linesWriter,
  type ResultWriter,
  scoreRows,
  tableWriter,
} from './result-writer.js'
import type { TerminalStyle } from './terminal-style.js'

/** How detections are written. */
export const DETECT_FORMATS = ['table', 'jsonl', 'csv', 'coco'] as const
export type DetectFormat = (typeof DETECT_FORMATS)[number]

const CSV_COLUMNS = ['label', 'class_id', 'score', 'x_min', 'y_min', 'x_max', 'y_max']

function csvCells({ label, class_id, score, box }: Detection): (string | number)[] {
  return [label ?? '', class_id, score, box.x_min, box.y_min, box.x_max, box.y_max]
}

function placeOf({ box }: Detection): string {
  const corner = (x: number, y: number) => `${Math.round(x)},${Math.round(y)}`
  return `${corner(box.x_min, box.y_min)} to ${corner(box.x_max, box.y_max)}`
}

/** COCO has no place for files that failed: they are told on the standard error only. */
function cocoWriter(): ResultWriter<DetectResponse> {
  const answers: ({ readonly file: string } & DetectResponse)[] = []
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
export function detectWriter(
  format: DetectFormat,
  style: TerminalStyle,
): ResultWriter<DetectResponse> {
  switch (format) {
    case 'table':
      return tableWriter(style, ({ detections }) => scoreRows(detections, style, placeOf))
    case 'csv':
      return csvWriter(CSV_COLUMNS, ({ detections }) => detections.map(csvCells))
    case 'jsonl':
      return linesWriter()
    case 'coco':
      return cocoWriter()
  }
}

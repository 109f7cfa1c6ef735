import type { Classification, ClassifyResponse } from '../client/client.js'
import {
  csvWriter,
  linesWriter,
  type ResultWriter,
  scoreRows,
  tableWriter,
} from './result-writer.js'
import type { TerminalStyle } from './terminal-style.js'

/** How classes are written. */
export const CLASSIFY_FORMATS = ['table', 'jsonl', 'csv'] as const
export type ClassifyFormat = (typeof CLASSIFY_FORMATS)[number]

function csvCells({ label, class_id, score }: Classification): (string | number)[] {
  return [label ?? '', class_id ?? '', score]
}

/** Chooses the writer of a format; `style` dresses the table. */
export function classifyWriter(
  format: ClassifyFormat,
  style: TerminalStyle,
): ResultWriter<ClassifyResponse> {
  switch (format) {
    case 'table':
      return tableWriter(style, ({ classifications }) =>
        scoreRows(classifications, style, () => ''),
      )
    case 'csv':
      return csvWriter(['label', 'class_id', 'score'], ({ classifications }) =>
        classifications.map(csvCells),
      )
    case 'jsonl':
      return linesWriter()
  }
}

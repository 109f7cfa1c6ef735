import { TextSyntaxError } from './text-syntax-error.js'

/** One row of a CSV file and the 1-based line that it begins on. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly line: number
}

const CELL = {
  ',': /[^,\r\n]*/y,
  ';': /[^;\r\n]*/y,
  '\t': /[^\t\r\n]*/y,
} as const
type Delimiter = keyof typeof CELL

const BLANK = / */y
const LINE_END = /(?:\r\n|\n|\r)?/y

/** A first line without a comma is cut at semicolons or tabs, which spreadsheets write in many countries. */
function detectDelimiter(text: string): Delimiter {
  const [first = ''] = text.split(/[\r\n]/, 1)
  if (first.includes(',')) return ','
  if (first.includes(';')) return ';'
  return first.includes('\t') ? '\t' : ','
}

/** What the pattern matches at the offset; every pattern here matches the empty string at least. */
function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ''
}

interface Cell {
  readonly cell: string
  /** Offset behind the cell. */
  readonly end: number
}

/** Reads on from the opening quote; `null` when there is no closing one. */
function readQuoted(text: string, opening: number): Cell | null {
  let closing = text.indexOf('"', opening + 1)
  while (closing >= 0 && text[closing + 1] === '"') closing = text.indexOf('"', closing + 2)
  if (closing < 0) return null
  const cell = text.slice(opening + 1, closing).replaceAll('""', '"')
  return { cell, end: closing + 1 + matchAt(BLANK, text, closing + 1).length }
}

function readCell(text: string, offset: number, delimiter: Delimiter): Cell | null {
  const opening = offset + matchAt(BLANK, text, offset).length
  if (text[opening] === '"') return readQuoted(text, opening)
  const cell = matchAt(CELL[delimiter], text, offset)
  return { cell, end: offset + cell.length }
}

function countLines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}

/**
 * Parses comma separated values as RFC 4180 has them: quoted cells hold commas, line breaks and doubled quotes. Lines
 * end in LF, CRLF or CR, blank lines are skipped, and a byte order mark in front falls away. Throws
 * {@link TextSyntaxError} for a quote that is not closed or is followed by more text.
 */
export function parseCsvRows(source: string): CsvRow[] {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const delimiter = detectDelimiter(text)
  const rows: CsvRow[] = []
  let line = 1
  let cells: string[] = []
  for (let start = 0, offset = 0; offset < text.length || cells.length > 0; ) {
    const read = readCell(text, offset, delimiter)
    if (read === null) throw new TextSyntaxError(line, 1, 'a quote is not closed')
    cells.push(read.cell)
    offset = read.end
    if (text.startsWith(delimiter, offset)) {
      offset += 1
      continue
    }
    const end = matchAt(LINE_END, text, offset)
    if (end === '' && offset < text.length) {
      throw new TextSyntaxError(line, 1, 'text follows a closing quote')
    }
    offset += end.length
    if (cells.length > 1 || read.cell.trim() !== '') rows.push({ cells, line })
    line += countLines(text.slice(start, offset))
    cells = []
    start = offset
  }
  return rows
}

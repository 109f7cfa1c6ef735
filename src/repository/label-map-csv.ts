import { type CsvRow, parseCsvRows } from './csv-rows.js'
import { type LabelEntry, parseClassId } from './label-entry.js'
import { TextSyntaxError } from './text-syntax-error.js'

const ID_COLUMNS = ['id', 'class_id', 'label_id', 'index']
const NAME_COLUMNS = ['display_name', 'name', 'label', 'class_name', 'class']

interface Columns {
  readonly id: number
  readonly name: number
  /** Cells that every row must have. */
  readonly count: number
}

function findColumn(header: readonly string[], names: readonly string[]): number {
  return names.map((name) => header.indexOf(name)).find((at) => at >= 0) ?? -1
}

function readHeader({ cells, line }: CsvRow): Columns {
  const header = cells.map((cell) => cell.trim().toLowerCase().replace(/[ -]/g, '_'))
  const id = findColumn(header, ID_COLUMNS)
  const name = findColumn(header, NAME_COLUMNS)
  if (id >= 0 && name >= 0) return { id, name, count: cells.length }
  const [missing, known] = id < 0 ? ['id', ID_COLUMNS] : ['name', NAME_COLUMNS]
  const reason = `begins with no class id, and as a header it has no ${missing} column (${known.join(', ')})`
  throw new TextSyntaxError(line, 1, reason)
}

function toEntry({ cells, line }: CsvRow, columns: Columns): LabelEntry {
  if (cells.length !== columns.count) {
    const hint = cells.length > columns.count ? '; a name with a comma stands in double quotes' : ''
    const reason = `expected ${columns.count} cells, found ${cells.length}${hint}`
    throw new TextSyntaxError(line, 1, reason)
  }
  const id = parseClassId(cells[columns.id]?.trim() ?? '')
  if (id === undefined) {
    throw new TextSyntaxError(line, 1, `"${cells[columns.id]}" is not a class id`)
  }
  return { id, name: cells[columns.name] ?? '', line }
}

/**
 * Reads `id,name` rows (RFC 4180 quoting), or rows under a header that names an id column and a name column
 * (`display_name` before `name`); other columns are skipped. Throws `TextSyntaxError` with the line.
 */
export function parseCsvLabels(text: string): LabelEntry[] {
  const rows = parseCsvRows(text)
  const [first] = rows
  if (first === undefined) return []
  if (parseClassId(first.cells[0]?.trim() ?? '') !== undefined) {
    return rows.map((row) => toEntry(row, { id: 0, name: 1, count: 2 }))
  }
  const columns = readHeader(first)
  return rows.slice(1).map((row) => toEntry(row, columns))
}

import { type FirstId, type LabelEntry, parseClassId, positionalEntries } from './label-entry.js'

const NUMBERED = /^([0-9]+)(?:[ \t]*[:,][ \t]*|[ \t]+)(\S.*)$/

function numberedEntries(lines: readonly string[]): LabelEntry[] | undefined {
  const entries: LabelEntry[] = []
  for (const [at, line] of lines.entries()) {
    if (line === '') continue
    const match = NUMBERED.exec(line)
    const id = parseClassId(match?.[1] ?? '')
    if (id === undefined) return undefined
    entries.push({ id, name: match?.[2] ?? '', line: at + 1 })
  }
  return entries
}

/**
 * Reads a list of names, one a line. When every line begins with a number (`1 person`, `1: person`, `1, person`) that
 * is the id; otherwise the first line is class `first`, and blank lines count (see `positionalEntries` for lists that begin
 * with a background class).
 */
export function parseTxtLabels(text: string, _file: string, first: FirstId): LabelEntry[] {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim())
  const numbered = numberedEntries(lines)
  if (numbered !== undefined) return numbered
  return positionalEntries(lines, first)
}

interface Entry {
  readonly text: string
  /** Where the text after the entry begins. */
  readonly end: number
}

/**
 * Splits a comma separated list with CSV quoting: `"Salt, pepper",dog` is two entries, and `""` inside quotes is a
 * quote. Text may follow a closing quote (`"a,b":0.6` is the entry `a,b:0.6`). Blanks around entries are dropped and so
 * are empty entries; a quote inside an unquoted entry is a letter.
 *
 * Returns `undefined` when a quote is never closed.
 */
export function parseCsvList(text: string): string[] | undefined {
  const entries: string[] = []
  for (let at = 0; at <= text.length; ) {
    const entry = readEntry(text, at)
    if (entry === undefined) return undefined
    if (entry.text !== '') entries.push(entry.text)
    at = entry.end + 1
  }
  return entries
}

function readEntry(text: string, from: number): Entry | undefined {
  let start = from
  while (text[start] === ' ' || text[start] === '\t') start++
  if (text[start] !== '"') {
    const end = endOfEntry(text, start)
    return { text: text.slice(start, end).trim(), end }
  }
  const quoted = readQuoted(text, start + 1)
  if (quoted === undefined) return undefined
  const end = endOfEntry(text, quoted.end)
  return { text: quoted.text + text.slice(quoted.end, end).trim(), end }
}

function readQuoted(text: string, from: number): Entry | undefined {
  let content = ''
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at)
    if (quote === -1) return undefined
    content += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { text: content, end: quote + 1 }
    content += '"'
    at = quote + 2
  }
}

function endOfEntry(text: string, from: number): number {
  const comma = text.indexOf(',', from)
  return comma === -1 ? text.length : comma
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Columns that text for people takes. */
const WIDTH = 96

/** How often a progress line is drawn again, in milliseconds. */
const REDRAW_MS = 100

/** Words a number of bytes for people, in powers of 1000: `18.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}

/** Words a time for people: `85 ms`, `1.2 s`, `3 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Words a shape: `[?, ?, ?, 3]`, or `[...]` where the rank is not known. */
export function formatShape(shape: readonly number[] | null): string {
  if (shape === null) return '[...]'
  return `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`
}

/** A cell that holds nothing but a number, with or without a unit. */
const NUMBER = /^[\d.,]+( ([kMGT]?B|ms|s))?$/

/** Lays rows out in columns, two spaces apart, each line indented; a column of nothing but numbers stands to the right. */
export function formatTable(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const columns = Math.max(0, ...rows.map(({ length }) => length))
  const layout = Array.from({ length: columns }, (_, column) => {
    const cells = rows.map((row) => row[column] ?? '')
    const width = Math.max(...cells.map(({ length }) => length))
    return { width, right: cells.every((cell) => NUMBER.test(cell)) }
  })
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const { width, right } = layout[column]!
      return right ? cell.padStart(width) : cell.padEnd(width)
    })
    return `${indent}${cells.join('  ')}`.trimEnd()
  })
}

/** Breaks text into lines of at most 96 columns where it has words; the first begins with `first`, the others with `rest`. */
export function wrapText(text: string, first = '', rest = ' '.repeat(first.length)): string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = rest
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}

/** One line on a terminal that tells how far work is; nothing at all where the output is no terminal. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream
  readonly #now: () => number
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDrawn = false

  /** `now` tells the time in milliseconds. */
  constructor(stream: NodeJS.WriteStream = process.stderr, now: () => number = Date.now) {
    this.#stream = stream
    this.#now = now
  }

  /** Shows what is done, how many bytes of how many. */
  show(action: string, done: number, total: number | undefined): void {
    const isLast = done === total
    if (!this.#stream.isTTY || (this.#now() - this.#drawnAt < REDRAW_MS && !isLast)) return
    this.#drawnAt = this.#now()
    this.#isDrawn = true
    const share = total ? ` ${Math.floor((done / total) * 100)} %` : ''
    const size =
      total === undefined ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`
    this.#stream.write(`\r\u001b[K${action}${share}  ${size}`)
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K')
    this.#isDrawn = false
  }
}

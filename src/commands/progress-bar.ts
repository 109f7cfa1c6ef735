import { hasColours, TerminalStyle } from './terminal-style.js'

const BAR_WIDTH = 28
const REDRAW_MS = 100

/** Rate and time left are those of this long, so that a start that was slow is forgotten. */
const WINDOW_MS = 15_000

/** A guess at the time left needs some to go by: so many done, in so many milliseconds. */
const GUESS_AFTER = { done: 3, ms: 2000 }

/** Words a time left in whole seconds, minutes and hours: `8 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatTimeLeft(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A bar on a terminal with rate and time left; nothing at all where the output is no terminal. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream
  readonly #now: () => number
  readonly #style: TerminalStyle
  readonly #total: number
  readonly #samples: { at: number; done: number }[]
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDrawn = false
  #line = ''

  /** `total` is how many there are to do; `now` tells the time in milliseconds. */
  constructor(
    total: number,
    stream: NodeJS.WriteStream = process.stderr,
    now: () => number = Date.now,
  ) {
    this.#total = total
    this.#stream = stream
    this.#now = now
    this.#style = new TerminalStyle(hasColours(stream))
    this.#samples = [{ at: now(), done: 0 }]
  }

  /** Shows how many are done, and how many of those failed. */
  show(done: number, failed: number): void {
    const now = this.#now()
    this.#samples.push({ at: now, done })
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > WINDOW_MS) this.#samples.shift()
    if (!this.#stream.isTTY) return
    // Written even where it is not drawn now: `around` brings the bar back as things stand.
    this.#line = this.#describe(done, failed)
    if (now - this.#drawnAt < REDRAW_MS) return
    this.#drawnAt = now
    this.#draw()
  }

  /** Takes the bar away, does the work, and brings it back: for what goes to the same terminal. */
  async around(work: () => Promise<void>): Promise<void> {
    const wasDrawn = this.#isDrawn
    this.clear()
    await work()
    if (wasDrawn) this.#draw()
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K')
    this.#isDrawn = false
  }

  #draw(): void {
    this.#stream.write(`\r\u001b[K${this.#line}`)
    this.#isDrawn = true
  }

  #describe(done: number, failed: number): string {
    const share = this.#total === 0 ? 1 : done / this.#total
    const filled = Math.round(share * BAR_WIDTH)
    const style = this.#style
    const bar =
      style.green('━'.repeat(filled)) + style.dim('─'.repeat(Math.max(0, BAR_WIDTH - filled)))
    const first = this.#samples[0]!
    const last = this.#samples.at(-1)!
    const perMs = (last.done - first.done) / Math.max(1, last.at - first.at)
    const isKnown = last.done >= GUESS_AFTER.done && last.at - first.at >= GUESS_AFTER.ms
    const words = [
      `${String(Math.floor(share * 100)).padStart(3)} %`,
      `${done} of ${this.#total}`,
      ...(isKnown ? [`${(perMs * 1000).toFixed(1)} a second`] : []),
      ...(isKnown && perMs > 0 && done < this.#total
        ? [`${formatTimeLeft((this.#total - done) / perMs)} left`]
        : []),
    ]
    const columns = this.#stream.columns || 80
    const misses = failed > 0 ? `${failed} failed` : ''
    const plain = [...words, misses].filter((word) => word !== '').join('  ')
    // A line that wraps could not be taken away again.
    if (plain.length + BAR_WIDTH + 2 >= columns) return plain.slice(0, Math.max(0, columns - 1))
    return `${bar} ${words.join('  ')}${misses && `  ${style.red(misses)}`}`
  }
}

/** Time in which a change counts for two thirds, in milliseconds: longer than a burst, shorter than a new pod takes to help. */
const WINDOW_MS = 30_000

/**
 * The share of places that was taken over the last half minute, 0 to 1, the latest counting most. A gauge that is read
 * twice a minute would tell of a moment only, and places are taken for milliseconds.
 */
export class LoadMeter {
  readonly #places: number
  readonly #now: () => number
  #taken = 0
  #mean = 0
  #at: number

  /** `now` tells the time in milliseconds. */
  constructor(places: number, now = () => performance.now()) {
    this.#places = places
    this.#now = now
    this.#at = now()
  }

  /** Says how many places are taken from now on. */
  change(taken: number): void {
    this.#settle()
    this.#taken = taken
  }

  get load(): number {
    this.#settle()
    return this.#mean / this.#places
  }

  #settle(): void {
    const now = this.#now()
    const keep = Math.exp((this.#at - now) / WINDOW_MS)
    this.#mean = this.#mean * keep + this.#taken * (1 - keep)
    this.#at = now
  }
}

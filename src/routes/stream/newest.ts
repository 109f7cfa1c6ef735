export interface NewestOptions<T> {
  /** Works on one item; never rejects. */
  readonly work: (item: T) => Promise<void>
  /** Told of an item that nobody will work on. */
  readonly onDrop: (item: T) => void
}

/** One item in work and one that waits: the newest. An older one that waits gives way to it. */
export class Newest<T> {
  readonly #options: NewestOptions<T>
  #waiting: T | undefined
  #working = false
  #paused = false
  #ended: (() => void) | undefined

  constructor(options: NewestOptions<T>) {
    this.#options = options
  }

  /** Takes an item, to be worked on unless a newer one comes before its turn. After `end` it is dropped. */
  offer(item: T): void {
    if (this.#ended !== undefined) {
      this.#options.onDrop(item)
      return
    }
    if (this.#waiting !== undefined) this.#options.onDrop(this.#waiting)
    this.#waiting = item
    void this.#run()
  }

  /** Begins nothing new until `resume`. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    void this.#run()
  }

  /** Drops what waits and takes nothing more; `done` is called once nothing is in work any more. */
  end(done: () => void): void {
    if (this.#ended !== undefined) return
    this.#ended = done
    if (this.#waiting !== undefined) this.#options.onDrop(this.#waiting)
    this.#waiting = undefined
    if (!this.#working) done()
  }

  async #run(): Promise<void> {
    if (this.#working || this.#waiting === undefined || this.#paused) return
    this.#working = true
    while (this.#waiting !== undefined && !this.#paused) {
      const item = this.#waiting
      this.#waiting = undefined
      await this.#options.work(item)
    }
    this.#working = false
    this.#ended?.()
  }
}

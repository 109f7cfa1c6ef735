/** How much of what is known each departure replaces. */
const FRESH = 0.1
/** Departures before anything is said: the first of those that started together seem to come slowly. */
const ENOUGH = 16

/**
 * Measures how many milliseconds pass from one departure to the next while all places are taken: how fast a queue moves.
 * While some are free, departures are as rare as arrivals; then they count only where they show that it moves faster.
 */
export class Pace {
  #ms = 0
  #weight = 0
  #departures = 0
  #since = 0

  /** Milliseconds from one departure to the next; 0 until enough have been seen. */
  get ms(): number {
    return this.#departures < ENOUGH ? 0 : this.#ms / this.#weight
  }

  /** The last free place has been taken. */
  filled(now = performance.now()): void {
    this.#since = now
  }

  /** A request has left its place; `busy` tells whether all places were taken until then. */
  departed(busy: boolean, now = performance.now()): void {
    const passed = now - this.#since
    this.#since = now
    if (!busy && passed >= this.ms) return
    this.#departures += 1
    this.#ms = this.#ms * (1 - FRESH) + passed
    this.#weight = this.#weight * (1 - FRESH) + 1
  }
}

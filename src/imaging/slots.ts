import { GatewayError } from '../errors.js'
import { orAborted } from '../or-aborted.js'

export interface SlotsOptions {
  /** How many images may be decoded or encoded at once. */
  readonly slots: number
  /** How many places there are for work that waits. */
  readonly queue: number
}

interface Waiter {
  readonly start: () => void
}

/**
 * A semaphore with a bounded queue: `slots` images are in work, `queue` places wait, one more is refused at once.
 * Work takes a place first (`enter`), then runs its steps through the slots (`run`), so that a batch counts as one.
 */
export class Slots {
  readonly #slots: number
  readonly #places: number
  readonly #waiting: Waiter[] = []
  #busy = 0
  #entered = 0

  constructor({ slots, queue }: SlotsOptions) {
    this.#slots = slots
    this.#places = slots + queue
  }

  /** Slots in use now. */
  get busy(): number {
    return this.#busy
  }

  /** Requests that hold a place: in work or waiting. */
  get entered(): number {
    return this.#entered
  }

  /** Steps that wait for a slot now. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Takes a place for one request, or throws `queue_full` (429). Call the returned function once, when it has ended. */
  enter(): () => void {
    if (this.#entered >= this.#places) {
      throw new GatewayError(
        'queue_full',
        `All ${this.#places} places for requests in work and waiting are taken; try again later, or raise SLOTS or QUEUE_LENGTH`,
      )
    }
    this.#entered += 1
    let left = false
    return () => {
      if (left) return
      left = true
      this.#entered -= 1
    }
  }

  /**
   * Runs one step in a slot, first come first served. Gives up with the signal's reason when it aborts, be it while the
   * step waits or while it runs: a decoder cannot be stopped, so its slot is taken until it ends.
   */
  async run<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#acquire(signal)
    return orAborted(this.#occupy(step), signal)
  }

  async #occupy<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step()
    } finally {
      this.#release()
    }
  }

  #acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#busy < this.#slots) {
      this.#busy += 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(signal.reason)
      }
      this.#waiting.push(waiter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Hands the slot to the next in line, so that nobody can slip in between. */
  #release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy -= 1
    else next.start()
  }
}

import { toDelay } from './delay.js'

interface Waiter {
  readonly enter: () => void
}

/** Why a call that waits at a gate gives up. */
export interface WaitLimit {
  /** Epoch milliseconds after which waiting is pointless. */
  readonly deadline: number
  readonly signal?: AbortSignal | undefined
  /** Makes the error of a wait that outlived its deadline. */
  readonly onDeadline: () => Error
}

/**
 * Bounds the calls that are in flight at once; the others wait in order of arrival. TensorFlow Serving has four
 * threads a CPU and no queue, so that a call too many is refused: the queue stands here instead.
 */
export class CallGate {
  #limit: number
  #inFlight = 0
  readonly #waiters = new Set<Waiter>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get waiting(): number {
    return this.#waiters.size
  }

  get limit(): number {
    return this.#limit
  }

  /** Sets the bound, at least 1; calls beyond a lowered bound end as they would. */
  set limit(limit: number) {
    this.#limit = Math.max(1, limit)
    this.#admit()
  }

  /** Runs `call` as soon as there is room; rejects with `signal.reason` or `onDeadline()` when it comes too late. */
  async run<T>(call: () => Promise<T>, limit: WaitLimit): Promise<T> {
    await this.#enter(limit)
    try {
      return await call()
    } finally {
      this.#inFlight--
      this.#admit()
    }
  }

  #enter(limit: WaitLimit): Promise<void> {
    limit.signal?.throwIfAborted()
    if (this.#inFlight < this.#limit) {
      this.#inFlight++
      return Promise.resolve()
    }
    return this.#wait(limit)
  }

  #wait({ deadline, signal, onDeadline }: WaitLimit): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter = {
        enter: () => {
          leave()
          resolve()
        },
      }
      const onAbort = () => {
        leave()
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        leave()
        reject(onDeadline())
      }, toDelay(deadline))
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiters.add(waiter)
    })
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (this.#inFlight >= this.#limit) return
      this.#inFlight++
      waiter.enter()
    }
  }
}

import { GatewayError } from '../errors.js'
import { FairQueue } from '../fair-queue.js'
import { Pace } from './pace.js'

export interface RequestQueueOptions {
  /** How many requests may be in work at once; asked each time, because replicas come and go. */
  readonly inWork: () => number
  /** How many may wait. */
  readonly length: number
}

/** A request that wants to be worked on. */
export interface Entrant {
  readonly client: string
  /** Ends the wait with its reason: the client has left, or the deadline has passed. */
  readonly signal: AbortSignal
  /** Milliseconds until the deadline. */
  readonly remainingMs: number
}

interface Waiter {
  readonly enter: () => void
  readonly evict: () => void
}

/** A `retry-after` beyond this is a guess. */
const MAX_RETRY_SECONDS = 60

/**
 * The bounded queue before all work. Clients take turns, whatever each of them has in line. Where the queue is full, the
 * client who has most in it gives up its newest place to one who has less; only then is the newcomer refused. A request
 * that would wait beyond its deadline, by the measured pace of those before it, is refused at once.
 */
export class RequestQueue {
  readonly #options: RequestQueueOptions
  readonly #waiting = new FairQueue<Waiter>()
  readonly #pace = new Pace()
  #working = 0

  constructor(options: RequestQueueOptions) {
    this.#options = options
  }

  /** Requests in work or waiting. */
  get entered(): number {
    return this.#working + this.#waiting.size
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Seconds after which what is in work and waiting now should be done, 1 to 60; 1 while nothing is known. */
  get retryAfterSeconds(): number {
    return toRetrySeconds(this.entered * this.#pace.ms)
  }

  /** Throws `queue_full` (429) where `enter` would for want of a place: to be asked before a body is read. */
  refuseIfFull(client: string): void {
    if (this.#hasPlace() || this.#waiting.size < this.#options.length) return
    const own = this.#waiting.countOf(client)
    for (const [, count] of this.#waiting.counts()) if (count > own + 1) return
    throw this.#full()
  }

  /**
   * Waits for the turn of a request. Call the result once, when its work has ended. Throws `queue_full` (429) or the
   * signal's reason.
   */
  async enter(entrant: Entrant): Promise<() => void> {
    entrant.signal.throwIfAborted()
    if (this.#hasPlace()) this.#start()
    else await this.#wait(entrant)
    let left = false
    return () => {
      if (left) return
      left = true
      this.#pace.departed(this.#isBusy())
      this.#working -= 1
      this.#admit()
    }
  }

  #isBusy(): boolean {
    return this.#working >= this.#options.inWork()
  }

  #hasPlace(): boolean {
    return this.#waiting.size === 0 && !this.#isBusy()
  }

  #start(): void {
    this.#working += 1
    if (this.#isBusy()) this.#pace.filled()
  }

  async #wait(entrant: Entrant): Promise<void> {
    const { client, remainingMs } = entrant
    const expectedMs = this.#turnsBefore(client) * this.#pace.ms
    if (expectedMs > remainingMs) throw tooLate(expectedMs, remainingMs)
    if (this.#waiting.size >= this.#options.length) {
      const evicted = this.#waiting.takeFromLongest(this.#waiting.countOf(client) + 1)
      if (evicted === undefined) throw this.#full()
      evicted.evict()
    }
    await this.#line(entrant)
  }

  /** Turns until a newcomer's own: as many of each client as it has in line itself. */
  #turnsBefore(client: string): number {
    const own = this.#waiting.countOf(client) + 1
    let turns = 0
    for (const [other, count] of this.#waiting.counts()) {
      turns += other === client ? count : Math.min(count, own)
    }
    return turns + 1
  }

  #line({ client, signal }: Entrant): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        signal.removeEventListener('abort', leave)
        act()
      }
      const waiter: Waiter = {
        enter: () => settle(resolve),
        evict: () => settle(() => reject(this.#full())),
      }
      const leave = () => {
        this.#waiting.remove(client, waiter)
        reject(signal.reason)
      }
      this.#waiting.add(client, waiter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  #admit(): void {
    while (!this.#isBusy()) {
      const next = this.#waiting.take()
      if (next === undefined) return
      this.#start()
      next.enter()
    }
  }

  #full(): GatewayError {
    return new GatewayError(
      'queue_full',
      `All ${this.#options.length} places for waiting requests are taken (QUEUE_LENGTH); try again later`,
      { retryAfterSeconds: this.retryAfterSeconds },
    )
  }
}

function toRetrySeconds(ms: number): number {
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(ms / 1000)))
}

function tooLate(expectedMs: number, remainingMs: number): GatewayError {
  return new GatewayError(
    'queue_full',
    `The request would wait about ${Math.round(expectedMs)} ms for its turn and has ${Math.round(remainingMs)} ms (timeout_ms, at most REQUEST_TIMEOUT_MS); try again later`,
    { retryAfterSeconds: toRetrySeconds(expectedMs - remainingMs) },
  )
}

import { GatewayError } from '../errors.js'

/** What is known of a model's readiness: ready, or why not. */
export interface Readiness {
  readonly ready: boolean
  readonly reason: string | null
}

export interface ReadinessOptions {
  /** Model that decides. */
  readonly model: string
  /** Asks whether the model is AVAILABLE; throws a GatewayError that says why not. */
  readonly check: () => Promise<void>
  /** Runs one made-up image through the model, so that no client waits for a cold one. */
  readonly warmUp: () => Promise<void>
  /** Milliseconds the server may be away before a ready gateway turns unready. */
  readonly graceMs: number
  /** Told of each change, for the log. */
  readonly onChange: (readiness: Readiness) => void
}

/** How often is asked, in milliseconds: quickly until ready, then seldom. */
const STARTING_INTERVAL_MS = 250
const READY_INTERVAL_MS = 2_000

/**
 * Watches the default model: ready once it has been AVAILABLE and warmed up; unready again only when the model server
 * has been away longer than the grace, or for good from `drain` or `close` on. A later version that is loading changes
 * nothing.
 */
export class ReadinessMonitor {
  readonly #options: ReadinessOptions
  #readiness: Readiness = { ready: false, reason: 'the gateway is starting' }
  #warm = false
  #lastGood = 0
  #timer: NodeJS.Timeout | undefined
  #draining = false
  #closed = false

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  get model(): string {
    return this.#options.model
  }

  get readiness(): Readiness {
    return this.#readiness
  }

  /** Whether the process has been told to end: requests should be sent elsewhere. */
  get draining(): boolean {
    return this.#draining
  }

  /** Whether the process is about to end: requests that come now are refused. */
  get closed(): boolean {
    return this.#closed
  }

  /** Begins to watch. */
  start(): void {
    void this.#tick()
  }

  /** Turns unready for good: the process has been told to end, and still takes requests. */
  drain(): void {
    clearTimeout(this.#timer)
    this.#set({ ready: false, reason: 'the gateway is shutting down' })
    this.#draining = true
  }

  /** Drains, and has requests refused. */
  close(): void {
    this.drain()
    this.#closed = true
  }

  async #tick(): Promise<void> {
    try {
      await this.#options.check()
      if (!this.#warm) await this.#options.warmUp()
      this.#warm = true
      this.#lastGood = Date.now()
      this.#set({ ready: true, reason: null })
    } catch (error) {
      const away = Date.now() - this.#lastGood
      if (!this.#warm || away > this.#options.graceMs) {
        this.#set({ ready: false, reason: explain(error) })
      }
    }
    if (this.#draining) return
    const interval = this.#readiness.ready ? READY_INTERVAL_MS : STARTING_INTERVAL_MS
    this.#timer = setTimeout(() => void this.#tick(), interval)
  }

  #set(readiness: Readiness): void {
    const { ready, reason } = this.#readiness
    // A question that was still open at the end has no say.
    if (this.#draining || (readiness.ready === ready && readiness.reason === reason)) return
    this.#readiness = readiness
    this.#options.onChange(readiness)
  }
}

/** Only named errors speak; anything else could hold what a probe's reader should not see. */
function explain(error: unknown): string {
  return error instanceof GatewayError ? error.message : 'the model failed in an unexpected way'
}

import { GatewayProblem } from './gateway-problem.js'

/** Aborts a request when its caller says so, or when nothing has come for a while. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #timeoutMs: number
  readonly #caller: AbortSignal | undefined
  readonly #onAbort = () => this.#controller.abort(this.#caller?.reason)
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `timeoutMs` may be Infinity. */
  constructor(timeoutMs: number, caller: AbortSignal | undefined) {
    this.#timeoutMs = timeoutMs
    this.#caller = caller
    if (caller?.aborted) this.#onAbort()
    caller?.addEventListener('abort', this.#onAbort, { once: true })
    this.restart()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Stops the time until `restart`. */
  pause(): void {
    clearTimeout(this.#timer)
  }

  /** Gives the time anew, because something has come. */
  restart(): void {
    this.pause()
    if (!Number.isFinite(this.#timeoutMs)) return
    this.#timer = setTimeout(() => {
      const message = `The gateway has not answered within ${this.#timeoutMs} ms`
      this.#controller.abort(new GatewayProblem(message, { code: 'timeout' }))
    }, this.#timeoutMs)
  }

  /** Words what broke off: the caller's reason or the timeout where they were it, else a lost connection. */
  explain(error: unknown): unknown {
    if (this.signal.aborted) return this.signal.reason
    if (error instanceof GatewayProblem || !(error instanceof Error)) return error
    const { cause } = error
    const because = cause instanceof Error && cause.message !== '' ? cause.message : error.message
    return new GatewayProblem(`The gateway cannot be reached: ${because}`, {
      code: 'connection_failed',
      cause: error,
    })
  }

  close(): void {
    this.pause()
    this.#caller?.removeEventListener('abort', this.#onAbort)
  }
}

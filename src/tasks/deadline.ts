import { setMaxListeners } from 'node:events'
import { GatewayError } from '../errors.js'

/** When the work of one request must have ended, and the signal that ends it: at that time or when its client leaves. */
export interface Deadline {
  /** Epoch milliseconds. */
  readonly at: number
  readonly signal: AbortSignal
  /** Milliseconds that are left, 0 when none. */
  remaining(): number
  /** Stops the timer, and hears of the client no more; call it when the work has ended. */
  clear(): void
}

/** Starts the clock of one request. The signal aborts with `deadline_exceeded` (504) or with the reason of `cancelled`. */
export function startDeadline(timeoutMs: number, cancelled: AbortSignal): Deadline {
  const controller = new AbortController()
  const at = Date.now() + timeoutMs
  const timer = setTimeout(() => {
    controller.abort(
      new GatewayError(
        'deadline_exceeded',
        `The request was not answered within ${timeoutMs} ms (timeout_ms, at most REQUEST_TIMEOUT_MS)`,
      ),
    )
  }, timeoutMs)
  const { signal } = controller
  const leave = () => controller.abort(cancelled.reason)
  // Not by AbortSignal.any: of each frame of a stream it would leave some bytes on the signal that they share (Node 20, 22).
  if (cancelled.aborted) leave()
  else cancelled.addEventListener('abort', leave, { once: true })
  // The images of a batch all listen to it; Node would warn of a leak at the eleventh.
  setMaxListeners(0, signal)
  return {
    at,
    signal,
    remaining: () => Math.max(0, at - Date.now()),
    clear: () => {
      clearTimeout(timer)
      cancelled.removeEventListener('abort', leave)
    },
  }
}

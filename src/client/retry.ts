import { GatewayProblem } from './gateway-problem.js'

/** How often and how long a busy gateway is asked again. */
export interface RetryOptions {
  /** Further attempts after a 429 or 503; 0 turns them off. */
  readonly retries: number
  /** Longest wait for one of them, in milliseconds; a gateway that asks for more is not waited for. */
  readonly maxRetryDelayMs: number
}

const FIRST_DELAY_MS = 250

/** Waits are longer by up to this share, so that clients which were refused together do not come back together. */
const JITTER = 0.25

/**
 * The wait before a further attempt in milliseconds: what `retry-after` asks for, else twice as long each time; never
 * shorter. `undefined` where trying again makes no sense. `attempt` counts from 0, `random` is 0 to 1.
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  { retries, maxRetryDelayMs }: RetryOptions,
  random = Math.random(),
): number | undefined {
  if (!(error instanceof GatewayProblem) || attempt >= retries) return undefined
  if (error.status !== 429 && error.status !== 503) return undefined
  const asked = error.retryAfterSeconds
  const delay = asked === undefined ? FIRST_DELAY_MS * 2 ** attempt : asked * 1000
  if (asked !== undefined && delay > maxRetryDelayMs) return undefined
  return Math.min(delay, maxRetryDelayMs) * (1 + JITTER * random)
}

/** Waits; rejects with the signal's reason when that is aborted. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

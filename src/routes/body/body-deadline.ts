import { GatewayError } from '../../errors.js'

/**
 * Gives `read` a signal that aborts with `request_timeout` when the body has not been read in time, or with the reason of
 * `refused` when that comes first.
 */
export async function beforeDeadline<T>(
  timeoutMs: number,
  read: (signal: AbortSignal) => Promise<T>,
  refused?: AbortSignal,
): Promise<T> {
  const controller = new AbortController()
  const refuse = () => controller.abort(refused?.reason)
  if (refused?.aborted) refuse()
  refused?.addEventListener('abort', refuse)
  const timer = setTimeout(() => {
    const detail = `The body did not arrive within ${timeoutMs} ms (BODY_TIMEOUT_MS)`
    controller.abort(new GatewayError('request_timeout', detail))
  }, timeoutMs)
  try {
    return await read(controller.signal)
  } finally {
    clearTimeout(timer)
    refused?.removeEventListener('abort', refuse)
  }
}

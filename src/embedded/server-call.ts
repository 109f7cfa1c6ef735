import type { handleUnaryCall, ServerUnaryCall } from '@grpc/grpc-js'
import { status } from '@grpc/grpc-js'
import { StatusError, toServiceError } from './status-error.js'

/** Milliseconds before the deadline at which a call is given up, so that its status still reaches the caller. */
const DEADLINE_MARGIN_MS = 2

/** A call as its handler sees it. */
export interface ServerCall<Q> {
  /** The method's name in the service definition: `Predict`. */
  readonly method: string
  readonly request: Q
  /** Text metadata by lower-case key; the last value where there are several. */
  readonly metadata: Readonly<Record<string, string>>
  /** Epoch milliseconds; Infinity where the caller set none. */
  readonly deadline: number
  /** Aborts when the deadline has passed or the caller has left. */
  readonly signal: AbortSignal
}

/** Makes a gRPC handler of a function that answers or throws, and ends the call at its deadline whatever it does. */
export function unary<Q, R>(
  method: string,
  handle: (call: ServerCall<Q>) => R | Promise<R>,
): handleUnaryCall<Q, R> {
  return (call, callback) => {
    const deadline = Number(call.getDeadline())
    const controller = new AbortController()
    const timer = setDeadline(deadline, controller)
    call.on('cancelled', () => {
      controller.abort(new StatusError(status.CANCELLED, 'The call was cancelled'))
    })
    const { signal } = controller
    const { request } = call
    const answer = async () => handle({ method, request, metadata: textOf(call), deadline, signal })
    Promise.race([answer(), rejectionOf(signal)])
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      )
      .finally(() => clearTimeout(timer))
  }
}

function setDeadline(deadline: number, controller: AbortController): NodeJS.Timeout | undefined {
  // Longer delays than 2^31 ms would fire at once.
  const delay = deadline - Date.now() - DEADLINE_MARGIN_MS
  if (delay > 2 ** 31 - 1) return undefined
  return setTimeout(() => {
    controller.abort(
      new StatusError(status.DEADLINE_EXCEEDED, 'Timed out waiting for notification'),
    )
  }, delay)
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function textOf(call: ServerUnaryCall<unknown, unknown>): Record<string, string> {
  const entries = Object.entries(call.metadata.getMap())
  return Object.fromEntries(entries.map(([key, value]) => [key, value.toString()]))
}

import type { ServiceError } from '@grpc/grpc-js'
import { Metadata, status } from '@grpc/grpc-js'

/** TensorFlow Serving cuts longer error texts here (grpc_status_util.cc). */
const MAX_DETAILS_BYTES = 1024

/** A call's failure as the client sees it: a gRPC status code and its text. */
export class StatusError extends Error {
  readonly code: status

  constructor(code: status, details: string) {
    super(details)
    this.name = 'StatusError'
    this.code = code
  }
}

/** An INVALID_ARGUMENT, the status of most refusals. */
export function invalidArgument(details: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, details)
}

/** Turns what a handler threw into the answer: INTERNAL unless it is a StatusError, text cut as TensorFlow Serving does. */
export function toServiceError(error: unknown): ServiceError {
  const code = error instanceof StatusError ? error.code : status.INTERNAL
  const details = truncated(error instanceof Error ? error.message : String(error))
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() })
}

function truncated(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MAX_DETAILS_BYTES) return text
  // Streaming leaves a character out that the cut went through.
  const head = new TextDecoder().decode(bytes.subarray(0, MAX_DETAILS_BYTES), { stream: true })
  return `${head}...TRUNCATED`
}

import { type ServiceError, status } from '@grpc/grpc-js'

/** A limit that a message was over. */
export interface OverLimit {
  readonly bytes: number
  /** Whether it was a request over the server's limit, not an answer over ours. */
  readonly atServer: boolean
}

/**
 * Tells the limit that a message was over, undefined for another failure. Server and client word their receive limits
 * alike; who speaks is told by the number in the text, and by a word before it of newer C++ and Python servers.
 */
export function overLimit(
  { code, details }: ServiceError,
  { maxResponseBytes }: { readonly maxResponseBytes: number },
): OverLimit | undefined {
  if (code !== status.RESOURCE_EXHAUSTED) return undefined
  const [, server, limit] =
    /(server: )?received message larger than max \(\d+ vs\.? (\d+)\)/i.exec(details) ?? []
  if (limit === undefined) return undefined
  const bytes = Number(limit)
  return { bytes, atServer: server !== undefined || bytes !== maxResponseBytes }
}

/** Says that an answer is over the gateway's own limit. */
export function tooLarge({ maxResponseBytes }: { readonly maxResponseBytes: number }): string {
  return (
    `The answer of the model server is larger than the ${maxResponseBytes} bytes that are taken; ` +
    'UPSTREAM_RESPONSE_MAX_BYTES governs this'
  )
}

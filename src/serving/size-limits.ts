import { type ServiceError, status } from '@grpc/grpc-js'

/**
 * Gives the limit in bytes that a message was over, undefined for another failure. Server and client word their receive
 * limits alike; only the number in the text tells whose it is.
 */
export function receiveLimit({ code, details }: ServiceError): number | undefined {
  if (code !== status.RESOURCE_EXHAUSTED) return undefined
  const limit = /received message larger than max \(\d+ vs\.? (\d+)\)/i.exec(details)?.[1]
  return limit === undefined ? undefined : Number(limit)
}

/** Says that an answer is over the gateway's own limit. */
export function tooLarge({ maxResponseBytes }: { readonly maxResponseBytes: number }): string {
  return (
    `The answer of the model server is larger than the ${maxResponseBytes} bytes that are taken; ` +
    'UPSTREAM_RESPONSE_MAX_BYTES governs this'
  )
}

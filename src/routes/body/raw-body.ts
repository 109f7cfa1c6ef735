import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../errors.js'
import { Chunks } from './chunks.js'

export interface RawBodyOptions {
  readonly maxBytes: number
  /** What a body of more than `maxBytes` is refused with. */
  readonly tooLarge: () => GatewayError
  /** Bytes that the body announces, where it does; it is then received into one buffer and not held twice. */
  readonly length?: number | undefined
  /** Ends the reading. Its reason is what the promise rejects with. */
  readonly signal: AbortSignal
}

/**
 * Reads a whole body into one buffer. The stream stays open when this fails, so that an answer can still be sent; a
 * client that leaves gives `malformed_request`.
 */
export function readRawBody(stream: IncomingMessage, options: RawBodyOptions): Promise<Buffer> {
  const { maxBytes, tooLarge, length: announced, signal } = options
  return new Promise((resolve, reject) => {
    const chunks = new Chunks(announced)
    const settle = (act: () => void) => {
      stream.off('data', onData).off('end', onEnd).off('error', onClose).off('close', onClose)
      signal.removeEventListener('abort', onAbort)
      act()
    }
    const onData = (chunk: Buffer) => {
      if (chunks.length + chunk.length > maxBytes) settle(() => reject(tooLarge()))
      else chunks.push(chunk)
    }
    const onEnd = () => settle(() => resolve(chunks.take()))
    const onClose = (cause?: Error) => settle(() => reject(cutShort(cause)))
    const onAbort = () => settle(() => reject(signal.reason))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    stream.on('data', onData).on('end', onEnd).on('error', onClose).on('close', onClose)
  })
}

/** Tells that a body ended before it was complete. */
export function cutShort(cause?: unknown): GatewayError {
  return new GatewayError('malformed_request', 'The body ended before it was complete', { cause })
}

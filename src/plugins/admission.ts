import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { GatewayError } from '../errors.js'
import type { RequestQueue } from '../tasks/request-queue.js'
import { ClientBudget, type Hold } from './client-budget.js'
import { clientOf } from './client-of.js'
import { onceOver } from './request-end.js'

/** The largest bodies that a route reads, in bytes. */
export interface BodySizes {
  /** A form or bare bytes. */
  readonly bytes: number
  /** One image of it: what came in pieces of unknown number is held twice while it is put together. */
  readonly imageBytes: number
  readonly jsonBytes: number
  /** Whether the route reads JSON whatever type a body claims. */
  readonly onlyJson?: boolean
}

export interface AdmissionOptions {
  /** Memory that bodies may take from their first byte until they have been answered. */
  readonly uploadBytes: number
  readonly queue: RequestQueue
}

/** The memory that is set aside for the body of a request. */
export interface BodyReservation {
  /** Aborts with `queue_full` when the memory is given to another client, before the body has been read. */
  readonly signal: AbortSignal
  /** The body has been read, and so many bytes of it are kept. */
  settle(bytes: number): void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that have `bodySizes`, for requests with a body. */
    readonly bodyReservation: BodyReservation | null
    /**
     * Sets memory aside for what arrives on a connection that is no request's body any more. Throws `queue_full` (429);
     * `evict` is called with that error when the memory is given to another client before it is settled.
     */
    holdUpload(bytes: number, evict: (error: GatewayError) => void): Hold
  }
  interface FastifyContextConfig {
    /** Has a request's memory set aside before its body is read. */
    readonly bodySizes?: BodySizes
  }
}

/**
 * What JSON takes while it is read, by its bytes: themselves twice, their text, the parsed strings, and the images in
 * them.
 */
const JSON_COPIES = 6

/**
 * Admits requests by their headers, before a byte of their body is read: 429 `queue_full` when the queue has no place or
 * the bodies in flight leave no memory for another. A body whose length is not announced counts as the largest.
 */
export default fp<AdmissionOptions>(
  async (app, { uploadBytes, queue }) => {
    const budget = new ClientBudget(uploadBytes)
    app.decorateRequest('bodyReservation', null)
    app.addHook('onRequest', async (request, reply) => {
      const sizes = request.routeOptions.config.bodySizes
      if (sizes === undefined) return
      const bytes = bytesNeeded(request, sizes)
      if (bytes === undefined) return
      if (bytes > uploadBytes) throw tooLarge(bytes, uploadBytes)
      queue.refuseIfFull(clientOf(request))
      const evicted = new AbortController()
      const refused = () => noMemory(queue.retryAfterSeconds)
      const hold = budget.take(clientOf(request), bytes, () => evicted.abort(refused()))
      if (hold === undefined) throw refused()
      request.setDecorator('bodyReservation', toReservation(hold, evicted.signal))
      onceOver(request, reply, hold.release)
    })
    app.decorateRequest('holdUpload', function (this: FastifyRequest, bytes, evict) {
      if (bytes > uploadBytes) throw tooLarge(bytes, uploadBytes)
      const refused = () => noMemory(queue.retryAfterSeconds)
      const hold = budget.take(clientOf(this), bytes, () => evict(refused()))
      if (hold === undefined) throw refused()
      return hold
    })
    app.metrics.addGauge(
      'upload_bytes_reserved',
      'Memory set aside for bodies that arrive or are worked on',
      () => budget.used,
    )
  },
  { name: 'admission', dependencies: ['metrics'], fastify: '5.x' },
)

/** Memory that a body takes while it is read; `undefined` for none, and for one that is refused for its length anyway. */
function bytesNeeded({ headers }: FastifyRequest, sizes: BodySizes): number | undefined {
  const isJson = sizes.onlyJson || /^application\/json\b/i.test(headers['content-type'] ?? '')
  const largest = isJson ? sizes.jsonBytes : sizes.bytes
  const copies = isJson ? JSON_COPIES : 1
  if (headers['transfer-encoding'] !== undefined) {
    return largest * copies + (isJson ? 0 : sizes.imageBytes)
  }
  const length = Number(headers['content-length'] ?? 0)
  return length > 0 && length <= largest ? length * copies : undefined
}

function toReservation(hold: Hold, signal: AbortSignal): BodyReservation {
  return { signal, settle: (bytes) => hold.settle(bytes) }
}

function noMemory(retryAfterSeconds: number): GatewayError {
  return new GatewayError(
    'queue_full',
    'The bodies that are being received leave no memory for another (MEMORY_LIMIT_BYTES); try again later',
    { retryAfterSeconds },
  )
}

function tooLarge(bytes: number, limit: number): GatewayError {
  return new GatewayError(
    'body_too_large',
    `A body like this one takes up to ${bytes} bytes of memory; the limit is ${limit} (MEMORY_LIMIT_BYTES)`,
  )
}

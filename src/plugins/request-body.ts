import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Lets a client that waits with `expect: 100-continue` send its body. Until then a refusal costs it no upload, so
     * this belongs after every check that needs headers only.
     */
    acceptBody(): void
  }
}

export interface RequestBodyOptions {
  /**
   * Milliseconds that the rest of a refused body is read and dropped before the connection is closed; 5000 unless given.
   */
  readonly lingerMs?: number
}

/**
 * Leaves bodies to the routes that read them with their own limits: nothing is parsed, and nothing is read until then.
 *
 * An answer that is sent before the body has been read closes the connection, but not at once: a socket closed on unread
 * bytes is reset, and the reset can overtake the answer. So the answer is held open while the rest is dropped.
 */
export default fp<RequestBodyOptions>(
  async (app, { lingerMs = 5000 }) => {
    app.removeAllContentTypeParsers()
    await app.register(multipart)
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))

    const waiting = new WeakMap<IncomingMessage, ServerResponse>()
    app.server.on('checkContinue', (request, response) => {
      waiting.set(request, response)
      app.routing(request, response)
    })
    // Node would answer any other expectation by itself, with a 417 that is no problem document; it may be ignored.
    app.server.on('checkExpectation', (request, response) => app.routing(request, response))
    app.decorateRequest('acceptBody', function (this: FastifyRequest) {
      waiting.get(this.raw)?.writeContinue()
      waiting.delete(this.raw)
    })

    app.addHook('onSend', async (request, reply, payload) => {
      if (!isBodyPending(request.raw)) return payload
      reply.header('connection', 'close')
      const bytes = toBuffer(payload)
      if (bytes === undefined) return payload
      reply.header('content-length', bytes.length)
      return heldOpen(bytes, request.raw, lingerMs)
    })
  },
  { name: 'request-body', fastify: '5.x' },
)

function isBodyPending(request: IncomingMessage): boolean {
  // Undefined when there is no connection: the request was injected.
  if (request.complete !== false || request.destroyed) return false
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  return encoding !== undefined || Number(length ?? 0) > 0
}

function toBuffer(payload: unknown): Buffer | undefined {
  if (typeof payload === 'string') return Buffer.from(payload)
  return Buffer.isBuffer(payload) ? payload : undefined
}

/** A stream of `bytes` that ends when the request has been read to its end, is gone, or `lingerMs` have passed. */
function heldOpen(bytes: Buffer, request: IncomingMessage, lingerMs: number): Readable {
  const answer = new Readable({ read() {} })
  answer.push(bytes)
  const finish = () => {
    clearTimeout(timer)
    request.off('end', finish).off('close', finish)
    answer.push(null)
  }
  const timer = setTimeout(finish, lingerMs)
  request.on('end', finish).on('close', finish)
  answer.once('close', () => clearTimeout(timer))
  // A parser that has given up unpipes only later, which would pause the stream again.
  request.unpipe()
  request.resume()
  return answer
}

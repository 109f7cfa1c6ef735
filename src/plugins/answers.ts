import { Duplex } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { GatewayError } from '../errors.js'
import { ClientBudget, type Hold } from './client-budget.js'
import { clientOf } from './client-of.js'
import { onceOver } from './request-end.js'

export interface AnswersOptions {
  /** Memory that answers may take which their clients have not read yet. */
  readonly answerBytes: number
  /** Milliseconds that a client has to read its answer, once it is complete. */
  readonly answerTimeoutMs: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Counts bytes of the answer that wait to be read, until the request is over or the result is called. Throws `queue_full` (429) when unread
     * answers take too much memory; a client who has more of it than others loses its connection before. Throws
     * `too_many_pixels` (422) for more bytes than all answers may take: nothing but a picture is so large.
     */
    holdAnswer(bytes: number): () => void
  }
}

/** Answers up to this size go into the socket's own buffer. */
const SMALL_BYTES = 16 * 1024

/** Bounds what clients can do by not reading: the memory of their answers, and the time that they keep it. */
export default fp<AnswersOptions>(
  async (app, { answerBytes, answerTimeoutMs }) => {
    const budget = new ClientBudget(answerBytes)
    const holds = new WeakMap<FastifyRequest, Set<Hold>>()
    app.addHook('onRequest', async (request, reply) => {
      const own = new Set<Hold>()
      holds.set(request, own)
      onceOver(request, reply, () => {
        for (const hold of own) hold.release()
      })
    })
    app.decorateRequest('holdAnswer', function (this: FastifyRequest, bytes: number) {
      if (bytes > answerBytes) throw tooLarge(bytes, answerBytes)
      const cut = () => this.raw.socket.destroy()
      const hold = budget.take(clientOf(this), bytes, cut)
      if (hold === undefined) throw tooMuchUnread()
      const own = holds.get(this)
      own?.add(hold)
      return () => {
        own?.delete(hold)
        hold.release()
      }
    })
    app.addHook('onSend', async (request, reply, payload) => {
      const bytes = lengthOf(payload)
      if (bytes > SMALL_BYTES) request.holdAnswer(bytes)
      watch(request, reply, payload, answerTimeoutMs)
      return payload
    })
    app.metrics.addGauge(
      'answer_bytes_unread',
      'Memory of answers that clients have not read yet',
      () => budget.used,
    )
  },
  { name: 'answers', dependencies: ['metrics', 'request-body'], fastify: '5.x' },
)

function lengthOf(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0
}

/** Closes the connection of a client that has not read its answer in time; a stream's time begins when it is complete. */
function watch(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  timeoutMs: number,
): void {
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    timer = setTimeout(() => {
      request.log.info({ timeoutMs }, 'client did not read its answer')
      request.raw.socket.destroy()
    }, timeoutMs)
  }
  if (payload instanceof Duplex && !payload.writableFinished) payload.once('finish', start)
  else start()
  onceOver(request, reply, () => {
    clearTimeout(timer)
    if (payload instanceof Duplex) payload.off('finish', start)
  })
}

function tooMuchUnread(): GatewayError {
  return new GatewayError(
    'queue_full',
    'Answers that their clients have not read yet leave no memory for this one (MEMORY_LIMIT_BYTES); try again later',
  )
}

function tooLarge(bytes: number, limit: number): GatewayError {
  return new GatewayError(
    'too_many_pixels',
    `The answer takes ${bytes} bytes of memory; the limit is ${limit} (MEMORY_LIMIT_BYTES). picture_max_side makes a ` +
      'picture smaller, and jpeg takes least',
  )
}

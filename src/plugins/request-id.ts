import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import fp from 'fastify-plugin'

// The id goes into logs and headers of others: nothing that could end a line or a field.
const ACCEPTED = /^[A-Za-z0-9._-]{1,128}$/

/** Names a request: by the client's `x-request-id` when that is safe to repeat, else by a random UUID. */
export function genReqId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID()
}

/** Answers with the id of the request in `x-request-id`. Needs `genReqId` among Fastify's options. */
export default fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id)
    })
  },
  { name: 'request-id', fastify: '5.x' },
)

import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { CLIENT_LEFT, onceOver } from './request-end.js'

/** Routes that are asked every few seconds by machines; a line for each would bury the rest. */
const SILENT = new Set(['/livez', '/readyz', '/metrics'])

function write(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
): void {
  const route = request.routeOptions.url
  if (route !== undefined && SILENT.has(route)) return
  const facts = {
    method: request.method,
    path: request.url.split('?', 1)[0],
    status,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    address: request.ip,
  }
  request.log.info(facts, message)
}

/**
 * Writes one line for each request, when its answer has been sent or its client has left before. Paths are logged without
 * their query.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      onceOver(request, reply, () => {
        if (reply.raw.writableFinished) return
        write(request, reply, CLIENT_LEFT, 'client left before its answer')
      })
    })
    app.addHook('onResponse', async (request, reply) => {
      write(request, reply, reply.statusCode, 'request answered')
    })
  },
  { name: 'request-log', fastify: '5.x' },
)

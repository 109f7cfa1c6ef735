import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { onceOver, statusAtEnd, UPGRADED } from './request-end.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the line of the request says beside what every line says; read when it is written. */
    readonly endFacts: Readonly<Record<string, unknown>> | null
  }
}

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
    ...request.endFacts,
  }
  request.log.info(facts, message)
}

/**
 * Writes one line for each request, when its answer has been sent or its client has left before. Paths are logged without
 * their query.
 */
export default fp(
  async (app) => {
    app.decorateRequest('endFacts', null)
    app.addHook('onRequest', async (request, reply) => {
      onceOver(request, reply, () => {
        if (reply.raw.writableFinished) return
        const status = statusAtEnd(reply)
        const words = status === UPGRADED ? 'stream ended' : 'client left before its answer'
        write(request, reply, status, words)
      })
    })
    app.addHook('onResponse', async (request, reply) => {
      write(request, reply, reply.statusCode, 'request answered')
    })
  },
  { name: 'request-log', fastify: '5.x' },
)

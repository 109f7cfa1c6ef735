import fp from 'fastify-plugin'
import { onceOver } from './request-end.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts when the client leaves before its answer is complete. */
    readonly cancellation: AbortSignal
  }
}

/**
 * Gives every request a signal that aborts when its client leaves.
 *
 * It listens to the response, because the request also closes once an upload has been read, and Fastify's own
 * `request.signal` takes that for a client that left (fastify/fastify#6725).
 */
export default fp(
  async (app) => {
    app.decorateRequest('cancellation')
    app.addHook('onRequest', async (request, reply) => {
      const controller = new AbortController()
      request.setDecorator('cancellation', controller.signal)
      onceOver(request, reply, () => {
        if (!reply.raw.writableFinished) controller.abort()
      })
    })
  },
  { name: 'cancellation', fastify: '5.x' },
)

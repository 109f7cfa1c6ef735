import type { FastifyPluginAsync } from 'fastify'

/** `GET /` leads whoever opens the gateway in a browser to the reference, where a photo can be tried out. */
export const pageRoutes: FastifyPluginAsync = async (app) => {
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'))
}

import fp from 'fastify-plugin'

/** Routes that are asked every few seconds by machines; a line for each would bury the rest. */
const SILENT = new Set(['/livez', '/readyz', '/metrics'])

/** Writes one line for each request when its answer has been sent. Paths are logged without their query. */
export default fp(
  async (app) => {
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url
      if (route !== undefined && SILENT.has(route)) return
      const facts = {
        method: request.method,
        path: request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
      }
      request.log.info(facts, 'request answered')
    })
  },
  { name: 'request-log', fastify: '5.x' },
)

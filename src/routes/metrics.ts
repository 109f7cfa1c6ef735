import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'

const schema = {
  operationId: 'getMetrics',
  summary: 'Metrics for Prometheus',
  tags: ['operations'],
  response: {
    200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } },
  },
}

/** `GET /metrics` in Prometheus' text format. */
export const metricsRoutes: FastifyPluginAsync = async (app) => {
  app.get('/metrics', { schema }, async (_request, reply) => {
    const { registry } = app.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

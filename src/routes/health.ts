import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Liveness, Readiness } from '../schemas/model-responses.js'

const tags = ['operations']

/** `GET /livez` and `GET /readyz`, for whoever restarts the process and whoever sends it requests. */
export const healthRoutes: FastifyPluginAsyncZod = async (app) => {
  const livez = {
    operationId: 'getLiveness',
    summary: 'Whether the process answers; never asks the model server',
    tags,
    response: { 200: Liveness },
  }
  app.get('/livez', { schema: livez, config: { public: true } }, async () => ({
    status: 'ok' as const,
  }))

  const readyz = {
    operationId: 'getReadiness',
    summary: 'Whether requests should be sent here',
    description:
      'Ready once the default model has been available and warmed up; 503 with the reason before, when the model server ' +
      'has been away for READINESS_GRACE_MS, and from the moment the process is told to end.',
    tags,
    response: { 200: Readiness, 503: Readiness },
  }
  app.get('/readyz', { schema: readyz, config: { public: true } }, async (_request, reply) => {
    const { model, readiness, draining } = app.readiness
    const { ready, reason } = readiness
    const status: Readiness['status'] = ready ? 'ready' : draining ? 'shutting_down' : 'not_ready'
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    return { status, models: [{ name: model, ready, reason }] }
  })
}

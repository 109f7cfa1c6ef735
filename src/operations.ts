import type { FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import errorHandler from './plugins/error-handler.js'
import hostHeader from './plugins/host-header.js'
import requestId from './plugins/request-id.js'
import { healthRoutes } from './routes/health.js'
import { metricsRoutes } from './routes/metrics.js'

/**
 * Puts the operations endpoints of a gateway onto a second HTTP server: `/metrics`, `/livez` and `/readyz`. Nothing is
 * asked for there: who may reach its port is the network's business.
 */
export async function buildOperations(
  app: FastifyInstance,
  gateway: FastifyInstance,
): Promise<FastifyInstance> {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorate('metrics', gateway.metrics)
  app.decorate('readiness', gateway.readiness)
  await app.register(requestId)
  await app.register(errorHandler)
  await app.register(hostHeader)
  await app.register(healthRoutes)
  await app.register(metricsRoutes)
  return app
}

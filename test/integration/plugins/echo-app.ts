import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import cancellation from '../../../src/plugins/cancellation.js'
import { writeClientError } from '../../../src/plugins/client-error.js'
import errorHandler from '../../../src/plugins/error-handler.js'
import metrics from '../../../src/plugins/metrics.js'
import openapi from '../../../src/plugins/openapi.js'
import requestBody from '../../../src/plugins/request-body.js'
import requestId, { genReqId } from '../../../src/plugins/request-id.js'
import { routeUnroutable } from '../../../src/plugins/unroutable.js'
import { readDetectBody } from '../../../src/routes/body/read-detect-body.js'
import type { BodyLimits } from '../../../src/routes/body/upload.js'
import { metricsRoutes } from '../../../src/routes/metrics.js'
import { toProblem } from '../../../src/schemas/problem.js'
import { BATCH_BODIES, DETECT_BODIES, DetectQuery } from '../../../src/schemas/requests.js'

export const LIMITS: BodyLimits = {
  maxImageBytes: 100_000,
  maxBatchImages: 3,
  maxBatchBytes: 150_000,
  maxFormFields: 5,
  maxFieldBytes: 100,
  maxJsonBytes: 200_000,
  bodyTimeoutMs: 5_000,
}

export interface EchoOptions {
  readonly limits?: Partial<BodyLimits>
  readonly lingerMs?: number
  /** More routes, added last. */
  readonly routes?: (app: FastifyInstance) => void
}

/** Builds an app of the plugins whose detect routes answer with what they read. */
export async function buildEcho(t: Test, options: EchoOptions = {}): Promise<FastifyInstance> {
  const limits = { ...LIMITS, ...options.limits }
  const app = Fastify({
    genReqId,
    frameworkErrors: routeUnroutable,
    clientErrorHandler: writeClientError,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 50 },
  })
  t.teardown(() => app.close())
  await app.register(errorHandler)
  await app.register(requestId)
  await app.register(cancellation)
  const { lingerMs = 500 } = options
  await app.register(requestBody, { lingerMs })
  await app.register(openapi, { version: '1.2.3' })
  await app.register(metrics, { isKnownModel: (name) => name === 'known' })
  await app.register(metricsRoutes)
  const routes = [
    { path: '/v1/detect', batch: false, body: DETECT_BODIES },
    { path: '/v1/detect/batch', batch: true, body: BATCH_BODIES },
  ]
  for (const { path, batch, body } of routes) {
    const config = { documentation: { body, querystring: DetectQuery } }
    app.post(path, { config }, async (request) => {
      const { uploads, parameters } = await readDetectBody(request, limits, { batch })
      return {
        uploads: uploads.map(({ filename, bytes, problem }) => ({
          filename,
          bytes: bytes.length,
          text: bytes.toString('latin1', 0, 40),
          problem: problem && toProblem(problem, request.id).code,
        })),
        parameters: {
          ...parameters,
          ...(parameters.thresholds && { thresholds: Object.fromEntries(parameters.thresholds) }),
        },
      }
    })
  }
  options.routes?.(app)
  await app.ready()
  return app
}

/** Listens on a free loopback port and returns it. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { GatewayError } from '../errors.js'
import type { ImageParameters } from '../schemas/classify-parameters.js'
import type { Classifier } from '../tasks/classification/classifier.js'
import type { Regressor } from '../tasks/classification/regressor.js'
import { type Deadline, startDeadline } from '../tasks/deadline.js'
import type { Detector } from '../tasks/detection/detector.js'
import type { ModelCatalog } from '../tasks/model-catalog.js'
import type { Predictor } from '../tasks/prediction/predictor.js'
import type { ReadinessMonitor } from '../tasks/readiness.js'

export interface DetectionOptions {
  readonly detector: Detector
  readonly classifier: Classifier
  readonly regressor: Regressor
  readonly predictor: Predictor
  readonly catalog: ModelCatalog
  readonly readiness: ReadinessMonitor
  /** Longest deadline of a request in milliseconds. */
  readonly requestTimeoutMs: number
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly detector: Detector
    readonly classifier: Classifier
    readonly regressor: Regressor
    readonly predictor: Predictor
    readonly catalog: ModelCatalog
    readonly readiness: ReadinessMonitor
    /**
     * Runs work under the deadline of a request whose body has been read. Throws 400 for a `timeout_ms` above the
     * server's.
     */
    withDeadline<T>(
      request: FastifyRequest,
      parameters: ImageParameters,
      work: (deadline: Deadline) => Promise<T>,
    ): Promise<T>
    /** Throws 400 for a `timeout_ms` above the server's. */
    refuseLongTimeout(parameters: ImageParameters): void
  }
}

/** Gives the routes what answers for each task, what is known of models, and the clock of a request. */
export default fp<DetectionOptions>(
  async (app, { readiness, requestTimeoutMs, ...options }) => {
    const { detector, classifier, regressor, predictor, catalog } = options
    app.decorate('detector', detector)
    app.decorate('classifier', classifier)
    app.decorate('regressor', regressor)
    app.decorate('predictor', predictor)
    app.decorate('catalog', catalog)
    app.decorate('readiness', readiness)
    app.decorate('refuseLongTimeout', ({ timeoutMs = 0 }: ImageParameters) => {
      if (timeoutMs > requestTimeoutMs) throw timeoutTooLong(requestTimeoutMs)
    })
    app.decorate(
      'withDeadline',
      async <T>(
        request: FastifyRequest,
        parameters: ImageParameters,
        work: (deadline: Deadline) => Promise<T>,
      ): Promise<T> => {
        app.refuseLongTimeout(parameters)
        const { timeoutMs = requestTimeoutMs } = parameters
        const deadline = startDeadline(timeoutMs, request.cancellation)
        try {
          return await work(deadline)
        } finally {
          deadline.clear()
        }
      },
    )
    app.addHook('onRequest', async (request) => {
      if (!readiness.closed || request.routeOptions.url === '/readyz') return
      throw new GatewayError(
        'shutting_down',
        'This gateway is shutting down and takes no new requests; send them to another one',
      )
    })
    app.addHook('onSend', async (_request, reply) => {
      // A connection that is kept would hold up the end of the process for as long as its client likes.
      if (readiness.draining) reply.header('connection', 'close')
    })
    app.addHook('onReady', async () => readiness.start())
    app.addHook('preClose', async () => readiness.close())
  },
  { name: 'detection', dependencies: ['cancellation'], fastify: '5.x' },
)

function timeoutTooLong(requestTimeoutMs: number): GatewayError {
  const message = `must be at most ${requestTimeoutMs} (REQUEST_TIMEOUT_MS)`
  return new GatewayError('invalid_parameter', `"timeout_ms" ${message}`, {
    fields: [{ field: 'timeout_ms', message }],
  })
}

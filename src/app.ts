import accepts from '@fastify/accepts'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.js'
import { CLOSED_CONNECTIONS } from './connection-limit.js'
import { FairGate } from './fair-gate.js'
import { Slots } from './imaging/slots.js'
import { type MemoryPlan, planMemory } from './memory-plan.js'
import access from './plugins/access.js'
import admission from './plugins/admission.js'
import answers from './plugins/answers.js'
import cancellation from './plugins/cancellation.js'
import detection from './plugins/detection.js'
import errorHandler from './plugins/error-handler.js'
import hostHeader from './plugins/host-header.js'
import metrics from './plugins/metrics.js'
import openapi from './plugins/openapi.js'
import requestBody from './plugins/request-body.js'
import requestId from './plugins/request-id.js'
import requestLog from './plugins/request-log.js'
import tracing from './plugins/tracing.js'
import websocket from './plugins/websocket.js'
import { batchRoutes } from './routes/batch.js'
import { classifyRoutes } from './routes/classify.js'
import { doorRoutes } from './routes/compat/doors.js'
import { detectRoutes } from './routes/detect.js'
import { healthRoutes } from './routes/health.js'
import { metricsRoutes } from './routes/metrics.js'
import { modelRoutes } from './routes/models.js'
import { pageRoutes } from './routes/page.js'
import { predictRoutes } from './routes/predict.js'
import { regressRoutes } from './routes/regress.js'
import { streamRoutes } from './routes/stream.js'
import type { ModelServer } from './serving/model-server.js'
import { SignatureCache } from './serving/signature-cache.js'
import { Classifier } from './tasks/classification/classifier.js'
import { Regressor } from './tasks/classification/regressor.js'
import { Detector } from './tasks/detection/detector.js'
import { ImagePipeline } from './tasks/image/image-pipeline.js'
import { ModelCatalog, type ModelSource } from './tasks/model-catalog.js'
import { Predictor } from './tasks/prediction/predictor.js'
import { ReadinessMonitor } from './tasks/readiness.js'
import { RequestQueue } from './tasks/request-queue.js'
import { type Tasks, warmUpModel } from './tasks/tasks.js'
import { VersionWarmer } from './tasks/version-warmer.js'
import type { Tracer } from './tracing.js'
import { VERSION } from './version.js'

/** What the app is built around; whoever makes these closes them. */
export interface Dependencies {
  readonly server: ModelServer
  readonly models: ModelSource
  /** Model that requests without a name get. */
  readonly defaultModel: string
  /** How the memory is shared; by the settings, without the embedded model server, unless given. */
  readonly memory?: MemoryPlan
  /** Calls that the model server may be sent at once; UPSTREAM_IN_FLIGHT unless given. */
  readonly callLimit?: () => number
  /** Where spans go; none are made unless given. */
  readonly tracer?: Tracer | undefined
}

/** Puts everything that answers onto an HTTP server. It neither listens nor reads the environment. */
export async function buildApp(
  app: FastifyInstance,
  config: Config,
  dependencies: Dependencies,
): Promise<FastifyInstance> {
  const { server, models, defaultModel } = dependencies
  const memory = dependencies.memory ?? planMemory(config, false)
  const callLimit = dependencies.callLimit ?? (() => config.upstreamInFlight)
  const slots = new Slots({ slots: config.slots, bytes: memory.decoders })
  const calls = new FairGate({ places: Number.POSITIVE_INFINITY, bytes: memory.calls })
  // As many as keep both the slots and the model server busy; the others wait where clients take turns.
  const inWork = () => config.slots + callLimit()
  const queue = new RequestQueue({ inWork, length: config.queueLength })
  const signatures = new SignatureCache(server)
  const pipeline = new ImagePipeline({
    server,
    signatures,
    cards: models,
    queue,
    slots,
    calls,
    keptPictureBytes: memory.keptPictures,
    decodeTimeoutMs: config.decodeTimeoutMs,
    maxImagePixels: config.maxImagePixels,
    wireMaxSide: config.wireMaxSidePixels,
    observe: (stage, model, seconds) => app.metrics.observeStage(stage, model, seconds),
  })
  const warn = (model: string, what: string) =>
    app.log.warn({ model }, `the answers of a model are odd: ${what}`)
  const tasks: Tasks = {
    detector: new Detector(pipeline),
    classifier: new Classifier(pipeline, warn),
    regressor: new Regressor(pipeline),
    predictor: new Predictor(pipeline, config.predictMaxBytes),
  }
  const catalog = new ModelCatalog({ server, signatures, models, defaultModel })
  const timeoutMs = config.requestTimeoutMs
  const warmer = new VersionWarmer({
    names: () => [...new Set([defaultModel, ...models.names()])],
    status: (model) => server.status(model, { deadline: Date.now() + timeoutMs }),
    warmUp: (model, version) => {
      // Beyond 2^53 a version cannot be asked for by its number (see toModelSpec), and some servers have none (an empty
      // one); the latest answers in its place.
      const askable = version !== '' && !(Number(version) > Number.MAX_SAFE_INTEGER)
      return warmUpModel(tasks, catalog, askable ? { model, version } : { model }, timeoutMs)
    },
    onWarm: (model, version, err) => {
      if (err === null) app.log.info({ model, version }, 'version warmed up')
      else app.log.warn({ model, version, err }, 'version cannot be warmed up')
    },
  })
  const readiness = new ReadinessMonitor({
    model: defaultModel,
    graceMs: config.readinessGraceMs,
    check: () => catalog.requireReady(defaultModel, config.requestTimeoutMs),
    warmUp: () => warmer.warmModel(defaultModel),
    onChange: (state) => app.log.info({ model: defaultModel, ...state }, 'readiness changed'),
  })

  app.addHook('onReady', async () => warmer.start())
  app.addHook('preClose', async () => warmer.close())
  await app.register(requestId)
  await app.register(tracing, { tracer: dependencies.tracer })
  await app.register(requestLog)
  await app.register(errorHandler)
  await app.register(hostHeader)
  await app.register(access, config)
  await app.register(cancellation)
  await app.register(accepts)
  await app.register(requestBody)
  await app.register(openapi, { version: VERSION })
  await app.register(metrics, {
    isKnownModel: (name) => name === defaultModel || models.names().includes(name),
  })
  await app.register(detection, {
    ...tasks,
    catalog,
    readiness,
    requestTimeoutMs: config.requestTimeoutMs,
  })
  await app.register(admission, { uploadBytes: memory.uploads, queue })
  await app.register(answers, {
    answerBytes: memory.answers,
    answerTimeoutMs: config.answerTimeoutMs,
  })
  if (config.maxStreams > 0) {
    await app.register(websocket, { maxMessageBytes: config.maxImageBytes })
  }
  addGauges(app, queue, slots, calls)
  addConnectionMetrics(app)

  await app.register(healthRoutes)
  if (config.operationsPort === undefined) await app.register(metricsRoutes)
  await app.register(modelRoutes, { asTfServing: config.compat.includes('tfserving') })
  await app.register(detectRoutes, { limits: config })
  await app.register(batchRoutes, { limits: config })
  await app.register(classifyRoutes, { limits: config })
  await app.register(regressRoutes, { limits: config })
  await app.register(predictRoutes, { limits: config })
  await app.register(streamRoutes, { limits: config })
  await app.register(doorRoutes, { open: config.compat, limits: config })
  await app.register(pageRoutes, { enabled: config.page === 'on' })
  return app
}

function addGauges(app: FastifyInstance, queue: RequestQueue, slots: Slots, calls: FairGate): void {
  const { metrics } = app
  metrics.addGauge('slots_in_use', 'Images that are decoded or encoded now', () => slots.busy)
  metrics.addGauge(
    'slots_load',
    'Share of the slots that was in use over half a minute, 0 to 1',
    () => slots.load,
  )
  metrics.addGauge('slots_waiting', 'Steps that wait for a slot', () => slots.waiting)
  metrics.addGauge(
    'decoder_bytes_reserved',
    'Memory set aside for images in the slots',
    () => slots.bytesBusy,
  )
  metrics.addGauge(
    'call_bytes_reserved',
    'Memory set aside for tensors on their way to the model server',
    () => calls.bytesInside,
  )
  metrics.addGauge('requests_admitted', 'Requests in work or waiting', () => queue.entered)
  metrics.addGauge('requests_waiting', 'Requests that wait for their turn', () => queue.waiting)
}

function addConnectionMetrics({ metrics, connections }: FastifyInstance): void {
  metrics.addGauge('connections_open', 'Connections of clients', () => connections.limit.open)
  connections.onClosed = metrics.addCounter(
    'connections_closed_total',
    'Connections closed because all were taken, by which of them',
    CLOSED_CONNECTIONS,
  )
}

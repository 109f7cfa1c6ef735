import accepts from '@fastify/accepts'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.js'
import { CLOSED_CONNECTIONS } from './connection-limit.js'
import { makeParts, type Parts, type PartsOptions } from './parts.js'
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
import type { Tracer } from './tracing.js'
import { VERSION } from './version.js'

/** What the app is built around; whoever makes these closes them. */
export interface Dependencies extends PartsOptions {
  /** Where spans go; none are made unless given. */
  readonly tracer?: Tracer | undefined
}

/** Puts everything that answers onto an HTTP server. It neither listens nor reads the environment. */
export async function buildApp(
  app: FastifyInstance,
  config: Config,
  dependencies: Dependencies,
): Promise<FastifyInstance> {
  const parts = makeParts(config, dependencies, {
    log: app.log,
    observeStage: (stage, model, seconds) => app.metrics.observeStage(stage, model, seconds),
  })
  app.addHook('onReady', async () => parts.warmer.start())
  app.addHook('preClose', async () => parts.warmer.close())
  await registerPlugins(app, config, dependencies, parts)
  addGauges(app, parts)
  addConnectionMetrics(app)
  await registerRoutes(app, config)
  return app
}

/** Their hooks run in this order. */
async function registerPlugins(
  app: FastifyInstance,
  config: Config,
  { models, defaultModel, tracer }: Dependencies,
  { memory, queue, tasks, catalog, readiness }: Parts,
): Promise<void> {
  await app.register(requestId)
  await app.register(tracing, { tracer })
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
}

async function registerRoutes(app: FastifyInstance, config: Config): Promise<void> {
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
}

function addGauges({ metrics }: FastifyInstance, { queue, slots, calls }: Parts): void {
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

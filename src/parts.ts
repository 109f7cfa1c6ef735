import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.js'
import { FairGate } from './fair-gate.js'
import { Slots } from './imaging/slots.js'
import { type MemoryPlan, planMemory } from './memory-plan.js'
import type { ModelServer } from './serving/model-server.js'
import { SignatureCache } from './serving/signature-cache.js'
import { Classifier } from './tasks/classification/classifier.js'
import { Regressor } from './tasks/classification/regressor.js'
import { Detector } from './tasks/detection/detector.js'
import { ImagePipeline, type PipelineOptions } from './tasks/image/image-pipeline.js'
import { ModelCatalog, type ModelSource } from './tasks/model-catalog.js'
import { Predictor } from './tasks/prediction/predictor.js'
import { ReadinessMonitor } from './tasks/readiness.js'
import { RequestQueue } from './tasks/request-queue.js'
import { type Tasks, warmUpModel } from './tasks/tasks.js'
import { VersionWarmer } from './tasks/version-warmer.js'

/** What the gateway is built around; whoever makes these closes them. */
export interface PartsOptions {
  readonly server: ModelServer
  readonly models: ModelSource
  /** Model that requests without a name get. */
  readonly defaultModel: string
  /** How the memory is shared; by the settings, without the embedded model server, unless given. */
  readonly memory?: MemoryPlan
  /** Calls that the model server may be sent at once; UPSTREAM_IN_FLIGHT unless given. */
  readonly callLimit?: () => number
}

/** Who is told of what happens. */
export interface Observers {
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>
  readonly observeStage: NonNullable<PipelineOptions['observe']>
}

/** What answers, whatever it is asked by. */
export interface Parts {
  readonly memory: MemoryPlan
  readonly slots: Slots
  readonly calls: FairGate
  readonly queue: RequestQueue
  readonly tasks: Tasks
  readonly catalog: ModelCatalog
  readonly warmer: VersionWarmer
  readonly readiness: ReadinessMonitor
}

/** Makes what answers, in the order in which one needs the other. Nothing of it knows HTTP; nothing has begun to watch. */
export function makeParts(config: Config, options: PartsOptions, observers: Observers): Parts {
  const { server, models, defaultModel } = options
  const memory = options.memory ?? planMemory(config, false)
  const callLimit = options.callLimit ?? (() => config.upstreamInFlight)
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
    observe: observers.observeStage,
  })
  const tasks = makeTasks(pipeline, config, observers)
  const catalog = new ModelCatalog({ server, signatures, models, defaultModel })
  const warmer = makeWarmer(config, options, { tasks, catalog }, observers)
  const readiness = new ReadinessMonitor({
    model: defaultModel,
    graceMs: config.readinessGraceMs,
    check: () => catalog.requireReady(defaultModel, config.requestTimeoutMs),
    warmUp: () => warmer.warmModel(defaultModel),
    onChange: (state) => observers.log.info({ model: defaultModel, ...state }, 'readiness changed'),
  })
  return { memory, slots, calls, queue, tasks, catalog, warmer, readiness }
}

function makeTasks(pipeline: ImagePipeline, config: Config, { log }: Observers): Tasks {
  const warn = (model: string, what: string) =>
    log.warn({ model }, `the answers of a model are odd: ${what}`)
  return {
    detector: new Detector(pipeline),
    classifier: new Classifier(pipeline, warn),
    regressor: new Regressor(pipeline),
    predictor: new Predictor(pipeline, config.predictMaxBytes),
  }
}

function makeWarmer(
  { requestTimeoutMs: timeoutMs }: Config,
  { server, models, defaultModel }: PartsOptions,
  { tasks, catalog }: Pick<Parts, 'tasks' | 'catalog'>,
  { log }: Observers,
): VersionWarmer {
  return new VersionWarmer({
    names: () => [...new Set([defaultModel, ...models.names()])],
    status: (model) => server.status(model, { deadline: Date.now() + timeoutMs }),
    warmUp: (model, version) => {
      // Beyond 2^53 a version cannot be asked for by its number (see toModelSpec), and some servers have none (an empty
      // one); the latest answers in its place.
      const askable = version !== '' && !(Number(version) > Number.MAX_SAFE_INTEGER)
      return warmUpModel(tasks, catalog, askable ? { model, version } : { model }, timeoutMs)
    },
    onWarm: (model, version, err) => {
      if (err === null) log.info({ model, version }, 'version warmed up')
      else log.warn({ model, version, err }, 'version cannot be warmed up')
    },
  })
}

import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import closeWithGrace from 'close-with-grace'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import sharp from 'sharp'
import { buildApp } from '../app.js'
import type { Config } from '../config.js'
import { lowerDecoders } from '../decoder-priority.js'
import { chooseDefaultModel } from '../default-model.js'
import type { EmbeddedServer } from '../embedded/server.js'
import { GarbageBound } from '../garbage-bound.js'
import { collectSeldom } from '../garbage-collection.js'
import { createHttpServer, createOperationsServer } from '../http-server.js'
import { planMemory } from '../memory-plan.js'
import { buildOperations } from '../operations.js'
import { ModelRepository } from '../repository/model-repository.js'
import { runsEmbedded, ServerChoice, serverWarnings } from '../server-choice.js'
import { ModelServers } from '../serving/model-servers.js'
import { Upstream } from '../serving/upstream.js'
import { startTelemetry } from '../telemetry/start.js'
import { readUpstreamTls } from '../upstream-tls.js'
import { checkStart, loadServeConfig, startWarnings } from './check.js'
import { greeting } from './greeting.js'
import { listen } from './listen.js'

const HELP = `Usage: detection-gateway serve [--check]

Runs the gateway until SIGTERM or SIGINT, which lets requests end that are under way. Its settings are environment variables:
PORT, TF_SERVING_TARGET, OIP_TARGET and the others of README. Where neither they nor a card name a model server it runs on
the embedded one.

  --check   check settings and model repository, and start nothing; the exit status is 1 when the gateway could not start
  --help    show this text`

/** A gateway that listens. */
export interface Gateway {
  readonly app: FastifyInstance
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Where the operations endpoints answer, where they have a port of their own. */
  readonly operationsUrl: string | undefined
  readonly defaultModel: string
  /** The embedded model server, where it runs on that. */
  readonly embedded: EmbeddedServer | undefined
  close(): Promise<void>
}

async function startEmbedded(closers: (() => unknown)[]): Promise<EmbeddedServer> {
  // Loaded only where it runs: a production install does not have what it needs.
  const { startEmbeddedServer } = await import('../embedded/server.js')
  const server = await startEmbeddedServer()
  closers.push(() => server.close())
  return server
}

/** Listens on the operations port, where there is one, until the gateway has answered its last request. */
async function startOperations(
  config: Config,
  gateway: FastifyInstance,
): Promise<string | undefined> {
  const { operationsPort: port, operationsHost: host = config.host } = config
  if (port === undefined) return undefined
  const app = await buildOperations(createOperationsServer(config), gateway)
  gateway.addHook('onClose', () => app.close())
  return await listen(app, { host, port }, 'OPERATIONS_PORT, OPERATIONS_HOST')
}

/** Has garbage collected in time: before sharp takes more memory, and when a request no longer needs its own. */
function boundGarbage(app: FastifyInstance, bytes: number): void {
  const garbage = new GarbageBound(bytes)
  const check = () => garbage.check()
  sharp.queue.on('change', check)
  app.addHook('onResponse', async () => check())
  app.addHook('onClose', async () => {
    sharp.queue.off('change', check)
  })
}

/**
 * Builds the whole gateway in the order of its parts and listens: the log, the model repository, the embedded model server
 * where no other is named, the channels to model servers, the app. Closing undoes it in reverse.
 */
export async function startGateway(config: Config): Promise<Gateway> {
  const app = createHttpServer(config)
  const closers: (() => unknown)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const tracer = await startTelemetry(process.env, app.log)
    closers.push(() => tracer?.close())
    const models = await ModelRepository.open({
      directory: config.modelRepository,
      includeDemo: false,
      log: app.log,
    })
    closers.push(() => models.close())
    for (const warning of serverWarnings(config, models)) app.log.warn(warning)
    const embedded = runsEmbedded(config, models)
    const memory = planMemory(config, embedded)
    boundGarbage(app, memory.garbage)
    const defaultModel = chooseDefaultModel(config, models.cards(), embedded)
    const own = embedded ? await startEmbedded(closers) : undefined
    if (embedded) models.listDemo()
    const upstream = new Upstream({
      // No call is larger than all may be together, so each can be sent again.
      retryBytes: memory.calls,
      inFlightPerAddress: config.upstreamInFlight,
      maxResponseBytes: config.upstreamResponseMaxBytes,
      dnsIntervalMs: config.upstreamDnsIntervalMs,
      tls: readUpstreamTls(config),
    })
    closers.push(() => upstream.close())
    const server = new ModelServers(upstream, new ServerChoice(config, models, own?.target))
    await buildApp(app, config, {
      server,
      models,
      defaultModel,
      memory,
      callLimit: () => Math.max(config.upstreamInFlight, server.inFlightLimit),
      tracer,
    })
    closers.push(() => app.close())
    const operationsUrl = await startOperations(config, app)
    const url = await listen(app, config, 'PORT, HOST')
    return { app, url, operationsUrl, defaultModel, embedded: own, close }
  } catch (error) {
    await close()
    throw error
  }
}

const EMBEDDED_STOPPED =
  'The embedded model server has stopped; set TF_SERVING_TARGET to use a TensorFlow Serving instead'

/** Two copies of one signal arrive together when npm and the process group both pass it on. */
const SAME_SIGNAL_MS = 1000

/** Calls `end` at the first SIGTERM or SIGINT; a second one, not the same arriving twice, ends the process at once. */
function onSignal(end: () => void, log: FastifyBaseLogger): void {
  let first: number | undefined
  const handle = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = Date.now()
      log.info({ signal }, 'closing: requests that are under way are answered first')
      end()
    } else if (Date.now() - first > SAME_SIGNAL_MS) {
      log.error({ signal }, 'second signal: ending at once')
      process.exit(1)
    }
  }
  process.on('SIGTERM', handle).on('SIGINT', handle)
}

/**
 * Says that requests should go elsewhere, and takes them as ever until whoever sends them has noticed: a connection that
 * is made just as the server stops to listen is lost with its request.
 */
async function drain(app: FastifyInstance, delayMs: number): Promise<void> {
  app.readiness.drain()
  await sleep(delayMs)
}

/** Runs the gateway until it is told to end: SIGTERM or SIGINT drains it, a second signal ends it at once. */
async function run(env: NodeJS.ProcessEnv): Promise<void> {
  collectSeldom()
  const config = loadServeConfig(env)
  const gateway = await startGateway(config)
  const { log } = gateway.app
  for (const warning of startWarnings(env)) log.warn(warning)
  log.debug({ threads: lowerDecoders() }, 'decoders lowered')
  // Node takes more than its timers can count for nothing.
  const delay = Math.min(config.drainDelayMs + config.drainTimeoutMs, 2 ** 31 - 1)
  const grace = closeWithGrace(
    { delay, logger: log, skip: ['SIGTERM', 'SIGINT'] },
    async ({ err }) => {
      if (err) log.fatal({ err }, 'closing after an error')
      else await drain(gateway.app, config.drainDelayMs)
      await gateway.close()
    },
  )
  onSignal(grace.close, log)
  void gateway.embedded?.stopped.then((error) => {
    // Without its model server the gateway has nothing to answer with: ended as by any uncaught error.
    if (error !== undefined) throw new Error(EMBEDDED_STOPPED, { cause: error })
  })
  // A container's output is a log, not for people.
  if (env.NODE_ENV !== 'production') process.stdout.write(greeting(gateway))
}

/** `serve`: runs the gateway. With `--check` it only checks what a start depends on, and says what it found. */
export async function serve(env: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  if (!values.check) return await run(env)
  process.stdout.write(`${(await checkStart(env)).join('\n')}\n`)
}

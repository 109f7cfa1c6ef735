import { DetectionClient, GatewayProblem } from '../client/client.js'
import type { PoolTarget } from './gateway-pool.js'

/** Where a command finds its gateway. */
export interface GatewayChoice {
  /** Base URLs; a gateway of the command's own is started where there is none. */
  readonly urls: readonly string[]
  readonly apiKey: string | undefined
}

/** A gateway that can be asked, until it is closed. */
export interface OpenGateway {
  /** Of the first one, where several were named. */
  readonly client: DetectionClient
  readonly targets: readonly [PoolTarget, ...PoolTarget[]]
  close(): Promise<void>
}

/** Options of each command that asks a gateway. */
export const GATEWAY_OPTIONS = {
  url: { type: 'string', multiple: true },
  'api-key': { type: 'string' },
} as const

export const GATEWAY_HELP = `  --url URL                gateway to ask (default: DETECTION_GATEWAY_URL, else one is started for this command)
  --api-key KEY            its API key (default: DETECTION_GATEWAY_API_KEY, which other users cannot see)`

/** Reads the options, and the variables that stand in for them. */
export function chooseGateway(
  values: { readonly url?: readonly string[] | undefined; readonly 'api-key'?: string | undefined },
  env: NodeJS.ProcessEnv,
): GatewayChoice {
  const named = values.url ?? (env.DETECTION_GATEWAY_URL ?? '').split(/[\s,]+/)
  const urls = [...new Set(named.filter((url) => url !== '' || values.url !== undefined))]
  const wrong = urls.find((url) => !/^https?:\/\//.test(url))
  if (wrong !== undefined) {
    throw new Error(`--url must begin with http:// or https://, not "${wrong}"`)
  }
  const apiKey = values['api-key'] ?? (env.DETECTION_GATEWAY_API_KEY || undefined)
  return { urls, apiKey }
}

/** A whole folder waits longer for a busy gateway than a person would. */
const RETRIES = 8

/** What makes a gateway public has no place in one that only this process knows. */
const PUBLIC = /^(?:API_KEYS|RATE_LIMIT_|CORS_|TLS_|OPERATIONS_|TRUSTED_|COMPAT|OTEL_)/

async function startOwn(env: NodeJS.ProcessEnv): Promise<OpenGateway> {
  // Loaded only where it runs: asking another gateway needs none of it and starts in a tenth of the time.
  const [{ startGateway }, { loadConfig }] = await Promise.all([
    import('./serve.js'),
    import('../config.js'),
  ])
  const settings = Object.entries(env).filter(([name]) => !PUBLIC.test(name))
  const config = loadConfig({
    ...Object.fromEntries(settings),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
  })
  const gateway = await startGateway(config)
  try {
    await gateway.embedded?.ready
  } catch (cause) {
    await gateway.close()
    const why = 'what it needs is installed in a clone (npm ci), not with a package'
    throw new Error(
      `The embedded model server cannot run here: ${why}. Name a gateway by --url, or a TensorFlow Serving by TF_SERVING_TARGET`,
      { cause },
    )
  }
  const client = new DetectionClient(gateway.url, { retries: RETRIES })
  return { client, targets: [{ name: gateway.url, client }], close: () => gateway.close() }
}

/** Gives clients of the gateways that were chosen, and starts one where none was. */
export async function openGateway(
  { urls, apiKey }: GatewayChoice,
  env: NodeJS.ProcessEnv,
): Promise<OpenGateway> {
  const [first, ...others] = urls
  if (first === undefined) return await startOwn(env)
  // One of several that is busy is not waited for: the pool asks another.
  const retries = others.length === 0 ? RETRIES : 0
  const open = (name: string): PoolTarget => ({
    name,
    client: new DetectionClient(name, { apiKey, retries }),
  })
  const target = open(first)
  return {
    client: target.client,
    targets: [target, ...others.map(open)],
    close: async () => {},
  }
}

/** Which model answers where a command runs its own gateway. */
const OWN_MODEL =
  '; without --url it is that of TF_SERVING_TARGET and DEFAULT_MODEL, else the embedded demo, which finds objects'

/** Names the command that asks the route which a message advises. */
function withCommand(message: string): string {
  return message.replace(/\/v1\/(detect|classify)\b/, '$& (detection-gateway $1)')
}

/** Says what concerns a whole command, and not one file, in words that tell what to do. */
export function explainProblem(error: unknown, { urls }: GatewayChoice): unknown {
  if (!(error instanceof GatewayProblem)) return error
  const where = urls.length === 0 ? 'the gateway of this command' : urls.join(', ')
  const words: Record<string, string> = {
    connection_failed: `Nothing answers at ${where}; without --url a gateway is started for the command. ${error.message}`,
    unexpected_answer: `${where} is no detection gateway. ${error.message}`,
    task_mismatch: `${withCommand(error.message)}. --model names another model${urls.length > 0 ? '' : OWN_MODEL}`,
    unauthenticated: `${error.message}. Give the key by DETECTION_GATEWAY_API_KEY or --api-key`,
  }
  return new Error(words[error.code] ?? error.message, { cause: error })
}

import { z } from 'zod'
import { type Door, parseDoors } from './compat.js'
import { usableCores } from './cores.js'
import { containerMemoryBytes } from './memory-limit.js'
import { misspeltSettings } from './misspelt-settings.js'
import { keyList, list, originProblem, proxyProblem, redisUrl } from './setting-values.js'

const MEBIBYTE = 1024 * 1024

const text = () => z.string().trim().min(1)
const WHOLE_NUMBER = 'expected a whole number, without units'
const count = (minimum = 1, maximum = Number.MAX_SAFE_INTEGER) =>
  z.coerce
    .number(WHOLE_NUMBER)
    .int(WHOLE_NUMBER)
    .min(minimum, `expected at least ${minimum}`)
    .max(maximum, `expected at most ${maximum}`)
const port = () => count(0, 65_535)
/** Node's timers count to 2^31 - 1 milliseconds and take more for 1. */
const milliseconds = (minimum = 1) => count(minimum, 2 ** 31 - 1)

function toDoors(names: string | undefined, context: z.RefinementCtx): readonly Door[] {
  try {
    return parseDoors(names ?? '')
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
}

/** Cores decide how much is worked on at once, so these two defaults are computed. */
const SLOTS = 2 * usableCores()

/** What no message may repeat. */
const SECRETS: ReadonlySet<string> = new Set(['API_KEYS', 'RATE_LIMIT_REDIS_URL'])

/**
 * Every setting, an environment variable each, with its unit in its name. README.md and .env.example list them from
 * here; a test fails when they differ.
 */
export const Settings = z.object({
  HOST: text().default('127.0.0.1').describe('Address the HTTP server listens on'),
  PORT: port().default(8080).describe('Port the HTTP server listens on; 0 picks a free one'),
  OPERATIONS_PORT: port()
    .optional()
    .describe(
      'Port of its own for /metrics, /livez and /readyz: plain HTTP, no keys; /metrics is then only there',
    ),
  OPERATIONS_HOST: text().optional().describe('Address of the operations port; unset: HOST'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe log lines that are written'),
  TF_SERVING_TARGET: text()
    .optional()
    .describe(
      'gRPC target of TensorFlow Serving, such as dns:///serving:8500; without any server the embedded one starts',
    ),
  OIP_TARGET: text()
    .optional()
    .describe(
      'gRPC target of a server of the Open Inference Protocol (Triton, OpenVINO, MLServer, KServe)',
    ),
  DEFAULT_MODEL: text().optional().describe('Model that is used when a request names none'),
  MODEL_REPOSITORY: text()
    .default('./models')
    .describe('Folder with the model cards and models.config'),
  COMPAT: text()
    .optional()
    .transform(toDoors)
    .describe('Drop-in doors to open, comma separated: deepstack, doods, max, tfserving, oip'),
  PAGE: z.enum(['on', 'off']).default('on').describe('Whether there is a page for people at /'),
  MAX_IMAGE_BYTES: count()
    .default(20 * MEBIBYTE)
    .describe('Largest upload of one image'),
  MAX_IMAGE_PIXELS: count()
    .default(50_000_000)
    .describe('Most pixels (width x height) of one image'),
  MAX_BATCH_IMAGES: count().default(32).describe('Most images of one batch'),
  MAX_BATCH_BYTES: count()
    .default(64 * MEBIBYTE)
    .describe('Largest body of one batch'),
  MAX_FORM_FIELDS: count().default(64).describe('Most text fields of one form'),
  MAX_FIELD_BYTES: count()
    .default(10 * 1024)
    .describe('Largest text field of a form'),
  MAX_JSON_BYTES: count()
    .default(4 * MEBIBYTE)
    .describe('Largest JSON body'),
  HEADERS_TIMEOUT_MS: milliseconds()
    .default(10_000)
    .describe('Time a client has to send its headers'),
  BODY_TIMEOUT_MS: milliseconds().default(60_000).describe('Time a client has to send its body'),
  KEEP_ALIVE_TIMEOUT_MS: milliseconds()
    .default(72_000)
    .describe('Time an idle connection is kept open'),
  REQUEST_TIMEOUT_MS: milliseconds()
    .default(10_000)
    .describe('Deadline of a request, from the last byte of its body to the answer'),
  DECODE_TIMEOUT_MS: milliseconds()
    .default(5000)
    .describe('Time that one image may take to decode'),
  ANSWER_TIMEOUT_MS: milliseconds()
    .default(60_000)
    .describe('Time a client has to read its answer'),
  DRAIN_DELAY_MS: milliseconds(0)
    .default(0)
    .describe(
      'Time after SIGTERM in which /readyz says 503 and requests are still taken, for load balancers to notice',
    ),
  DRAIN_TIMEOUT_MS: milliseconds()
    .default(25_000)
    .describe('Time that requests have to end after SIGTERM and DRAIN_DELAY_MS'),
  SLOTS: count()
    .default(SLOTS)
    .meta({ description: 'Images decoded or encoded at once', computed: '2 x cores' }),
  QUEUE_LENGTH: count(0)
    .default(8 * SLOTS)
    .meta({ description: 'Requests that wait for their turn', computed: '16 x cores' }),
  PREDICT_MAX_BYTES: count()
    .default(16 * MEBIBYTE)
    .describe('Most bytes of the outputs that one answer of `/v1/predict` holds'),
  MAX_STREAMS: count(0)
    .default(64)
    .describe('WebSocket streams that may be open at once; 0 turns them off'),
  MAX_CONNECTIONS: count()
    .default(1000)
    .describe(
      'Connections that may be open at once; a new one then takes the place of an idle one',
    ),
  MEMORY_LIMIT_BYTES: count().default(containerMemoryBytes()).meta({
    description: 'Memory of the whole process, which bounds uploads, decoders, calls and answers',
    computed: "the container's limit, else 1 GiB",
  }),
  UPSTREAM_IN_FLIGHT: count()
    .default(8)
    .describe('Calls at once to each address of the model server'),
  UPSTREAM_RESPONSE_MAX_BYTES: count()
    .default(8 * MEBIBYTE)
    .describe('Largest answer taken from the model server'),
  UPSTREAM_DNS_INTERVAL_MS: milliseconds(1000)
    .default(10_000)
    .describe('How often the name of the model server is looked up again'),
  WIRE_MAX_SIDE_PIXELS: count(0)
    .default(1024)
    .describe('Longest side sent to a model whose card says nothing; 0 sends all pixels'),
  READINESS_GRACE_MS: milliseconds(0)
    .default(10_000)
    .describe('How long the model server may be away before /readyz turns 503'),
  UPSTREAM_TLS_CA_FILE: text()
    .optional()
    .describe(
      "Authorities in PEM that the model server's certificate must come from; unset: no TLS to it",
    ),
  UPSTREAM_TLS_CERT_FILE: text()
    .optional()
    .describe("The gateway's own certificate in PEM, for model servers that ask for one"),
  UPSTREAM_TLS_KEY_FILE: text().optional().describe('Private key of that certificate in PEM'),
  UPSTREAM_TLS_SERVER_NAME: text()
    .optional()
    .describe("Name in the model server's certificate; unset: the target's host"),
  API_KEYS_FILE: text()
    .optional()
    .describe('API keys, a line id:sha256 each; read again when it changes; unset: open'),
  API_KEYS: keyList().describe(
    'API keys, id:sha256, separated by commas or blanks; fixed at start; unset: open',
  ),
  RATE_LIMIT_KEY_REQUESTS: count()
    .optional()
    .describe('Requests of one API key in a window; unset: any number'),
  RATE_LIMIT_ADDRESS_REQUESTS: count()
    .optional()
    .describe('Requests of one address (IPv6: one /64 network) in a window; unset: any number'),
  RATE_LIMIT_WINDOW_MS: milliseconds(1000).default(60_000).describe('Window of the rate limits'),
  RATE_LIMIT_REDIS_URL: redisUrl()
    .optional()
    .describe('Redis in which several gateways count together; unset: each counts by itself'),
  CORS_ORIGINS: list(originProblem).describe(
    'Origins whose pages may call the gateway, comma list or *; unset: none',
  ),
  TRUSTED_PROXIES: list(proxyProblem).describe(
    'Proxies whose x-forwarded-for and -proto are believed, comma list of addresses and networks; unset: none',
  ),
  TLS_CERT_FILE: text()
    .optional()
    .describe('Certificate chain in PEM, read again when it changes; unset: plain HTTP'),
  TLS_KEY_FILE: text().optional().describe('Private key of the certificate in PEM'),
  TLS_CLIENT_CA_FILE: text()
    .optional()
    .describe(
      'Authorities in PEM that client certificates must come from; unset: clients need none',
    ),
})

/** Settings that do nothing without one of others. */
const NEEDS: readonly (readonly [Setting, readonly Setting[]])[] = [
  ['TLS_CERT_FILE', ['TLS_KEY_FILE']],
  ['TLS_KEY_FILE', ['TLS_CERT_FILE']],
  ['TLS_CLIENT_CA_FILE', ['TLS_CERT_FILE']],
  ['UPSTREAM_TLS_CERT_FILE', ['UPSTREAM_TLS_KEY_FILE']],
  ['UPSTREAM_TLS_KEY_FILE', ['UPSTREAM_TLS_CERT_FILE']],
  ['UPSTREAM_TLS_CERT_FILE', ['UPSTREAM_TLS_CA_FILE']],
  ['UPSTREAM_TLS_SERVER_NAME', ['UPSTREAM_TLS_CA_FILE']],
  ['OPERATIONS_HOST', ['OPERATIONS_PORT']],
  ['RATE_LIMIT_KEY_REQUESTS', ['API_KEYS_FILE', 'API_KEYS']],
  ['RATE_LIMIT_REDIS_URL', ['RATE_LIMIT_KEY_REQUESTS', 'RATE_LIMIT_ADDRESS_REQUESTS']],
]

type Setting = keyof typeof Settings.shape

type Parsed = z.output<typeof Settings>

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>

/** The settings as the code reads them: `MAX_IMAGE_BYTES` becomes `maxImageBytes`. */
export type Config = { readonly [K in keyof Parsed as CamelCase<K>]: Parsed[K] }

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase())
}

/** Reads the value of a setting by a grammar that is defined elsewhere; throws an error that says what is wrong. */
export type SettingCheck = (value: string) => unknown

/** Says of each variable that looks like a misspelt setting which one it may mean. */
export function settingWarnings(env: NodeJS.ProcessEnv): string[] {
  const misspelt = misspeltSettings(Object.keys(env), Object.keys(Settings.shape))
  return [...misspelt].map(
    ([name, meant]) => `${name} is no setting and is not read; did you mean ${meant}?`,
  )
}

/** Finds settings that do nothing; by what was given, so that a problem of another setting hides none of them. */
function uselessSettings(given: NodeJS.ProcessEnv): { name: Setting; message: string }[] {
  return NEEDS.filter(
    ([name, others]) =>
      given[name] !== undefined && others.every((other) => given[other] === undefined),
  ).map(([name, others]) => ({ name, message: `does nothing without ${others.join(' or ')}` }))
}

function checkProblems(
  given: NodeJS.ProcessEnv,
  checks: Readonly<Record<string, SettingCheck>>,
): string[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const value = given[name]
    if (value === undefined) return []
    try {
      check(value)
      return []
    } catch (error) {
      return [`  ${name}: ${(error as Error).message}`]
    }
  })
}

/**
 * Reads the settings from the environment. Every problem is listed in one error, with the variables that look like
 * misspelt settings. An empty variable counts as unset. `checks` are made of settings beside their schema.
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  checks: Readonly<Record<string, SettingCheck>> = {},
): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Settings.safeParse(given)
  const invalid = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    name: String(path[0]),
    message,
  }))
  const problems = [...invalid, ...uselessSettings(given)].map(({ name, message }) => {
    const value = SECRETS.has(name) ? 'a value that is kept secret' : JSON.stringify(given[name])
    return `  ${name}: ${message} (got ${value})`
  })
  problems.push(...checkProblems(given, checks))
  if (!parsed.success || problems.length > 0) {
    problems.push(...settingWarnings(given).map((warning) => `  ${warning}`))
    throw new Error(`These settings are invalid:\n${problems.join('\n')}`)
  }
  const entries = Object.entries(parsed.data).map(([name, value]) => [camelCase(name), value])
  return Object.freeze(Object.fromEntries(entries)) as Config
}

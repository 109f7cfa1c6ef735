import cors from '@fastify/cors'
import fp from 'fastify-plugin'
import type { ApiKey } from '../access/api-key.js'
import { openKeys } from '../access/key-source.js'
import { connectRedis } from '../access/redis.js'
import authentication from './authentication.js'
import rateLimit from './rate-limit.js'
import securityHeaders from './security-headers.js'

/** The settings that say who may ask for what. */
export interface AccessOptions {
  readonly apiKeys: readonly ApiKey[]
  readonly apiKeysFile?: string | undefined
  readonly corsOrigins: readonly string[]
  readonly rateLimitKeyRequests?: number | undefined
  readonly rateLimitAddressRequests?: number | undefined
  readonly rateLimitWindowMs: number
  readonly rateLimitRedisUrl?: string | undefined
}

/** What a front end on another origin may read of an answer. */
const EXPOSED = [
  'x-request-id',
  'x-model-name',
  'x-model-version',
  'x-detections-count',
  'server-timing',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
]

/** Browsers keep the answer to a preflight no longer than this, in seconds (Chromium; Firefox a day). */
const PREFLIGHT_SECONDS = 7200

/**
 * Decides by the headers of a request, before a byte of its body is read, whether it goes on: the limit of its address,
 * which also bounds who guesses keys; its key; the limit of the key. Preflight requests are answered before, because
 * browsers send no key with them. Register it before every route and everything else that looks at requests.
 */
export default fp<AccessOptions>(
  async (app, options) => {
    const windowMs = options.rateLimitWindowMs
    const { rateLimitAddressRequests: ofAddress, rateLimitKeyRequests: ofKey } = options
    const keys = openKeys({ keys: options.apiKeys, file: options.apiKeysFile, log: app.log })
    app.addHook('onClose', async () => keys.close())
    const redis =
      options.rateLimitRedisUrl === undefined
        ? undefined
        : await connectRedis(options.rateLimitRedisUrl, app.log)
    app.addHook('onClose', async () => redis?.disconnect())

    await app.register(securityHeaders)
    if (options.corsOrigins.length > 0) {
      await app.register(cors, {
        origin: [...options.corsOrigins],
        exposedHeaders: EXPOSED,
        maxAge: PREFLIGHT_SECONDS,
        strictPreflight: false,
      })
    }
    app.decorate('rateLimits', [])
    if (ofAddress !== undefined) {
      await app.register(rateLimit, { by: 'address', requests: ofAddress, windowMs, redis })
    }
    await app.register(authentication, { keys: keys.ring })
    if (ofKey !== undefined) {
      await app.register(rateLimit, { by: 'key', requests: ofKey, windowMs, redis })
    }
  },
  { name: 'access', dependencies: ['error-handler', 'request-id'], fastify: '5.x' },
)

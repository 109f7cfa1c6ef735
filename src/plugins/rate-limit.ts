import limiter from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'
import { GatewayError } from '../errors.js'
import { addressOf } from './client-of.js'

/** Counts one more piece of work for the client of a request; throws `rate_limited` (429) beyond the limit. */
export type RateLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /** The limits that hold, for work that one request asks for again and again. */
    readonly rateLimits: RateLimit[]
  }
}

export interface RateLimitOptions {
  /** What requests are counted by: the id of their API key, or their address (an IPv6 network of 64 bits is one). */
  readonly by: 'key' | 'address'
  /** Requests in a window. */
  readonly requests: number
  readonly windowMs: number
  /** Where they are counted for several gateways together; in this process' memory without one. */
  readonly redis?: Redis | undefined
}

/** How many keys or addresses are remembered: some 7 MB a limit. Beyond that, who was not seen for longest is forgotten. */
const REMEMBERED = 20_000

/** How long a Redis that failed is not asked again: requests go on uncounted meanwhile, and without waiting for it. */
const REDIS_PAUSE_MS = 1000

const SETTINGS = { key: 'RATE_LIMIT_KEY_REQUESTS', address: 'RATE_LIMIT_ADDRESS_REQUESTS' }

/**
 * Refuses with 429 `rate_limited` who sends more than a number of requests in a window, by the headers alone. Each answer
 * tells what is left in `ratelimit-limit`, `ratelimit-remaining` and `ratelimit-reset` (seconds), of the narrowest limit
 * where there are several. A Redis that does not answer lets everybody through, with a line in the log.
 */
export default fp<RateLimitOptions>(
  async (app, options) => {
    const count = withoutRedis(app, options, await makeCounter(app, options))
    const limit: RateLimit = async (request, reply) => {
      if (options.by === 'key' && request.clientId === null) return
      // Its client is gone already: it has no address any more.
      if (request.ip === undefined) return
      const state = await count(request)
      if (state?.isAllowed === false) enforce(state, reply, options)
    }
    app.rateLimits.push(limit)
    app.addHook('onRequest', async (request, reply) => {
      if (!request.routeOptions.config.public) await limit(request, reply)
    })
  },
  { name: 'rate-limit', dependencies: ['error-handler'], fastify: '5.x' },
)

type Counter = ReturnType<FastifyInstance['createRateLimit']>
type State = Awaited<ReturnType<Counter>>

/** Counts where it can be done: a Redis that is away is logged, once, and gives no count. */
function withoutRedis(
  app: FastifyInstance,
  { by, redis }: RateLimitOptions,
  count: Counter,
): (request: FastifyRequest) => Promise<State | undefined> {
  if (redis === undefined) return count
  let pausedUntil = 0
  let isAway = false
  return async (request) => {
    if (Date.now() < pausedUntil) return undefined
    try {
      const state = await count(request)
      if (isAway) app.log.info({ by }, 'Redis counts again: the limit is enforced')
      isAway = false
      return state
    } catch (err) {
      pausedUntil = Date.now() + REDIS_PAUSE_MS
      if (!isAway) app.log.error({ err, by }, 'Redis does not count: the limit is not enforced')
      isAway = true
      return undefined
    }
  }
}

/** Each limit has an instance of the counting plugin to itself, because one instance has one store and one name in it. */
async function makeCounter(
  app: FastifyInstance,
  { by, requests, windowMs, redis }: RateLimitOptions,
): Promise<Counter> {
  let counter: Counter | undefined
  await app.register(async (own) => {
    await own.register(limiter, {
      global: false,
      max: requests,
      timeWindow: windowMs,
      cache: REMEMBERED,
      keyGenerator: (request: FastifyRequest) =>
        by === 'key' ? request.clientId! : addressOf(request.ip),
      ...(redis && { redis, nameSpace: `detection-gateway:rate:${by}:` }),
    })
    counter = own.createRateLimit()
  })
  return counter!
}

function enforce(
  { max, remaining, ttlInSeconds, isExceeded }: Extract<State, { isAllowed: false }>,
  reply: FastifyReply,
  { by, windowMs }: RateLimitOptions,
): void {
  const narrowest = reply.getHeader('ratelimit-remaining')
  if (isExceeded || narrowest === undefined || remaining < Number(narrowest)) {
    reply.headers({
      'ratelimit-limit': max,
      'ratelimit-remaining': remaining,
      'ratelimit-reset': ttlInSeconds,
    })
  }
  if (!isExceeded) return
  const who = by === 'key' ? 'this API key' : 'this address'
  throw new GatewayError(
    'rate_limited',
    `More than ${max} requests in ${windowMs / 1000} s from ${who} (${SETTINGS[by]}); try again in ${ttlInSeconds} s`,
    { retryAfterSeconds: Math.max(1, ttlInSeconds) },
  )
}

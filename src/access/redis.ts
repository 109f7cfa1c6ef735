import { once } from 'node:events'
import type { Redis } from 'ioredis'
import type { AccessLog } from './key-source.js'

/** Longest wait for an answer: a Redis nearby takes less than one. */
const COMMAND_TIMEOUT_MS = 250
const CONNECT_TIMEOUT_MS = 2000
const MAX_RETRY_DELAY_MS = 2000

/**
 * Connects to a Redis and keeps trying, in the background: who asks while it is away gets an error at once. Losing it and
 * finding it again is logged once each; the address is not, because it may hold a password.
 */
export async function connectRedis(url: string, log: AccessLog): Promise<Redis> {
  // Loaded only where it is used.
  const { Redis: Client } = await import('ioredis')
  const redis = new Client(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 100, MAX_RETRY_DELAY_MS),
  })
  let away = ''
  redis.on('error', (error: Error & { code?: string }) => {
    const reason = error.code ?? error.message
    if (reason !== away) log.error({ reason }, 'Redis is away (RATE_LIMIT_REDIS_URL)')
    away = reason
  })
  redis.on('ready', () => {
    away = ''
    log.info({}, 'connected to Redis')
  })
  // Counted from the first request on, where it can be.
  await once(redis, 'ready').catch(() => {})
  return redis
}

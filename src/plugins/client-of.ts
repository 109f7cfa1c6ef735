import { isIP } from 'node:net'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'

/** `1.2.3.4:5678` and `[2001:db8::1]:5678`: some proxies add the port, and each connection has another. */
const WITH_PORT = /^(?:([\d.]+)|\[([\da-f:.]+)\]):\d+$/i

/**
 * The address that a client is counted by. An IPv6 network of 64 bits is one address, because who has one has all of its
 * addresses. What a proxy passes on that is no address is one client, `unknown`: it is whatever its sender likes.
 */
export function addressOf(ip: string): string {
  const [, v4, v6] = WITH_PORT.exec(ip) ?? []
  const bare = v4 ?? v6 ?? ip
  return isIP(bare) === 0 ? 'unknown' : normalizeIP(bare)
}

/** Who sends a request, for fairness: the id of its API key, else its address. */
export function clientOf({ clientId, ip }: Pick<FastifyRequest, 'clientId' | 'ip'>): string {
  if (clientId != null) return `key ${clientId}`
  // A client that is gone has no address any more, whatever the type says.
  return ip === undefined ? 'gone' : addressOf(ip)
}

import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'

/**
 * Who sends a request, for fairness: the id of its API key, else its address. An IPv6 network of 64 bits is one address,
 * because who has one has all of its addresses.
 */
export function clientOf({ clientId, ip }: Pick<FastifyRequest, 'clientId' | 'ip'>): string {
  if (clientId != null) return `key ${clientId}`
  // A client that is gone has no address any more, whatever the type says.
  return ip === undefined ? 'gone' : normalizeIP(ip)
}

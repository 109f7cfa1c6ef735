import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Why the router could not read the paths of requests that are routed again. */
const reasons = new WeakMap<IncomingMessage, unknown>()

/**
 * Sends a request whose path the router cannot read to the handler of unknown paths, so that it meets every hook: keys,
 * limits, log and headers hold for it too. Give it to Fastify as `frameworkErrors`; that handler throws what
 * `unroutableReason` has.
 */
export function routeUnroutable(
  error: unknown,
  { raw, server }: FastifyRequest,
  reply: FastifyReply,
): void {
  reasons.set(raw, error)
  // Readable, and below what is no route. The log has it as it stands here.
  raw.url = `/unroutable:${raw.url?.split('?', 1)[0]?.replaceAll('%', '%25')}`
  server.routing(raw, reply.raw)
}

/** Why a request was sent to the handler of unknown paths by `routeUnroutable`; `undefined` for any other request. */
export function unroutableReason({ raw }: Pick<FastifyRequest, 'raw'>): unknown {
  return reasons.get(raw)
}

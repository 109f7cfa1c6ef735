import type { FastifyRequest } from 'fastify'

/** Who sends a request, for fairness: the id of its API key, else its address. */
export function clientOf(request: FastifyRequest): string {
  const { clientId } = request as FastifyRequest & { readonly clientId?: string | null }
  return clientId == null ? request.ip : `key ${clientId}`
}

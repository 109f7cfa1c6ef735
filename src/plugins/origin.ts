import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../errors.js'

/** What is asked of the origin of a page. */
export interface OriginRules {
  /** CORS_ORIGINS: other origins that may, or `*` for all. */
  readonly corsOrigins: readonly string[]
}

/**
 * Refuses with 403 `forbidden` a page of another origin. Browsers let any page open a WebSocket to anywhere, with no
 * preflight request before; all that protects a gateway in a private network from the pages of strangers is this header.
 * Other clients send none.
 */
export function refuseForeignOrigin(request: FastifyRequest, { corsOrigins }: OriginRules): void {
  const { origin } = request.headers
  if (origin === undefined || corsOrigins.includes('*') || corsOrigins.includes(origin)) return
  if (isOwn(origin, request)) return
  throw new GatewayError(
    'forbidden',
    'Pages of this origin may not open streams (CORS_ORIGINS); behind a proxy that changes the host, its address belongs in ' +
      'TRUSTED_PROXIES or the origin in CORS_ORIGINS',
  )
}

/** Whether an origin has the host that the request was sent to. A proxy may have ended its TLS, but none adds it. */
function isOwn(origin: string, { host, protocol }: FastifyRequest): boolean {
  if (!URL.canParse(origin) || !host) return false
  const { protocol: scheme, host: name } = new URL(origin)
  if (scheme !== 'http:' && scheme !== 'https:') return false
  if (scheme === 'http:' && protocol === 'https') return false
  const own = `${scheme}//${host}`
  return URL.canParse(own) && new URL(own).host === name
}

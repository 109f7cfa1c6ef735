import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { KeyRing } from '../access/key-ring.js'
import { GatewayError } from '../errors.js'

export interface AuthenticationOptions {
  /** Keys that let clients in; everything is open while there is none. */
  readonly keys: KeyRing
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the API key that the request came with; `null` without one. */
    readonly clientId: string | null
    /** Throws `unauthenticated` (401) when the key that the request came with lets nobody in any more. */
    refuseRevokedKey(): void
  }
  interface FastifyContextConfig {
    /** Answers without a key and counts for no limit: what probes ask, and the page's own files. */
    readonly public?: boolean
    /** Takes a key from the subprotocols too: browsers can set no header on a WebSocket. */
    readonly keyInSubprotocol?: boolean
  }
}

const CHALLENGE = 'Bearer realm="detection-gateway"'

/**
 * Lets in who has a key, by the headers alone: `authorization: Bearer`, `x-api-key`, or a subprotocol. Everybody else gets 401
 * `unauthenticated`, for paths that do not exist too. The key's id, never the key, goes to each log line of the request.
 */
export default fp<AuthenticationOptions>(
  async (app, { keys }) => {
    app.decorateRequest('clientId', null)
    app.decorateRequest('refuseRevokedKey', function (this: FastifyRequest) {
      const key = keys.size === 0 ? undefined : keyOf(this)
      const id = key === undefined ? null : (keys.idOf(key) ?? null)
      if (keys.size > 0 && (id === null || id !== this.clientId)) throw unauthenticated(true)
    })
    app.addHook('onRequest', async (request, reply) => {
      if (keys.size === 0 || request.routeOptions.config.public) return
      const key = keyOf(request)
      const id = key === undefined ? undefined : keys.idOf(key)
      if (id === undefined) {
        const error = key === undefined ? '' : ', error="invalid_token"'
        reply.header('www-authenticate', CHALLENGE + error)
        throw unauthenticated(key !== undefined)
      }
      request.setDecorator('clientId', id)
      request.log = request.log.child({ key_id: id })
      reply.log = request.log
    })
  },
  { name: 'authentication', dependencies: ['error-handler'], fastify: '5.x' },
)

/** What a subprotocol begins with that holds a key, in base64url. */
const KEY_PROTOCOL = 'key.'

/** The key that a request came with; clients of DOODS have a header of their own for it. Other schemes of `authorization` are none of ours: proxies use them. */
function keyOf({ headers, routeOptions }: FastifyRequest): string | undefined {
  const [, token] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? []
  if (token !== undefined) return token
  const key = headers['x-api-key'] ?? headers['doods-auth-key']
  if (typeof key === 'string' && key !== '') return key
  return routeOptions.config.keyInSubprotocol
    ? keyOfProtocols(headers['sec-websocket-protocol'])
    : undefined
}

function keyOfProtocols(offered: string | undefined): string | undefined {
  const names = (offered ?? '').split(',').map((name) => name.trim())
  const encoded = names.find((name) => name.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length)
  return encoded ? Buffer.from(encoded, 'base64url').toString() : undefined
}

function unauthenticated(given: boolean): GatewayError {
  return new GatewayError(
    'unauthenticated',
    given
      ? 'The API key is not one of this gateway (API_KEYS_FILE, API_KEYS)'
      : 'An API key is needed, as "authorization: Bearer KEY" or "x-api-key: KEY" (API_KEYS_FILE, API_KEYS)',
  )
}

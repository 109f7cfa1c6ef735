import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type WebSocket, WebSocketServer } from 'ws'
import { GatewayError } from '../errors.js'
import { UPGRADED } from './request-end.js'

/** The subprotocol of streams. A client that offers any must offer it, because it is the only one that is answered. */
export const SUBPROTOCOL = 'detection-gateway.v1'

export interface WebSocketOptions {
  /** Bytes of the largest message. */
  readonly maxMessageBytes: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Makes a WebSocket of the connection, whose `reply` must then be left alone. Throws `upgrade_required` (426) for a
     * request that asks for none, `malformed_request` (400) for one that asks in the wrong way.
     */
    acceptWebSocket(reply: FastifyReply): WebSocket
    /** Throws as `acceptWebSocket` does for a request that asks for no WebSocket, or in the wrong way. */
    refuseWithoutUpgrade(reply: FastifyReply): void
  }
}

/** What Node hands over with a request for an upgrade. */
interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
  readonly response: ServerResponse
}

/** Milliseconds that the other end has to close a connection. */
const CLOSE_TIMEOUT_MS = 3000

/** Pieces of one message: proxies cut them, some to 16 KiB. */
const MAX_FRAGMENTS = 4096

/**
 * Sends requests for an upgrade through the router like all others, so that every hook holds for them, and a refusal is an
 * ordinary answer. Messages are not compressed: pictures are already, and a deflated one could be of any size.
 */
export default fp<WebSocketOptions>(
  async (app, { maxMessageBytes }) => {
    const upgrades = new WeakMap<IncomingMessage, Upgrade>()
    const refusals = new WeakMap<IncomingMessage, Error>()
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      // Pongs are counted like all that is sent: see routes/stream/outbox.
      autoPong: false,
      maxPayload: maxMessageBytes,
      maxFragments: MAX_FRAGMENTS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
    } as ConstructorParameters<typeof WebSocketServer>[0])
    server.on('wsClientError', (error, _socket, raw) => refusals.set(raw, error))
    server.on('headers', (headers, raw) => {
      for (const header of upgrades.get(raw)?.response.getHeaderNames() ?? []) {
        headers.push(`${header}: ${upgrades.get(raw)?.response.getHeader(header)}`)
      }
    })

    app.server.on('upgrade', (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A client that resets the connection is told of by its close.
      socket.on('error', () => {})
      const response = new ServerResponse(raw)
      response.shouldKeepAlive = false
      response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0])
      response.once('finish', () => endGently(socket))
      upgrades.set(raw, { socket, head, response })
      app.routing(raw, response)
    })

    app.decorateRequest('refuseWithoutUpgrade', function (this: FastifyRequest, reply) {
      if (!upgrades.has(this.raw)) throw upgradeRequired(reply)
      refuseProtocols(this, reply)
    })
    app.decorateRequest('acceptWebSocket', function (this: FastifyRequest, reply) {
      this.refuseWithoutUpgrade(reply)
      const upgrade = upgrades.get(this.raw)!
      const { socket, head, response } = upgrade
      for (const name of PASSED_ON) {
        const value = reply.getHeader(name)
        if (value !== undefined) response.setHeader(name, value)
      }
      let accepted: WebSocket | undefined
      server.handleUpgrade(this.raw, socket, head, (webSocket) => {
        accepted = webSocket
      })
      if (accepted === undefined) throw notAWebSocket(refusals.get(this.raw))
      reply.hijack()
      response.statusCode = UPGRADED
      response.detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0])
      return accepted
    })
  },
  { name: 'websocket', dependencies: ['error-handler', 'request-id'], fastify: '5.x' },
)

/** Headers of the answer that the hooks have set and that say something of a connection that is upgraded. */
const PASSED_ON = ['x-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']

/** Closes a connection whose request was refused. What its client still sends is read, because unread bytes reset it. */
function endGently(socket: Duplex): void {
  socket.resume()
  socket.end()
  const timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS)
  socket.once('close', () => clearTimeout(timer))
}

function refuseProtocols({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (headers['sec-websocket-version'] !== '13') {
    reply.header('sec-websocket-version', '13')
    throw upgradeRequired(reply)
  }
  const offered = headers['sec-websocket-protocol']
  if (offered === undefined) return
  if (offered.split(',').some((name) => name.trim() === SUBPROTOCOL)) return
  throw new GatewayError(
    'malformed_request',
    `sec-websocket-protocol must offer "${SUBPROTOCOL}" beside what else it offers`,
  )
}

function upgradeRequired(reply: FastifyReply): GatewayError {
  reply.header('upgrade', 'websocket')
  return new GatewayError(
    'upgrade_required',
    'This route speaks WebSocket (RFC 6455, version 13): ask for an upgrade, as the first request of a connection or after ' +
      'the answers to those before, and without a body',
  )
}

function notAWebSocket(cause: Error | undefined): GatewayError {
  return new GatewayError(
    'malformed_request',
    `The request for a WebSocket cannot be read${cause === undefined ? '' : `: ${cause.message}`}`,
    { cause },
  )
}

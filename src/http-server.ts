import type { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Config } from './config.js'
import { type ClosedConnection, ConnectionLimit, endOf } from './connection-limit.js'
import { boundPipelines } from './pipeline-limit.js'
import { writeClientError } from './plugins/client-error.js'
import { genReqId } from './plugins/request-id.js'
import { routeUnroutable } from './plugins/unroutable.js'
import { readTls, tlsFilesOf, toContext, watchTls } from './tls.js'
import { UpgradableRequest } from './upgradable-request.js'

/** How often Node looks for connections whose headers or body are late: its own 30 s would stretch every limit. */
const CHECKING_INTERVAL_MS = 1000

/** Requests that a connection may send ahead of their answers: browsers send one, load generators ten or twenty. */
const MAX_PIPELINED = 64

/** Least milliseconds from one line in the log that connections are closed for others to the next. */
const FULL_LOG_INTERVAL_MS = 10_000

declare module 'fastify' {
  interface FastifyInstance {
    /** The connections that are open; told of each that is closed because all are taken. */
    readonly connections: ConnectionWatch
  }
}

export interface ConnectionWatch {
  readonly limit: Pick<ConnectionLimit, 'open'>
  onClosed: (which: ClosedConnection) => void
}

/** Makes the HTTP server of the operations port: as the other one, but without TLS and proxies. */
export function createOperationsServer(config: Config): FastifyInstance {
  return createHttpServer({
    ...config,
    trustedProxies: [],
    tlsCertFile: undefined,
    tlsKeyFile: undefined,
  })
}

/** Headers that hold secrets, wherever a log line should come to hold headers. */
const REDACTED = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  '["doods-auth-key"]',
  '["sec-websocket-protocol"]',
].flatMap((name) => {
  const path = name.startsWith('[') ? name : `.${name}`
  return [`headers${path}`, `*.headers${path}`]
})

/**
 * Makes the HTTP server and its log: how it listens and what it waits for, but nothing that it answers. It speaks HTTPS
 * where the settings name certificates.
 */
export function createHttpServer(config: Config): FastifyInstance {
  const files = tlsFilesOf(config)
  const texts = readTls(files)
  const http = {
    IncomingMessage: UpgradableRequest,
    // Asked for in plugins/host-header, where a refusal is a problem document.
    requireHostHeader: false,
    headersTimeout: config.headersTimeoutMs,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
  }
  const https = texts && {
    ...http,
    ...toContext(texts),
    handshakeTimeout: config.headersTimeoutMs,
    requestCert: files?.clientCa !== undefined,
    rejectUnauthorized: files?.clientCa !== undefined,
  }
  const secured = new WeakSet<Duplex>()
  const app: FastifyInstance = Fastify({
    logger: { level: config.logLevel, redact: REDACTED },
    trustProxy: config.trustedProxies.length > 0 && config.trustedProxies,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId,
    frameworkErrors: routeUnroutable,
    clientErrorHandler(error, socket) {
      // No TLS, no answer: whoever it is would not understand one.
      if (https !== undefined && !secured.has(socket)) {
        app.log.debug({ reason: error.code }, 'TLS connection refused')
        socket.destroy()
        return
      }
      const problem = writeClientError(error, socket as Socket)
      if (problem !== undefined) app.log.info({ code: problem.code }, 'connection refused')
    },
    keepAliveTimeout: config.keepAliveTimeoutMs,
    // The body has a deadline of its own that answers better; this one is the backstop.
    requestTimeout: config.headersTimeoutMs + config.bodyTimeoutMs + CHECKING_INTERVAL_MS,
    ...(https ? { https } : { http }),
    routerOptions: { maxParamLength: 256 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  })
  // No route has it; with a body, Fastify would ask for its type before it says so.
  app.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true })
  app.server.on('secureConnection', (socket: Socket) => secured.add(socket))
  boundPipelines(app.server, MAX_PIPELINED, () =>
    app.log.info(
      { most: MAX_PIPELINED },
      'connection closed: too many requests ahead of their answers',
    ),
  )
  boundConnections(app, config.maxConnections)
  dropUnusedOnClose(app)
  if (files !== undefined && texts !== undefined) {
    const stop = watchTls(app.server as SecureServer, files, texts, app.log)
    app.addHook('onClose', async () => stop())
  }
  return app
}

/** Holds connections to `most`, says so in the log when they are, and leaves `app.connections` for the metrics. */
function boundConnections(app: FastifyInstance, most: number): void {
  let logged = Number.NEGATIVE_INFINITY
  const limit = new ConnectionLimit(most, (which) => {
    watch.onClosed(which)
    if (performance.now() - logged < FULL_LOG_INTERVAL_MS) return
    logged = performance.now()
    app.log.warn({ most, closed: which }, 'all connections are taken (MAX_CONNECTIONS)')
  })
  const watch: ConnectionWatch = { limit, onClosed: () => {} }
  app.decorate('connections', watch)
  app.server.on('connection', (socket: Socket) => limit.add(socket))
  app.server.on('secureConnection', (socket: Socket) => limit.secure(socket))
  // Before every other hook: some of them wait. A stream's response is never closed, so that its connection stays busy.
  app.addHook('onRequest', async ({ raw }, reply) => {
    reply.raw.once('close', limit.begin(raw.socket))
  })
}

/**
 * Closes the connections that have never sent a byte when the server closes, such as those that browsers open ahead. Node
 * takes them for busy, and stops to look for late headers once it closes: they would hold up the end of the process. So
 * would TLS handshakes that are not finished.
 */
function dropUnusedOnClose(app: FastifyInstance): void {
  // By the client's end: TLS has two sockets for one connection.
  const unused = new Map<string, Socket>()
  let closing = false
  app.server.on('connection', (socket: Socket) => {
    if (closing) socket.destroy()
    const name = endOf(socket)
    unused.set(name, socket)
    socket.once('close', () => unused.delete(name))
  })
  app.server.on('secureConnection', (socket: Socket) => unused.set(endOf(socket), socket))
  app.server.on('request', ({ socket }) => unused.delete(endOf(socket)))
  app.addHook('preClose', async () => {
    closing = true
    const isTls = app.initialConfig.https !== undefined
    for (const socket of unused.values()) {
      const isShaking = isTls && !(socket instanceof TLSSocket)
      if (socket.bytesRead === 0 || isShaking) socket.destroy()
    }
  })
}

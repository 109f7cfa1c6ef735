import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Config } from './config.js'
import { writeClientError } from './plugins/client-error.js'
import { sendProblem } from './plugins/error-handler.js'
import { genReqId } from './plugins/request-id.js'

/** How often Node looks for connections whose headers or body are late: its own 30 s would stretch every limit. */
const CHECKING_INTERVAL_MS = 1000

/** Makes the HTTP server and its log: how it listens and what it waits for, but nothing that it answers. */
export function createHttpServer(config: Config): FastifyInstance {
  const app: FastifyInstance = Fastify({
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId,
    frameworkErrors: sendProblem,
    clientErrorHandler(error, socket) {
      const problem = writeClientError(error, socket as Socket)
      if (problem !== undefined) app.log.info({ code: problem.code }, 'connection refused')
    },
    keepAliveTimeout: config.keepAliveTimeoutMs,
    // The body has a deadline of its own that answers better; this one is the backstop.
    requestTimeout: config.headersTimeoutMs + config.bodyTimeoutMs + CHECKING_INTERVAL_MS,
    http: {
      headersTimeout: config.headersTimeoutMs,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    },
    routerOptions: { maxParamLength: 256 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  })
  // No route has it; with a body, Fastify would ask for its type before it says so.
  app.addHttpMethod('QUERY', { hasBody: false, overrideExisting: true })
  dropUnusedOnClose(app)
  return app
}

/**
 * Closes the connections that have never sent a byte when the server closes, such as those that browsers open ahead. Node
 * takes them for busy, and stops to look for late headers once it closes: they would hold up the end of the process.
 */
function dropUnusedOnClose(app: FastifyInstance): void {
  const unused = new Set<Socket>()
  let closing = false
  app.server.on('connection', (socket: Socket) => {
    if (closing) socket.destroy()
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  app.server.on('request', ({ socket }) => unused.delete(socket))
  app.addHook('preClose', async () => {
    closing = true
    for (const socket of unused) if (socket.bytesRead === 0) socket.destroy()
  })
}

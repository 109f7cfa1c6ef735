import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ErrorCode } from '../errors.js'
import { clientOf } from '../plugins/client-of.js'
import { type OriginRules, refuseForeignOrigin } from '../plugins/origin.js'
import { SUBPROTOCOL } from '../plugins/websocket.js'
import { problemResponses } from '../schemas/problem.js'
import { DetectQuery } from '../schemas/requests.js'
import { StreamMessage } from '../schemas/stream.js'
import { STREAM_PATH } from '../upgradable-request.js'
import { CLOSE } from './stream/inbox.js'
import { Places } from './stream/places.js'
import { StreamParameters } from './stream/stream-parameters.js'
import { FRAME_OUTCOMES, type StreamLimits, StreamSession } from './stream/stream-session.js'

export interface StreamRouteLimits extends StreamLimits, OriginRules {
  /** Streams at once; without any there is no route. */
  readonly maxStreams: number
}

/** What keeps a stream from being opened. What is wrong with a frame is told in a message. */
const PROBLEMS: readonly ErrorCode[] = [
  'malformed_request',
  'invalid_parameter',
  'parameter_conflict',
  'forbidden',
  'upgrade_required',
  'queue_full',
  'shutting_down',
]

const schema = {
  operationId: 'detectStream',
  summary: 'Detect objects in a stream of pictures',
  description: [
    'A WebSocket: each binary message is a picture file, and is answered by a text message that is JSON. The newest picture ' +
      'wins: one is in work, one waits, and an older one that waits gives way and is only counted, in `dropped`. What is ' +
      'wrong with a picture is told in `error`, and the stream goes on.',
    'Parameters are those of `POST /v1/detect` in the query, with `format` `json` only. A text message with a JSON object ' +
      'changes those that it names for the pictures after it; null goes back to the default.',
    `A client that offers subprotocols must offer \`${SUBPROTOCOL}\`, and may offer an API key beside it as ` +
      '`key.` and the key in base64url, because browsers can set no headers here. Pages of other origins than the ' +
      "gateway's own need `CORS_ORIGINS`.",
    'Closing codes: 1001 the gateway is shutting down; 1008 a message came too slowly, or the key is not one any more; 1009 a message is too large; 1013 ' +
      'there is no room, try again later. Their reason is the code of the error.',
  ].join('\n\n'),
  tags: ['detection'],
  response: {
    101: {
      description: 'The connection is a WebSocket from here on; its text messages are these',
      content: { 'application/json': { schema: StreamMessage } },
    },
    ...problemResponses(...PROBLEMS),
  },
}

/** `GET /v1/detect/stream`: pictures in by WebSocket, answers out. */
export const streamRoutes: FastifyPluginAsyncZod<{ limits: StreamRouteLimits }> = async (
  app,
  { limits },
) => {
  if (limits.maxStreams === 0) return
  const places = new Places(limits.maxStreams)
  const sessions = new Set<StreamSession>()
  const count = app.metrics.addCounter(
    'stream_frames_total',
    'Frames of streams, by what became of them',
    FRAME_OUTCOMES,
  )
  app.metrics.addGauge('streams_open', 'WebSocket streams that are open', () => places.taken)
  app.addHook('preClose', async () => {
    for (const session of sessions) session.drain()
  })

  const open = (request: FastifyRequest, reply: FastifyReply) => {
    const parameters = new StreamParameters(request.query, (it) => app.refuseLongTimeout(it))
    let session: StreamSession | undefined
    const leave = places.take(clientOf(request), {
      evict: (error) => session?.fail(error, CLOSE.tryAgain),
    })
    try {
      const { socket: connection } = request.raw
      const socket = request.acceptWebSocket(reply)
      session = new StreamSession(socket, connection as Socket, {
        request,
        reply,
        parameters,
        limits,
        count,
      })
      sessions.add(session)
      request.setDecorator('endFacts', session.facts)
      socket.once('close', () => {
        sessions.delete(session!)
        leave()
      })
    } catch (error) {
      leave()
      throw error
    }
  }

  const config = { documentation: { querystring: DetectQuery }, keyInSubprotocol: true }
  app.get(STREAM_PATH, { schema, config }, (request, reply) => {
    request.refuseWithoutUpgrade(reply)
    refuseForeignOrigin(request, limits)
    open(request, reply)
  })
}

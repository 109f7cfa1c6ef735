import { AsyncResource } from 'node:async_hooks'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import type { GatewayError } from '../../errors.js'
import { clientOf } from '../../plugins/client-of.js'
import { toGatewayError } from '../../plugins/foreign-errors.js'
import type { DetectParameters } from '../../schemas/parameters.js'
import { toProblem } from '../../schemas/problem.js'
import type { StreamMessage } from '../../schemas/stream.js'
import { toDetectOptions } from '../../schemas/to-options.js'
import { toDetectResponse } from '../../schemas/to-response.js'
import { detectImage } from '../../tasks/detection/detect-image.js'
import { emptyImage } from '../body/problems.js'
import type { BodyLimits } from '../body/upload.js'
import { Heartbeat } from './heartbeat.js'
import { CLOSE, Inbox, type MessageHold } from './inbox.js'
import { Newest } from './newest.js'
import { Outbox } from './outbox.js'
import type { StreamParameters } from './stream-parameters.js'

/** What becomes of a frame: `left` is one whose client left before its answer. */
export const FRAME_OUTCOMES = ['answered', 'failed', 'dropped', 'left'] as const
export type FrameOutcome = (typeof FRAME_OUTCOMES)[number]

/** The bounds of a stream; each is a setting of the same name in capitals. */
export interface StreamLimits extends BodyLimits {
  readonly answerTimeoutMs: number
  readonly keepAliveTimeoutMs: number
}

export interface StreamOptions {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly parameters: StreamParameters
  readonly limits: StreamLimits
  readonly count: (outcome: FrameOutcome) => void
}

/** A picture that has arrived, with what is asked about it. */
interface Frame {
  readonly index: number
  readonly bytes: Buffer
  readonly parameters: DetectParameters
  readonly hold: MessageHold | undefined
}

/**
 * One stream: pictures in, answers out, the newest picture first. It takes nothing more from a client who does not read, and
 * gives back what it holds when the connection is gone.
 */
export class StreamSession {
  readonly #socket: WebSocket
  readonly #connection: Socket
  readonly #options: StreamOptions
  readonly #client: string
  readonly #newest: Newest<Frame>
  readonly #inbox: Inbox
  readonly #outbox: Outbox
  readonly #heartbeat: Heartbeat
  readonly #facts = { frames: 0, answered: 0, failed: 0, dropped: 0, left: 0 }

  /** `connection` is what the socket reads from. */
  constructor(socket: WebSocket, connection: Socket, options: StreamOptions) {
    const { request, limits } = options
    this.#socket = socket
    this.#connection = connection
    this.#options = options
    this.#client = clientOf(request)
    // The trace of the request, which events of its connection know nothing of.
    const work = AsyncResource.bind((frame: Frame) => this.#work(frame))
    this.#newest = new Newest({ work, onDrop: (frame) => this.#drop(frame) })
    this.#inbox = new Inbox({
      limits,
      take: (bytes, evict) => request.holdUpload(bytes, evict),
      fail: (error, code) => this.fail(error, code),
    })
    this.#outbox = new Outbox(socket, {
      answerTimeoutMs: limits.answerTimeoutMs,
      hold: (bytes) => request.holdAnswer(bytes),
      onRoom: () => this.#resume(),
      onStuck: () => this.#cut('client did not read its answers'),
    })
    this.#heartbeat = new Heartbeat(socket, limits.keepAliveTimeoutMs, () =>
      this.#cut('client of a stream is silent'),
    )
    this.#listen()
  }

  /** What the log says of the stream. */
  get facts(): Readonly<Record<string, unknown>> {
    return this.#facts
  }

  /** Ends the stream once the frame in work has been answered. */
  drain(): void {
    this.#newest.end(() => this.#socket.close(CLOSE.goingAway, 'the gateway is shutting down'))
  }

  /** Says why, then closes the stream by a code of RFC 6455. */
  fail(error: GatewayError, closeCode: number): void {
    this.#sendProblem(null, error)
    this.#break(closeCode, error.code)
  }

  /** Closes the stream without waiting for its client, and reads what that still sends only to drop it. */
  #break(closeCode: number, reason: string): void {
    this.#newest.end(() => {})
    this.#inbox.close()
    this.#socket.removeAllListeners('message').close(closeCode, reason)
    this.#connection.removeAllListeners('data').end()
    this.#connection.resume()
  }

  #listen(): void {
    const socket = this.#socket
    // Before the listener that reads messages, so that nothing of one is kept that there is no room for.
    this.#connection.prependListener('data', (chunk: Buffer) => {
      this.#heartbeat.heard()
      this.#inbox.push(chunk)
    })
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary))
    socket.on('ping', (data) => {
      if (socket.readyState === socket.OPEN) this.#outbox.pong(data)
      this.#hold()
    })
    socket.on('error', (err) => {
      this.#options.request.log.info({ reason: err.message }, 'stream breaks its protocol')
    })
    socket.once('close', () => this.#end())
  }

  #end(): void {
    this.#newest.end(() => {})
    this.#inbox.close()
    this.#outbox.close()
    this.#heartbeat.stop()
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    // What ws gives for its default binaryType.
    const bytes = data as Buffer
    const hold = this.#inbox.complete(bytes.length)
    if (isBinary) this.#onFrame(bytes, hold)
    else this.#onText(bytes, hold)
    this.#hold()
  }

  #onFrame(bytes: Buffer, hold: MessageHold | undefined): void {
    const index = this.#facts.frames++
    this.#newest.offer({ index, bytes, hold, parameters: this.#options.parameters.current })
  }

  #onText(bytes: Buffer, hold: MessageHold | undefined): void {
    try {
      const changed = this.#options.parameters.change(bytes)
      this.#send({ frame: this.#facts.frames, dropped: this.#facts.dropped, changed })
    } catch (error) {
      this.#sendProblem(null, error)
    } finally {
      hold?.release()
    }
  }

  #drop({ hold }: Frame): void {
    hold?.release()
    this.#count('dropped')
  }

  /** Answers a frame. Never rejects. */
  async #work(frame: Frame): Promise<void> {
    const { request } = this.#options
    try {
      const answer = await this.#detect(frame)
      this.#count('answered')
      const { dropped } = this.#facts
      this.#send({ frame: frame.index, dropped, ...toDetectResponse(answer.result) })
    } catch (error) {
      if (request.cancellation.aborted) return this.#count('left')
      this.#count('failed')
      const problem = toGatewayError(error)
      if (problem.code === 'unauthenticated') this.fail(problem, CLOSE.policy)
      else this.#sendProblem(frame.index, problem)
    } finally {
      frame.hold?.release()
      this.#hold()
    }
  }

  async #detect({ bytes, parameters }: Frame) {
    const { request, reply } = this.#options
    const { server: app } = request
    // A stream may outlive the key that opened it.
    request.refuseRevokedKey()
    for (const limit of app.rateLimits) await limit(request, reply)
    if (bytes.length === 0) throw emptyImage()
    const options = toDetectOptions(
      parameters,
      app.catalog.defaultModel,
      request.headers.traceparent,
      this.#client,
    )
    return app.withDeadline(request, parameters, (deadline) =>
      detectImage(app.detector, bytes, options, undefined, deadline),
    )
  }

  #sendProblem(frame: number | null, error: unknown): void {
    const { request } = this.#options
    const problem = toGatewayError(error)
    const { code, statusCode, retryAfterSeconds } = problem
    if (statusCode >= 500) request.log.error({ err: problem, code, frame }, 'frame failed')
    else request.log.debug({ code, detail: problem.message, frame }, 'frame refused')
    request.server.metrics.countError(code)
    this.#send({
      frame,
      dropped: this.#facts.dropped,
      error: toProblem(problem, request.id),
      ...(retryAfterSeconds !== undefined && { retry_after: Math.ceil(retryAfterSeconds) }),
    })
  }

  #send(message: StreamMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    try {
      this.#outbox.send(message)
    } catch (error) {
      // What cannot be sent for want of memory cannot be told in words either.
      this.#break(CLOSE.tryAgain, toGatewayError(error).code)
    }
  }

  #count(outcome: FrameOutcome): void {
    this.#facts[outcome] += 1
    this.#options.count(outcome)
  }

  /** Takes nothing more from a client who has to read first. */
  #hold(): void {
    if (!this.#outbox.isFull) return
    this.#newest.pause()
    this.#socket.pause()
  }

  #resume(): void {
    this.#socket.resume()
    this.#newest.resume()
  }

  #cut(reason: string): void {
    this.#options.request.log.info(reason)
    this.#socket.terminate()
  }
}

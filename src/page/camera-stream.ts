import {
  type DetectionStream,
  GatewayProblem,
  type JsonParameters,
  type StreamFailure,
  type StreamMessage,
} from '../client/client.js'
import type { DetectResponse } from '../client/wire.js'
import { nextFrame } from './dom.js'

/** Frames under way: one in work, one that waits, and a newer one to take its place. */
const MOST_UNDER_WAY = 3

/** How long a failed frame holds the next one back, in milliseconds, where the gateway does not say. */
export const PAUSE_MS = 1000

/** Where a stream's frames come from, and where what is found goes. */
export interface StreamViewer {
  /** What the camera shows now; `undefined` where it shows nothing yet. */
  grab(): Promise<Blob | undefined>
  /** Model and version as they are chosen now. */
  choice(): JsonParameters
  onAnswer(frame: Blob, answer: DetectResponse, dropped: number): void
  onProblem(error: unknown): void
}

/** Says a failure of a stream as requests say theirs. */
function toProblem({ error, retry_after }: StreamFailure): GatewayProblem {
  return new GatewayProblem(error.detail, {
    code: error.code,
    status: error.status,
    requestId: error.request_id,
    problem: error,
    retryAfterSeconds: retry_after,
  })
}

/** A camera's frames on their way through one stream. */
export class CameraStream {
  readonly #stream: DetectionStream
  readonly #viewer: StreamViewer
  readonly #underWay = new Map<number, Blob>()
  #choice: string
  #sent = 0
  /** Frames with an answer, good or bad. */
  #answered = 0
  /** Those, and the ones that gave way. */
  #ended = 0
  #notBefore = 0

  /** `opened` is the choice that the stream was opened with. */
  constructor(stream: DetectionStream, opened: JsonParameters, viewer: StreamViewer) {
    this.#stream = stream
    this.#choice = JSON.stringify(opened)
    this.#viewer = viewer
  }

  /** Looks until the signal is aborted; throws a `GatewayProblem` when the stream ends before. */
  async run(signal: AbortSignal): Promise<void> {
    void this.#feed(signal)
    let last: GatewayProblem | undefined
    try {
      for await (const message of this.#stream) last = this.#take(message)
    } catch (error) {
      // The gateway says why it closes a stream before it does.
      throw last ?? error
    }
  }

  /** Takes a message; gives the problem of one that tells why the stream ends. */
  #take(message: StreamMessage): GatewayProblem | undefined {
    if ('changed' in message) return undefined
    if ('error' in message) {
      const problem = toProblem(message)
      if (message.frame === null) return problem
      this.#settle(message.frame, message.dropped)
      this.#notBefore = performance.now() + Math.max(PAUSE_MS, (message.retry_after ?? 0) * 1000)
      this.#viewer.onProblem(problem)
      return undefined
    }
    const { frame, dropped, ...answer } = message
    const picture = this.#settle(frame, dropped)
    if (picture !== undefined) this.#viewer.onAnswer(picture, answer, dropped)
    return undefined
  }

  /** The picture of a frame whose answer is here; older ones will have none. */
  #settle(frame: number, dropped: number): Blob | undefined {
    this.#answered += 1
    this.#ended = this.#answered + dropped
    const picture = this.#underWay.get(frame)
    for (const older of this.#underWay.keys()) if (older <= frame) this.#underWay.delete(older)
    return picture
  }

  /** Sends what the camera shows, as long as that will not be old before it is looked at. */
  async #feed(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#stream.isOpen) {
      await nextFrame(signal)
      if (!this.#hasRoom()) continue
      const frame = await this.#viewer.grab()
      if (frame === undefined || signal.aborted || !this.#stream.isOpen) continue
      this.#tellChoice()
      this.#underWay.set(this.#stream.send(frame), frame)
      this.#sent += 1
    }
  }

  #hasRoom(): boolean {
    const underWay = this.#sent - this.#ended
    const isFree = this.#stream.bufferedBytes === 0 && underWay < MOST_UNDER_WAY
    return isFree && performance.now() >= this.#notBefore
  }

  #tellChoice(): void {
    const choice = this.#viewer.choice()
    const text = JSON.stringify(choice)
    if (text === this.#choice) return
    this.#choice = text
    this.#stream.change({ model: null, version: null, ...choice })
  }
}

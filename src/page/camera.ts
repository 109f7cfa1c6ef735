import { type DetectionStream, GatewayProblem, type JsonParameters } from '../client/client.js'
import type { Answer } from './answer.js'
import { CameraStream, PAUSE_MS } from './camera-stream.js'
import { byId, nextFrame } from './dom.js'

/** Longest side of the frames that are sent, in pixels. */
const FRAME_SIDE = 800

/** Frames from which the frames a second are counted. */
const PACE_FRAMES = 12

/** What the camera does with its frames. */
export interface CameraEvents {
  /** Opens a stream for the frames; `undefined` where none can be had, and each is a request. */
  open(signal: AbortSignal): Promise<DetectionStream | undefined>
  look(frame: Blob, signal: AbortSignal): Promise<Answer>
  /** Model and version as they are chosen now. */
  choice(): JsonParameters
  /** `dropped` are the frames of this stream that gave way to newer ones. */
  onAnswer(frame: Blob, answer: Answer, fps: number, dropped: number): void
  onProblem(error: unknown): void
}

/** Why there is no camera here, in words; `undefined` where there may be one. */
export function cameraObstacle(): string | undefined {
  if (!window.isSecureContext) {
    return 'The camera needs HTTPS, or localhost: browsers give it to no page that came by plain HTTP.'
  }
  if (navigator.mediaDevices?.getUserMedia === undefined)
    return 'This browser has no camera to offer.'
  return undefined
}

/** Says in words why the browser gave no camera. */
export function explainCamera(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError')
    return 'The camera was not allowed; the browser asks again after its setting is changed.'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'No camera was found.'
  if (name === 'NotReadableError') return 'The camera is in use by another program.'
  return error instanceof Error ? error.message : String(error)
}

/**
 * Looks at the camera's picture again and again: through a stream, in which the newest frame wins; where a proxy or an
 * older gateway lets none through, or the model does not detect, by a request at a time, each of what the camera shows when the last was answered.
 */
export class Camera {
  readonly #video = byId('video', 'video')
  readonly #canvas = document.createElement('canvas')
  readonly #events: CameraEvents
  #stream: MediaStream | undefined
  #loop: AbortController | undefined
  /** Ends one stream, or one row of requests, of a loop. */
  #turn: AbortController | undefined

  constructor(events: CameraEvents) {
    this.#events = events
  }

  get running(): boolean {
    return this.#loop !== undefined
  }

  /** Opens the camera at `index` of those there are, the one that looks away from the screen unless given. */
  async start(index?: number): Promise<void> {
    this.stop()
    const loop = new AbortController()
    this.#loop = loop
    try {
      const device = index === undefined ? undefined : (await this.cameras())[index]?.deviceId
      const video = device === undefined ? { facingMode: 'environment' } : { deviceId: device }
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false })
      if (loop.signal.aborted) return endStream(stream)
      this.#stream = stream
      this.#video.srcObject = stream
      await this.#video.play()
    } catch (error) {
      if (loop.signal.aborted) return
      this.stop()
      throw error
    }
    this.#stream?.getVideoTracks()[0]?.addEventListener('ended', () => {
      if (this.#loop !== loop) return
      this.#events.onProblem(new Error('The camera is gone.'))
    })
    void this.#run(loop.signal)
  }

  stop(): void {
    this.#loop?.abort()
    this.#loop = undefined
    if (this.#stream) endStream(this.#stream)
    this.#stream = undefined
    this.#video.srcObject = null
  }

  /** Asks anew whether there is a stream, as for a model of another task. */
  again(): void {
    this.#turn?.abort()
  }

  async cameras(): Promise<MediaDeviceInfo[]> {
    const devices = await navigator.mediaDevices.enumerateDevices()
    return devices.filter(({ kind }) => kind === 'videoinput')
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const turn = new AbortController()
      this.#turn = turn
      signal.addEventListener('abort', () => turn.abort(), { signal: turn.signal })
      try {
        await this.#look(turn.signal)
      } catch (error) {
        if (signal.aborted) return
        if (turn.signal.aborted) continue
        this.#events.onProblem(error)
        const asked = error instanceof GatewayProblem ? error.retryAfterSeconds : undefined
        await new Promise((resolve) => setTimeout(resolve, Math.max(PAUSE_MS, (asked ?? 0) * 1000)))
      }
    }
  }

  /** Looks by a stream, or else by requests, until something goes wrong. */
  async #look(signal: AbortSignal): Promise<void> {
    const ends: number[] = []
    const choice = this.#events.choice()
    const stream = await this.#events.open(signal)
    if (stream === undefined) return await this.#lookByRequests(signal, ends)
    await new CameraStream(stream, choice, {
      grab: () => this.#frame(),
      choice: () => this.#events.choice(),
      onProblem: (error) => this.#events.onProblem(error),
      onAnswer: (frame, answer, dropped) => {
        if (!signal.aborted) this.#events.onAnswer(frame, answer, pace(ends), dropped)
      },
    }).run(signal)
  }

  async #lookByRequests(signal: AbortSignal, ends: number[]): Promise<void> {
    while (!signal.aborted) {
      await nextFrame(signal)
      const frame = await this.#frame()
      if (signal.aborted || frame === undefined) continue
      const answer = await this.#events.look(frame, signal)
      if (!signal.aborted) this.#events.onAnswer(frame, answer, pace(ends), 0)
    }
  }

  #frame(): Promise<Blob | undefined> {
    const { videoWidth: width, videoHeight: height } = this.#video
    if (width === 0) return Promise.resolve(undefined)
    const scale = Math.min(1, FRAME_SIDE / Math.max(width, height))
    this.#canvas.width = Math.round(width * scale)
    this.#canvas.height = Math.round(height * scale)
    const context = this.#canvas.getContext('2d')
    context?.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height)
    return new Promise((resolve) =>
      this.#canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', 0.85),
    )
  }
}

function endStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

/** Counts an answer that comes now, and gives how many there were a second; `ends` holds when the last ones came. */
function pace(ends: number[]): number {
  ends.push(performance.now())
  if (ends.length > PACE_FRAMES) ends.shift()
  const seconds = (ends.at(-1)! - ends[0]!) / 1000
  return seconds > 0 ? (ends.length - 1) / seconds : 0
}

import { type ImageInput, toText } from './form.js'
import { type ErrorCode, GatewayProblem } from './gateway-problem.js'
import type { DetectParameters, StreamMessage } from './wire.js'

/** How a stream is opened. */
export interface StreamOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined
  /** Used in place of the platform's `WebSocket`, which Node has from 22 on. */
  readonly WebSocket?: typeof WebSocket
}

/** What a stream is opened with. */
export interface StreamFacts {
  /** Where the gateway answers, without a slash at its end. */
  readonly base: string
  readonly apiKey: string | undefined
  readonly parameters: DetectParameters
  readonly options: StreamOptions
}

const SUBPROTOCOL = 'detection-gateway.v1'

/** The client has closed the stream, or the gateway without a fault. */
const NORMAL = 1000

function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function toProblem({ code, reason }: CloseEvent): GatewayProblem {
  // The gateway gives one of its codes as the reason; anything else comes from the connection.
  const known = /^[a-z_]+$/.test(reason)
  const words = reason === '' ? `the connection broke off (${code})` : reason
  return new GatewayProblem(`The stream has ended: ${words}`, {
    code: known ? (reason as ErrorCode) : 'connection_failed',
  })
}

function refused({ origin, pathname }: URL): GatewayProblem {
  return new GatewayProblem(`No stream can be opened at ${origin}${pathname}`, {
    code: 'connection_failed',
  })
}

/**
 * A stream that is open: pictures go in by `send`, and what the gateway says of them comes out by iteration. Pictures that
 * come faster than they are answered give way to newer ones, which `dropped` counts. Iteration ends when the stream is
 * closed here, and throws a `GatewayProblem` when it ends otherwise.
 */
export class DetectionStream implements AsyncIterable<StreamMessage, void> {
  readonly #socket: WebSocket
  readonly #unread: StreamMessage[] = []
  #wake = () => {}
  #end: CloseEvent | undefined
  #sent = 0
  #closing = false

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      this.#unread.push(JSON.parse(data as string) as StreamMessage)
      this.#wake()
    })
    socket.addEventListener('close', (event) => {
      this.#end = event
      this.#wake()
    })
  }

  /** Opens a stream. Why a gateway refuses one, browsers do not tell: the problem is `connection_failed` then. */
  static open({ base, apiKey, parameters, options }: StreamFacts): Promise<DetectionStream> {
    const url = new URL(`${base.replace(/^http/, 'ws')}/v1/detect/stream`)
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.append(name, toText(value))
    }
    const { signal, WebSocket: Socket = WebSocket } = options
    const key = apiKey === undefined ? [] : [`key.${base64url(apiKey)}`]
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const socket = new Socket(url.href, [SUBPROTOCOL, ...key])
      const stream = new DetectionStream(socket)
      const onAbort = () => stream.close()
      signal?.addEventListener('abort', onAbort, { once: true })
      socket.addEventListener('open', () => resolve(stream))
      // After a refusal Node 22 tells of no close.
      socket.addEventListener('error', () => {
        reject(signal?.aborted ? signal.reason : refused(url))
      })
      socket.addEventListener('close', (event) => {
        signal?.removeEventListener('abort', onAbort)
        reject(signal?.aborted ? signal.reason : toProblem(event))
      })
    })
  }

  /** Sends a picture file and gives its number, which is `frame` in the answer. */
  send(image: ImageInput): number {
    this.#socket.send(image as Blob)
    return this.#sent++
  }

  /** Changes parameters for the pictures after this; null goes back to the default. */
  change(parameters: { readonly [K in keyof DetectParameters]: DetectParameters[K] | null }): void {
    this.#socket.send(JSON.stringify(parameters))
  }

  /** Bytes that are on their way to the gateway: a picture that is sent on top of them is older when it arrives. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Whether pictures can be sent. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  close(): void {
    this.#closing = true
    this.#socket.close(NORMAL)
    this.#wake()
  }

  /** What the gateway says, in its order. Leaving the loop closes the stream. */
  async *[Symbol.asyncIterator](): AsyncGenerator<StreamMessage, void> {
    try {
      while (!this.#closing) {
        const next = this.#unread.shift()
        if (next !== undefined) yield next
        else if (this.#end !== undefined) throw toProblem(this.#end)
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
      }
    } finally {
      this.close()
    }
  }
}

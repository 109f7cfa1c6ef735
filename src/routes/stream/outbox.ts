import type { WebSocket } from 'ws'

export interface OutboxOptions {
  /** Milliseconds that a client has to read something. */
  readonly answerTimeoutMs: number
  /** Sets memory aside for bytes that are not read yet, or throws `queue_full`; the result gives it back. */
  readonly hold: (bytes: number) => () => void
  /** There is room again, after there was none. */
  readonly onRoom: () => void
  /** The client has read nothing for too long. */
  readonly onStuck: () => void
}

/** Unread bytes from which nothing more is taken from a client: a few answers. */
const MAX_UNREAD_BYTES = 64 * 1024

/** What a stream sends, and how much of it waits to be read. */
export class Outbox {
  readonly #socket: WebSocket
  readonly #options: OutboxOptions
  #unread = 0
  #timer: NodeJS.Timeout | undefined

  constructor(socket: WebSocket, options: OutboxOptions) {
    this.#socket = socket
    this.#options = options
  }

  /** Whether the client has to read before anything more is taken from it. */
  get isFull(): boolean {
    return this.#unread > MAX_UNREAD_BYTES
  }

  /** Sends a message. Throws `queue_full` where unread answers leave no memory for it. */
  send(message: object): void {
    const text = JSON.stringify(message)
    const release = this.#options.hold(text.length)
    const sent = this.#count(text.length)
    this.#socket.send(text, () => {
      release()
      sent()
    })
  }

  /** Answers a ping. */
  pong(data: Buffer): void {
    this.#socket.pong(data, false, this.#count(data.length + 2))
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  /** Counts bytes until the result is called, when they have been handed to the system. */
  #count(bytes: number): () => void {
    this.#unread += bytes
    if (this.#unread === bytes) this.#watch()
    return () => {
      const wasFull = this.isFull
      this.#unread -= bytes
      this.#watch()
      if (wasFull && !this.isFull) this.#options.onRoom()
    }
  }

  /** Starts the clock anew, while there is something to be read. */
  #watch(): void {
    clearTimeout(this.#timer)
    if (this.#unread === 0 || this.#socket.readyState !== this.#socket.OPEN) return
    this.#timer = setTimeout(this.#options.onStuck, this.#options.answerTimeoutMs)
  }
}

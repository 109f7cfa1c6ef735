import { GatewayError } from '../../errors.js'
import { imageTooLarge } from '../body/problems.js'
import type { BodyLimits } from '../body/upload.js'
import { FrameMeter, type PieceKind } from './frame-meter.js'

/** Memory that is set aside for a message. */
export interface MessageHold {
  /** So many bytes of it are kept from now on, and cannot be taken away any more. */
  settle(bytes: number): void
  release(): void
}

export interface InboxOptions {
  readonly limits: BodyLimits
  /** Sets memory aside, or throws `queue_full`; `evict` is called when it is taken away again. */
  readonly take: (bytes: number, evict: (error: GatewayError) => void) => MessageHold
  /** Told why no more can be taken from this client, and by which code of RFC 6455 the connection is to be closed. */
  readonly fail: (error: GatewayError, closeCode: number) => void
}

/** A message on its way. */
interface Arriving {
  readonly text: boolean
  /** Bytes that were announced so far. */
  length: number
  /** Bytes of control frames between its pieces: what holds a piece holds them too. */
  between: number
  hold: MessageHold | undefined
}

/** Closing codes of RFC 6455 (7.4.1) and of its registry. */
export const CLOSE = { goingAway: 1001, policy: 1008, tooBig: 1009, tryAgain: 1013 } as const

/** A message is held in the pieces that it came in, and whole once it has been put together. */
const COPIES = 2

/** Two bytes of a head and four of its mask. */
const LEAST_HEAD = 6

/**
 * The bounds of what a stream sends: bytes of a message by its announced length, memory before it arrives, and the time from
 * its first byte to its last.
 */
export class Inbox {
  readonly #options: InboxOptions
  readonly #meter = new FrameMeter((kind, bytes) => this.#onPiece(kind, bytes))
  /** In the order in which they will be complete. Several may lie in what was read at once. */
  readonly #arriving: Arriving[] = []
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: InboxOptions) {
    this.#options = options
  }

  /** Takes the next bytes of the connection, before whoever reads its messages does. */
  push(chunk: Buffer): void {
    if (!this.#closed) this.#meter.push(chunk)
  }

  /** The memory of the message that is complete now. */
  complete(bytes: number): MessageHold | undefined {
    const hold = this.#arriving.shift()?.hold
    hold?.settle(bytes)
    this.#watch()
    return hold
  }

  /** Gives back what is held of messages that will not be complete. */
  close(): void {
    this.#closed = true
    for (const { hold } of this.#arriving.splice(0)) hold?.release()
    clearTimeout(this.#timer)
  }

  #onPiece(kind: PieceKind, bytes: number): void {
    if (this.#closed) return
    if (kind === 'text' || kind === 'binary') {
      this.#arriving.push({ text: kind === 'text', length: bytes, between: 0, hold: undefined })
      if (this.#arriving.length === 1) this.#watch()
    }
    // Without one the protocol is broken, which is found by who reads the messages.
    const message = this.#arriving.at(-1)
    if (message === undefined) return
    if (kind === 'continuation') message.length += bytes
    if (kind === 'control') message.between += bytes + LEAST_HEAD
    this.#reserve(message)
  }

  #reserve(message: Arriving): void {
    const { limits, take } = this.#options
    const { text, length, between } = message
    if (length > (text ? limits.maxFieldBytes : limits.maxImageBytes)) {
      this.#fail(text ? textTooLarge(limits) : imageTooLarge(limits), CLOSE.tooBig)
      return
    }
    message.hold?.release()
    message.hold = undefined
    try {
      const evict = (error: GatewayError) => this.#fail(error, CLOSE.tryAgain)
      message.hold = take(COPIES * length + between, evict)
    } catch (error) {
      this.#fail(error as GatewayError, CLOSE.tryAgain)
    }
  }

  #fail(error: GatewayError, closeCode: number): void {
    this.close()
    this.#options.fail(error, closeCode)
  }

  /** Starts the clock of the message that is to be complete next. */
  #watch(): void {
    clearTimeout(this.#timer)
    if (this.#arriving.length === 0) return
    const { bodyTimeoutMs } = this.#options.limits
    this.#timer = setTimeout(() => this.#fail(tooSlow(bodyTimeoutMs), CLOSE.policy), bodyTimeoutMs)
  }
}

function textTooLarge({ maxFieldBytes }: BodyLimits): GatewayError {
  return new GatewayError(
    'body_too_large',
    `The parameters have more than ${maxFieldBytes} bytes (MAX_FIELD_BYTES)`,
  )
}

function tooSlow(bodyTimeoutMs: number): GatewayError {
  return new GatewayError(
    'request_timeout',
    `A message did not arrive within ${bodyTimeoutMs} ms of its first byte (BODY_TIMEOUT_MS)`,
  )
}

/** What begins with a frame of the WebSocket protocol (RFC 6455, 5.2; there a frame is a piece of a message). */
export type PieceKind = 'text' | 'binary' | 'continuation' | 'control'

/** Told of each piece by its head, before any byte of its payload has been looked at. */
export type OnPiece = (kind: PieceKind, payloadBytes: number) => void

/** Two bytes, a length of up to eight, a mask of four. */
const LONGEST_HEAD = 14

const CONTROL = 0x8

/**
 * Reads the heads of what a client sends, and nothing else: how many bytes are announced decides whether there is room for
 * them. What is wrong with the protocol is for who reads the messages to find.
 */
export class FrameMeter {
  readonly #onPiece: OnPiece
  readonly #head = Buffer.alloc(LONGEST_HEAD)
  #filled = 0
  #payload = 0

  constructor(onPiece: OnPiece) {
    this.#onPiece = onPiece
  }

  /** Takes the next bytes of the connection. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#payload > 0) {
        const passed = Math.min(this.#payload, chunk.length - at)
        this.#payload -= passed
        at += passed
      } else {
        this.#head[this.#filled++] = chunk[at++]!
        if (this.#filled >= this.#headLength()) this.#begin()
      }
    }
  }

  #headLength(): number {
    if (this.#filled < 2) return 2
    const second = this.#head[1]!
    const length = second & 0x7f
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4)
  }

  #begin(): void {
    this.#filled = 0
    this.#payload = this.#payloadLength()
    this.#onPiece(kindOf(this.#head[0]! & 0x0f), this.#payload)
  }

  #payloadLength(): number {
    const length = this.#head[1]! & 0x7f
    if (length === 126) return this.#head.readUInt16BE(2)
    return length === 127 ? Number(this.#head.readBigUInt64BE(2)) : length
  }
}

function kindOf(opcode: number): PieceKind {
  if (opcode >= CONTROL) return 'control'
  if (opcode === 0) return 'continuation'
  return opcode === 1 ? 'text' : 'binary'
}

/**
 * Puts pieces together to buffers. Where it is known how many bytes come in all, they are copied into one piece of memory
 * as they come; otherwise the pieces of each buffer are kept and joined at its end, which takes its bytes twice.
 */
export class Chunks {
  readonly #memory: Buffer | undefined
  #start = 0
  #parts: Buffer[] = []
  #length = 0

  constructor(total: number | undefined) {
    this.#memory = total === undefined ? undefined : Buffer.allocUnsafeSlow(total)
  }

  /** Bytes of the buffer that is being put together. */
  get length(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    if (this.#memory === undefined) this.#parts.push(chunk)
    else chunk.copy(this.#memory, this.#start + this.#length)
    this.#length += chunk.length
  }

  /** Forgets what has been put together since the last buffer was taken. */
  drop(): void {
    this.#parts = []
    this.#length = 0
  }

  /** Gives what has been put together, and begins the next buffer. */
  take(): Buffer {
    const end = this.#start + this.#length
    const taken = this.#memory?.subarray(this.#start, end) ?? Buffer.concat(this.#parts)
    this.#start = end
    this.drop()
    return taken
  }
}

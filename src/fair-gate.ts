import { FairQueue } from './fair-queue.js'

export interface FairGateOptions {
  /** How many may be inside at once. */
  readonly places: number
  /** How many bytes those inside may hold together. */
  readonly bytes: number
}

/** Who wants to pass a gate. */
export interface Ticket {
  readonly client: string
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal
  /** Memory that is held inside; 0 unless given, at most the gate's own bound. */
  readonly bytes?: number
}

interface Waiter {
  readonly bytes: number
  readonly enter: () => void
}

/**
 * A semaphore that counts heads and bytes. Those who find no room wait, and clients take turns. The one whose turn it is
 * waits for as much room as it needs while nobody overtakes it, so that what is large is not starved by what is small.
 */
export class FairGate {
  readonly #options: FairGateOptions
  readonly #queue = new FairQueue<Waiter>()
  #inside = 0
  #bytes = 0

  constructor(options: FairGateOptions) {
    this.#options = options
  }

  /** How many are inside. */
  get inside(): number {
    return this.#inside
  }

  /** Bytes that those inside hold. */
  get bytesInside(): number {
    return this.#bytes
  }

  /** The most bytes that one may ask for. */
  get maxBytes(): number {
    return this.#options.bytes
  }

  get waiting(): number {
    return this.#queue.size
  }

  /**
   * Waits for a place and the bytes. Call the result once, when they are free again.
   *
   * @throws {RangeError} for more bytes than the gate ever has: nobody would pass any more.
   */
  async enter({ client, signal, bytes = 0 }: Ticket): Promise<() => void> {
    signal.throwIfAborted()
    if (bytes > this.#options.bytes) {
      throw new RangeError(`${bytes} bytes asked of a gate that has ${this.#options.bytes}`)
    }
    if (this.#queue.size === 0 && this.#fits(bytes)) this.#take(bytes)
    else await this.#wait(client, bytes, signal)
    let left = false
    return () => {
      if (left) return
      left = true
      this.#inside -= 1
      this.#bytes -= bytes
      this.#admit()
    }
  }

  #fits(bytes: number): boolean {
    const { places, bytes: all } = this.#options
    return this.#inside < places && this.#bytes + bytes <= all
  }

  #take(bytes: number): void {
    this.#inside += 1
    this.#bytes += bytes
  }

  #wait(client: string, bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      const leave = () => {
        this.#queue.remove(client, waiter)
        reject(signal.reason)
        // Whoever stands behind it may need less.
        this.#admit()
      }
      this.#queue.add(client, waiter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** Room is taken for whoever enters before it knows, so that nobody can slip in between. */
  #admit(): void {
    for (let next = this.#queue.peek(); next !== undefined; next = this.#queue.peek()) {
      if (!this.#fits(next.bytes)) return
      this.#queue.take()
      this.#take(next.bytes)
      next.enter()
    }
  }
}

import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How many times as long as a collection the gateway works before the next: at most a twentieth of the time is spent on them. */
const PACE = 20

/** Bytes outside of V8's heap that hang on objects in it: pixels, uploads, tensors, answers. */
function externalBytes(): number {
  return getHeapStatistics().external_memory
}

/** V8's own function for it, which contexts have that are made after the flag is set. */
function makeCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

/** What a bound goes by; V8 and the clock (milliseconds) unless given. */
export interface GarbageBoundOptions {
  readonly external?: () => number
  readonly collect?: () => void
  readonly now?: () => number
}

/**
 * Bounds the memory that nobody holds any more and that V8 has not collected yet. V8 lets it grow with what was in use at
 * the last collection: under pictures of 48 megapixels that was 430 MB beside all that is accounted for, and the kernel
 * ended a process of 1 GiB. A collection takes 5 ms, with the 30 MB of objects that a gateway has and a core to itself.
 */
export class GarbageBound {
  readonly #bytes: number
  readonly #external: () => number
  readonly #collect: () => void
  readonly #now: () => number
  #due = false
  #notBefore = Number.NEGATIVE_INFINITY

  /** `bytes` is how much may be outside of the heap, used or not, before V8 is asked to collect. */
  constructor(bytes: number, options: GarbageBoundOptions = {}) {
    this.#bytes = bytes
    this.#external = options.external ?? externalBytes
    this.#collect = options.collect ?? makeCollector()
    this.#now = options.now ?? (() => performance.now())
  }

  /** Collects, in the next turn of the event loop, when there may be too much. Takes a microsecond when not. */
  check(): void {
    if (this.#due || this.#external() <= this.#bytes || this.#now() < this.#notBefore) return
    this.#due = true
    // Whoever has just ended is still held by the promises that tell of it.
    setImmediate(() => this.#run())
  }

  #run(): void {
    const start = this.#now()
    this.#collect()
    const end = this.#now()
    this.#notBefore = end + PACE * (end - start)
    this.#due = false
  }
}

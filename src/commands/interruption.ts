import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What happens when a command is told to end before it has. */
export class Interruption {
  readonly #cleanups: (() => void)[] = []
  readonly #handler = (signal: NodeJS.Signals) => this.#take(signal)
  #deferred = false
  #signal: NodeJS.Signals | undefined

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#handler)
  }

  /** Registers what is to be cleaned up at once before the process ends. */
  onInterrupt(cleanup: () => void): void {
    this.#cleanups.push(cleanup)
  }

  /** Runs a short piece of work that is done as a whole or not at all: a signal waits for its end. */
  async defer<T>(work: () => Promise<T>): Promise<T> {
    this.#deferred = true
    try {
      return await work()
    } finally {
      this.#deferred = false
      if (this.#signal !== undefined) this.#end(this.#signal)
    }
  }

  /** Lets signals end the process again as they do by themselves. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#handler)
  }

  #take(signal: NodeJS.Signals): void {
    this.#signal ??= signal
    if (!this.#deferred) this.#end(signal)
  }

  #end(signal: NodeJS.Signals): never {
    for (const cleanup of this.#cleanups) cleanup()
    process.exit(128 + constants.signals[signal])
  }
}

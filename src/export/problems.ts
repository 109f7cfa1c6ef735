import { ExportError } from './export-error.js'

/** Gathers the messages of what cannot be exported; other errors pass through. */
export class Problems {
  readonly #messages = new Set<string>()

  /** Each message once, in the order in which they came. */
  get messages(): string[] {
    return [...this.#messages]
  }

  /** Gives what a check gives; `undefined` where it found a problem. */
  async collect<T>(check: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await check()
    } catch (error) {
      if (!(error instanceof ExportError)) throw error
      this.#messages.add(error.message)
      return undefined
    }
  }
}

import type { ModelVersionStatus } from '../serving/model-server.js'

export interface VersionWarmerOptions {
  /** Models that are known by name. */
  readonly names: () => readonly string[]
  readonly status: (model: string) => Promise<readonly ModelVersionStatus[]>
  /** Runs one made-up image through a version. */
  readonly warmUp: (model: string, version: string) => Promise<void>
  /** Told of each version that was warmed up, and of each that failed to (once). */
  readonly onWarm: (model: string, version: string, error: unknown) => void
  /** Milliseconds from the end of one look at the models to the next; 5000 unless given. */
  readonly intervalMs?: number | undefined
}

/**
 * Warms up every version of every known model as soon as it is AVAILABLE, so that a roll-out's first client does not wait
 * for TensorFlow to plan the graph. Nothing waits for it but a process's first readiness.
 */
export class VersionWarmer {
  readonly #options: VersionWarmerOptions
  /** AVAILABLE versions that are warm, by model. */
  readonly #warm = new Map<string, Set<string>>()
  /** Versions whose failure has been told. */
  readonly #failed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: VersionWarmerOptions) {
    this.#options = options
  }

  /** Begins to watch. */
  start(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#options.intervalMs ?? 5000)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /**
   * Warms up what is new of a model, one version after the other. Rejects with the first failure once all have had their
   * turn; a version that failed is tried again the next time.
   */
  async warmModel(model: string): Promise<void> {
    const statuses = await this.#options.status(model)
    const available = statuses.filter(({ state }) => state === 'AVAILABLE').map((it) => it.version)
    const before = this.#warm.get(model)
    const warm = new Set(available.filter((version) => before?.has(version)))
    this.#warm.set(model, warm)
    let failure: { readonly reason: unknown } | undefined
    for (const version of available) {
      if (warm.has(version)) continue
      try {
        await this.#warmVersion(model, version)
        warm.add(version)
      } catch (reason) {
        failure ??= { reason }
      }
    }
    if (failure !== undefined) throw failure.reason
  }

  async #warmVersion(model: string, version: string): Promise<void> {
    const key = `${model} ${version}`
    try {
      await this.#options.warmUp(model, version)
      this.#failed.delete(key)
      this.#options.onWarm(model, version, null)
    } catch (error) {
      if (!this.#failed.has(key)) this.#options.onWarm(model, version, error)
      this.#failed.add(key)
      throw error
    }
  }

  async #look(): Promise<void> {
    for (const model of this.#options.names()) {
      // A model that cannot be asked or warmed is no concern of the others.
      if (!this.#closed) await this.warmModel(model).catch(() => undefined)
    }
    if (!this.#closed) this.start()
  }
}

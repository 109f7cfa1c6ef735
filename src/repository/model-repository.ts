import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DEMO_CARD, DEMO_MODEL } from './demo-card.js'
import { type LoadedCard, loadCard } from './load-card.js'
import type { ModelCard } from './model-card.js'
import { modelNameProblem } from './model-name.js'
import { type ConfiguredModel, parseModelsConfig } from './models-config.js'
import { hasCode } from './snapshot.js'
import { WatchedFile } from './watched-file.js'

/** 4 MiB: some twenty thousand models. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024

/** The part of a pino logger that the repository writes to. */
export interface RepositoryLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface ModelRepositoryOptions {
  /** The directory that TF-Serving serves from; it may be missing. */
  readonly directory: string
  /** Lists the demo model among the names even when the directory does not have it. */
  readonly includeDemo: boolean
  readonly log: RepositoryLog
  /** Milliseconds from the end of one look at the directory to the next; 2000 unless given. */
  readonly pollIntervalMs?: number | undefined
}

/** Tells whether nothing stands at the path; a symbolic link that leads nowhere is something, and is reported. */
async function isMissing(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return false
  } catch (error) {
    return hasCode(error, 'ENOENT', 'ENOTDIR')
  }
}

/**
 * The gateway's view of the model repository: the card of each model, and the models of TF-Serving's `models.config`.
 * It looks at the directory again and again, so that cards that appear, change or go need no restart. A broken file is
 * logged once for each change, and its last good content stays in force.
 */
export class ModelRepository {
  readonly #options: ModelRepositoryOptions
  #includeDemo: boolean
  readonly #cards = new Map<string, WatchedFile<LoadedCard>>()
  #config: WatchedFile<ConfiguredModel[]> | undefined
  #configured = new Map<string, ConfiguredModel>()
  /** Folders whose names were warned about. */
  #refused = new Set<string>()
  #directoryError = ''
  #scan: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  private constructor(options: ModelRepositoryOptions) {
    this.#options = options
    this.#includeDemo = options.includeDemo
  }

  /** Reads the repository once, then starts to watch it; the timer does not keep the process alive. */
  static async open(options: ModelRepositoryOptions): Promise<ModelRepository> {
    const repository = new ModelRepository(options)
    await repository.rescan()
    repository.#schedule()
    return repository
  }

  /**
   * Returns the card in force. A card in the repository goes before the packaged one of the demo model, which is there
   * whether or not the demo is listed: whoever serves that name serves that model.
   */
  card(name: string): ModelCard | undefined {
    const card = this.#cards.get(name)?.value?.card
    return card ?? (name === DEMO_MODEL ? DEMO_CARD : undefined)
  }

  /** Returns what `models.config` says of a model. */
  configured(name: string): ConfiguredModel | undefined {
    return this.#configured.get(name)
  }

  /** Names of all models the repository knows (a card, even a broken one; `models.config`; the demo), sorted. */
  names(): string[] {
    const demo = this.#includeDemo ? [DEMO_MODEL] : []
    return [...new Set([...this.#cards.keys(), ...this.#configured.keys(), ...demo])].sort()
  }

  /** Lists the demo model from now on: whether it is served may depend on the cards. */
  listDemo(): void {
    this.#includeDemo = true
  }

  /** Names of the models with a card of their own in force, sorted; the packaged demo card does not count. */
  cards(): string[] {
    return [...this.#cards]
      .filter(([, card]) => card.value !== undefined)
      .map(([name]) => name)
      .sort()
  }

  /** Looks at the directory now, after a look that is under way; resolves when what it found is in force. */
  rescan(): Promise<void> {
    const scan = this.#scan.then(() => this.#look())
    // The caller gets the failure; the next look must not inherit it.
    this.#scan = scan.catch(() => {})
    return scan
  }

  /** Stops watching; resolves when no file is open any more. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#scan
  }

  #schedule(): void {
    if (this.#closed) return
    const poll = async () => {
      try {
        await this.rescan()
      } catch (err) {
        this.#options.log.error({ err }, 'the model repository cannot be looked at')
      }
      this.#schedule()
    }
    this.#timer = setTimeout(poll, this.#options.pollIntervalMs ?? 2_000).unref()
  }

  async #look(): Promise<void> {
    if (this.#closed) return
    const entries = await this.#list()
    if (entries === undefined) return
    await this.#lookAtConfig()
    const found = new Set<string>()
    const refused = new Set<string>()
    for (const name of entries) {
      const file = join(this.#options.directory, name, 'model.json')
      if (await isMissing(file)) continue
      const reason = modelNameProblem(name)
      if (reason === undefined) {
        found.add(name)
        await this.#lookAtCard(name, file)
      } else {
        refused.add(name)
        if (!this.#refused.has(name)) this.#warnOfName(name, file, reason)
      }
    }
    this.#refused = refused
    this.#forgetAllBut(found)
  }

  /** Lists the directory: empty when it is missing, `undefined` when it cannot be read and all stays as it is. */
  async #list(): Promise<string[] | undefined> {
    const { directory, log } = this.#options
    try {
      const entries = await readdir(directory)
      this.#directoryError = ''
      return entries
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return []
      const reason = String(error)
      if (reason !== this.#directoryError) {
        log.error({ file: directory, reason }, 'the model repository cannot be read')
      }
      this.#directoryError = reason
      return undefined
    }
  }

  async #lookAtConfig(): Promise<void> {
    const { directory, log } = this.#options
    const file = join(directory, 'models.config')
    if (await isMissing(file)) {
      this.#config = undefined
      this.#configured.clear()
      return
    }
    this.#config ??= new WatchedFile(directory, async (snapshot) =>
      parseModelsConfig(await snapshot.readText(file, MAX_CONFIG_BYTES), file),
    )
    const change = await this.#config.refresh()
    if (change.kind === 'failed') {
      log.error(
        { file: change.error.file, reason: change.error.message },
        'models.config is invalid, the last good one stays in force',
      )
    }
    if (change.kind === 'loaded') this.#takeConfig(change.value, file)
  }

  #takeConfig(models: readonly ConfiguredModel[], file: string): void {
    this.#configured = new Map()
    for (const model of models) {
      const reason = modelNameProblem(model.name)
      if (reason === undefined) this.#configured.set(model.name, model)
      else this.#warnOfName(model.name, file, reason)
    }
    this.#options.log.info({ file, models: this.#configured.size }, 'models.config loaded')
  }

  async #lookAtCard(model: string, file: string): Promise<void> {
    const { directory, log } = this.#options
    const watched =
      this.#cards.get(model) ?? new WatchedFile(directory, (snapshot) => loadCard(snapshot, file))
    this.#cards.set(model, watched)
    const change = await watched.refresh()
    if (change.kind === 'failed') {
      const { file: badFile, message: reason, problems } = change.error
      log.error(
        {
          model,
          file: badFile,
          field: problems[0]?.field,
          reason,
          in_force: watched.value !== undefined,
        },
        'the model card is invalid, the last good one stays in force',
      )
    }
    if (change.kind !== 'loaded') return
    for (const { field, reason } of change.value.warnings) {
      log.warn({ model, file, field, reason }, 'the model card has an unknown key')
    }
    log.info({ model, file, labels: change.value.card.labels?.size ?? 0 }, 'model card loaded')
  }

  #warnOfName(model: string, file: string, reason: string): void {
    this.#options.log.warn({ model, file, reason }, 'the model is ignored for its name')
  }

  #forgetAllBut(found: ReadonlySet<string>): void {
    for (const model of this.#cards.keys()) {
      if (found.has(model)) continue
      this.#cards.delete(model)
      this.#options.log.info({ model }, 'model card removed')
    }
  }
}

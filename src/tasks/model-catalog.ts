import { GatewayError } from '../errors.js'
import type { CardTask, LabelMap, ModelCard } from '../repository/model-card.js'
import type {
  CallOptions,
  ModelMetadata,
  ModelSelector,
  ModelServer,
  ModelState,
  ModelVersionStatus,
  Signature,
} from '../serving/model-server.js'
import type { SignatureCache } from '../serving/signature-cache.js'
import { completeSignature } from './image/complete-signature.js'
import { readModel } from './model-task.js'

/** Names that are known without asking a server, and their cards. */
export interface ModelSource {
  names(): readonly string[]
  card(model: string): ModelCard | undefined
}

/** What is known of one model. */
export interface ModelDescription {
  readonly name: string
  readonly isDefault: boolean
  readonly state: ModelState
  /** Why the model cannot be used now; `null` when it can. */
  readonly reason: string | null
  /** Newest first; versions that have ended are left out. */
  readonly versions: readonly ModelVersionStatus[]
  /** By its card or its signature; `null` where neither tells it. */
  readonly task: CardTask | null
  readonly signature: Signature | null
  /** Wire name of the image input; `null` where the signature is unknown or not understood. */
  readonly input: string | null
  readonly card: ModelCard | undefined
}

export interface ModelCatalogOptions {
  readonly server: ModelServer
  readonly signatures: SignatureCache
  readonly models: ModelSource
  readonly defaultModel: string
}

/** Answers what models there are. TF-Serving cannot list: the names come from cards, models.config and the default. */
export class ModelCatalog {
  readonly #options: ModelCatalogOptions

  constructor(options: ModelCatalogOptions) {
    this.#options = options
  }

  get defaultModel(): string {
    return this.#options.defaultModel
  }

  /** Every model that is known by name, sorted; asking for another name never adds it. */
  list(call: CallOptions): Promise<ModelDescription[]> {
    const { models, defaultModel } = this.#options
    const names = [...new Set([...models.names(), defaultModel])].sort()
    return Promise.all(
      names.map((name) => this.#describe(name, call).catch((error) => this.#unknown(name, error))),
    )
  }

  /**
   * One model. Throws `model_not_found` (404) when neither the server nor a card knows it, and the server's own failure
   * when only the server could know.
   */
  async describe(name: string, call: CallOptions): Promise<ModelDescription> {
    try {
      return await this.#describe(name, call)
    } catch (error) {
      const known = this.#options.models.names().includes(name) || name === this.defaultModel
      if (!known) throw error
      return this.#unknown(name, error)
    }
  }

  /** The names of a model's classes by their ids, of the default model unless given; `null` without a label map. */
  labels(name: string = this.defaultModel): LabelMap | null {
    return this.#options.models.card(name)?.labels ?? null
  }

  /** Every version that the server knows of, also those that have ended. Throws as `describe` does. */
  versions(name: string, call: CallOptions): Promise<readonly ModelVersionStatus[]> {
    return this.#options.server.status(name, call)
  }

  /** The signatures of a model's version. Throws what the model server does not answer. */
  signatures(selector: ModelSelector, call: CallOptions): Promise<ModelMetadata> {
    return this.#options.signatures.get(selector, call)
  }

  /** What a model does, by its card or its signature. Throws `signature_mismatch` (502) where neither tells it. */
  async task(selector: ModelSelector, call: CallOptions): Promise<CardTask> {
    const card = this.#options.models.card(selector.model)
    if (card?.task !== undefined) return card.task
    const { signatures } = await this.signatures(selector, call)
    return readModel(selector.model, signatures, card).task
  }

  /** Throws `model_not_ready` or the server's own failure unless a version of the model is available. */
  async requireReady(name: string, timeoutMs: number): Promise<void> {
    const statuses = await this.#options.server.status(name, { deadline: Date.now() + timeoutMs })
    if (statuses.some(({ state }) => state === 'AVAILABLE')) return
    const state = statuses[0]?.state ?? 'UNKNOWN'
    throw new GatewayError(
      'model_not_ready',
      `No version of model "${name}" is available; the newest is ${state}`,
    )
  }

  async #describe(name: string, call: CallOptions): Promise<ModelDescription> {
    const statuses = await this.#options.server.status(name, call)
    const versions = statuses.filter(({ state }) => state !== 'END')
    const available = versions.find(({ state }) => state === 'AVAILABLE')
    const newest = versions[0] ?? statuses[0]
    const base = this.#base(name)
    if (available === undefined) {
      const state = newest?.state ?? 'UNKNOWN'
      return { ...base, state, versions, reason: `no version is available; the newest is ${state}` }
    }
    const signature = await this.#signature(name, call)
    return { ...base, state: 'AVAILABLE', versions, ...signature }
  }

  /** A model that serves but is not understood is listed with the reason, so that its owner can mend the card. */
  async #signature(name: string, call: CallOptions) {
    try {
      const { signatures } = await this.#options.signatures.get({ model: name }, call)
      const card = this.#options.models.card(name)
      const { task, signature: read } = readModel(name, signatures, card)
      const signature = completeSignature(signatures.get(read.name)!, card)
      return { task, signature, input: read.input, reason: null }
    } catch (error) {
      return { signature: null, input: null, reason: explain(error) }
    }
  }

  #unknown(name: string, error: unknown): ModelDescription {
    return { ...this.#base(name), state: 'UNKNOWN', versions: [], reason: explain(error) }
  }

  #base(name: string) {
    const { models, defaultModel } = this.#options
    return {
      name,
      isDefault: name === defaultModel,
      task: models.card(name)?.task ?? null,
      signature: null,
      input: null,
      card: models.card(name),
    }
  }
}

function explain(error: unknown): string {
  if (error instanceof GatewayError) return error.message
  throw error
}

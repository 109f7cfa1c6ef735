import { GatewayError } from '../errors.js'
import { toDelay } from './delay.js'
import type { CallOptions, ModelMetadata, ModelSelector, ModelServer } from './model-server.js'
import { isSignatureSuspect } from './signature-suspect.js'

export interface SignatureCacheOptions {
  /** Models and versions remembered; the one not asked for the longest goes first. Default 256. */
  readonly maxEntries?: number | undefined
  /** Milliseconds that the metadata of a latest or labelled version is taken for true. Default 10,000. */
  readonly floatingTtlMs?: number | undefined
  /** Milliseconds that a read may take, whoever waits for it. Default 5,000. */
  readonly readTimeoutMs?: number | undefined
}

/** How long after its time a signature is still used while it is read again. */
const MAX_OVERDUE_MS = 60_000
/** How soon a signature that could not be read again is tried once more. */
const REFRESH_RETRY_MS = 1000

interface Entry {
  readonly metadata: Promise<ModelMetadata>
  /** What was read; undefined until then. */
  value: ModelMetadata | undefined
  /** Epoch milliseconds, null while the entry is being read or when it stays true. */
  expires: number | null
}

/**
 * Remembers the signatures of one model server by model and version. Calls that ask at once share one read; failures
 * are not remembered. Names come from requests, so the number of entries is bounded.
 */
export class SignatureCache {
  readonly #server: ModelServer
  readonly #maxEntries: number
  readonly #floatingTtlMs: number
  readonly #readTimeoutMs: number
  readonly #entries = new Map<string, Entry>()

  constructor(server: ModelServer, options: SignatureCacheOptions = {}) {
    this.#server = server
    this.#maxEntries = options.maxEntries ?? 256
    this.#floatingTtlMs = options.floatingTtlMs ?? 10_000
    this.#readTimeoutMs = options.readTimeoutMs ?? 5000
  }

  get size(): number {
    return this.#entries.size
  }

  /**
   * Gives the model's signatures, read from the server unless they are remembered.
   *
   * @throws {GatewayError} as `ModelServer.metadata`, and `deadline_exceeded` when the caller's time is up first.
   */
  async get(selector: ModelSelector, options: CallOptions): Promise<ModelMetadata> {
    options.signal?.throwIfAborted()
    const key = this.#key(selector)
    const entry = this.#fresh(key) ?? this.#read(key, selector, options)
    // Last in the map is last to go.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    this.#trim()
    return await waitFor(entry.metadata, options)
  }

  /** Forgets a model's signatures, so that the next `get` reads them. */
  invalidate(selector: ModelSelector): void {
    this.#entries.delete(this.#key(selector))
  }

  /**
   * Runs `call` with the model's signatures. When the server's answer makes them suspect, or `call` cannot make sense of
   * them, reads them again and runs `call` once more, so that a roll-out from one kind of input to another loses no request.
   *
   * What is due to be read again is used once more while that happens: a replica that hangs over such a read would
   * otherwise hold up every request for the model.
   */
  async use<T>(
    selector: ModelSelector,
    options: CallOptions,
    call: (metadata: ModelMetadata) => Promise<T>,
  ): Promise<T> {
    const remembered = this.#remembered(selector, options)
    const metadata = remembered ?? (await this.get(selector, options))
    try {
      return await call(metadata)
    } catch (error) {
      const outdated = remembered !== undefined && isMismatch(error)
      if (!isSignatureSuspect(error) && !outdated) throw error
      // Another request may have read it again meanwhile: then that is what to try.
      if (this.#entries.get(this.#key(selector))?.value === metadata) this.invalidate(selector)
      return await call(await this.get(selector, options))
    }
  }

  /** What is known already; when its time is over, it is read again for those who come later. */
  #remembered(selector: ModelSelector, options: CallOptions): ModelMetadata | undefined {
    options.signal?.throwIfAborted()
    const key = this.#key(selector)
    const entry = this.#entries.get(key)
    const { value, expires } = entry ?? {}
    if (entry === undefined || value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const overdueMs = expires == null ? 0 : Date.now() - expires
    if (overdueMs > MAX_OVERDUE_MS) return undefined
    if (overdueMs > 0) this.#refresh(key, entry, selector, options)
    return value
  }

  #refresh(key: string, entry: Entry, selector: ModelSelector, options: CallOptions): void {
    entry.expires = Date.now() + REFRESH_RETRY_MS
    const fresh = this.#entry(selector, options)
    fresh.metadata.then(
      () => {
        if (this.#entries.get(key) === entry) this.#entries.set(key, fresh)
      },
      (error) => {
        // A server that is away says nothing of its models; one that answers does.
        if (!isAway(error) && this.#entries.get(key) === entry) this.#entries.delete(key)
      },
    )
  }

  #fresh(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    return entry.expires !== null && entry.expires <= Date.now() ? undefined : entry
  }

  #read(key: string, selector: ModelSelector, options: CallOptions): Entry {
    const entry = this.#entry(selector, options)
    entry.metadata.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return entry
  }

  #entry(selector: ModelSelector, { traceparent }: CallOptions): Entry {
    const deadline = Date.now() + this.#readTimeoutMs
    // Nobody's signal and deadline: the first caller may leave while others still wait.
    const metadata = this.#server.metadata(selector, { deadline, traceparent })
    const entry: Entry = { metadata, value: undefined, expires: null }
    metadata.then(
      (value) => {
        entry.value = value
        if (selector.version === undefined) entry.expires = Date.now() + this.#floatingTtlMs
      },
      () => {},
    )
    return entry
  }

  /** A model that has moved to another server is another model. */
  #key({ model, version, versionLabel }: ModelSelector): string {
    const origin = this.#server.origin?.(model) ?? null
    return JSON.stringify([model, version ?? null, versionLabel ?? null, origin])
  }

  #trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) return
      this.#entries.delete(key)
    }
  }
}

/** The signature, as it was read, is none that can be worked with. */
function isMismatch(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.code === 'signature_mismatch' || error.code === 'task_mismatch')
  )
}

function isAway(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    (error.code === 'upstream_unavailable' || error.code === 'deadline_exceeded')
  )
}

function waitFor<T>(promise: Promise<T>, { deadline, signal }: CallOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      act()
    }
    const onAbort = () => settle(() => reject(signal?.reason))
    const onDeadline = () => settle(() => reject(tooLate()))
    const timer = setTimeout(onDeadline, toDelay(deadline))
    signal?.addEventListener('abort', onAbort, { once: true })
    promise.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    )
  })
}

function tooLate(): GatewayError {
  return new GatewayError(
    'deadline_exceeded',
    'The model server did not describe the model in the time left of the request; REQUEST_TIMEOUT_MS bounds it',
  )
}

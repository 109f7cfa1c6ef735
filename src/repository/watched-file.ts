import { RepositoryFileError } from './file-error.js'
import { Snapshot } from './snapshot.js'

/** What a look at a watched file came to. */
export type Change<T> =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: RepositoryFileError }

/** A file, with the files it refers to, whose last good value stays in force while it is broken. */
export class WatchedFile<T> {
  readonly #root: string
  readonly #load: (snapshot: Snapshot) => Promise<T>
  #snapshot: Snapshot | undefined
  #outcome: string | undefined
  #value: T | undefined

  /** `load` reads everything through the snapshot, which may only be given paths below `root`. */
  constructor(root: string, load: (snapshot: Snapshot) => Promise<T>) {
    this.#root = root
    this.#load = load
  }

  /** The last good value; `undefined` until there was one. */
  get value(): T | undefined {
    return this.#value
  }

  /** Looks at the files again, and loads them when they have changed. The same failure is reported once. */
  async refresh(): Promise<Change<T>> {
    if (await this.#snapshot?.isCurrent()) return { kind: 'unchanged' }
    const snapshot = new Snapshot(this.#root)
    const change = await this.#tryLoad(snapshot)
    this.#snapshot = snapshot
    const outcome =
      snapshot.digest() + (change.kind === 'failed' ? change.error.message : change.kind)
    if (outcome === this.#outcome) return { kind: 'unchanged' }
    this.#outcome = outcome
    if (change.kind === 'loaded') this.#value = change.value
    return change
  }

  async #tryLoad(snapshot: Snapshot): Promise<Change<T>> {
    try {
      return { kind: 'loaded', value: await this.#load(snapshot) }
    } catch (error) {
      if (error instanceof RepositoryFileError) return { kind: 'failed', error }
      throw error
    }
  }
}

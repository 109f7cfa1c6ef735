import { timingSafeEqual } from 'node:crypto'
import { type ApiKey, digestOf } from './api-key.js'

/** The keys in force. */
export class KeyRing {
  #keys: readonly ApiKey[]

  constructor(keys: readonly ApiKey[]) {
    this.#keys = keys
  }

  /** How many keys there are; none means that everything is open. */
  get size(): number {
    return this.#keys.length
  }

  /** Puts other keys in force. */
  replace(keys: readonly ApiKey[]): void {
    this.#keys = keys
  }

  /** Finds whose key it is. The time it takes tells nothing of the keys: each is compared, whole, by its digest. */
  idOf(key: string): string | undefined {
    const given = digestOf(key)
    let found: string | undefined
    for (const { id, digest } of this.#keys) if (timingSafeEqual(digest, given)) found = id
    return found
  }
}

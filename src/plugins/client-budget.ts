interface Holder {
  readonly client: string
  bytes: number
  /** Takes the bytes away from whoever holds them; absent where that cannot be done any more. */
  evict: (() => void) | undefined
}

/** Bytes that are held, until they are given back. */
export interface Hold {
  readonly bytes: number
  /** Sets how many bytes are held, no more than there were; they cannot be taken away from then on. */
  settle(bytes: number): void
  release(): void
}

/**
 * A bound of bytes that many clients hold. It never waits. Where there is no room, the client who holds most gives up its
 * newest hold that can be taken away, while it still has more than the newcomer then has.
 */
export class ClientBudget {
  readonly total: number
  readonly #holders = new Set<Holder>()
  #used = 0

  constructor(total: number) {
    this.total = total
  }

  get used(): number {
    return this.#used
  }

  /** Takes bytes, or tells by `undefined` that there is no room. `evict` is called when they are taken away again. */
  take(client: string, bytes: number, evict?: () => void): Hold | undefined {
    while (this.#used + bytes > this.total) {
      const victim = this.#findVictim(client, bytes)
      if (victim === undefined) return undefined
      this.#release(victim)
      victim.evict?.()
    }
    const holder: Holder = { client, bytes, evict }
    this.#holders.add(holder)
    this.#used += bytes
    return {
      get bytes() {
        return holder.bytes
      },
      settle: (left) => this.#settle(holder, left),
      release: () => this.#release(holder),
    }
  }

  #settle(holder: Holder, bytes: number): void {
    if (!this.#holders.has(holder)) return
    holder.evict = undefined
    const left = Math.min(bytes, holder.bytes)
    this.#used -= holder.bytes - left
    holder.bytes = left
  }

  #release(holder: Holder): void {
    if (this.#holders.delete(holder)) this.#used -= holder.bytes
  }

  #findVictim(newcomer: string, bytes: number): Holder | undefined {
    const held = new Map<string, number>()
    for (const holder of this.#holders) {
      held.set(holder.client, (held.get(holder.client) ?? 0) + holder.bytes)
    }
    const wanted = (held.get(newcomer) ?? 0) + bytes
    const evictable = [...this.#holders].filter(
      (it) => it.evict !== undefined && held.get(it.client)! - it.bytes >= wanted,
    )
    return evictable.reduce<Holder | undefined>(
      (most, it) =>
        most === undefined || held.get(it.client)! >= held.get(most.client)! ? it : most,
      undefined,
    )
  }
}

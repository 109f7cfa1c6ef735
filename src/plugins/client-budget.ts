interface Holder {
  readonly client: string
  bytes: number
  /** Takes the bytes away from whoever holds them; absent where that cannot be done any more. */
  evict: (() => void) | undefined
}

/** What one client holds. */
interface Share {
  bytes: number
  /** What can be taken away, the newest last. */
  readonly evictable: Holder[]
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
    const victims = this.#findVictims(client, bytes)
    if (victims === undefined) return undefined
    for (const victim of victims) {
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

  /** Those who have to make room, all found before the first does; `undefined` where even they would not be enough. */
  #findVictims(newcomer: string, bytes: number): Holder[] | undefined {
    let missing = this.#used + bytes - this.total
    if (missing <= 0) return []
    const shares = this.#shares()
    const wanted = (shares.get(newcomer)?.bytes ?? 0) + bytes
    // Only these can stay above the newcomer; each hold is looked at once.
    const rich = [...shares.values()].filter((it) => it.bytes > wanted)
    const victims: Holder[] = []
    while (missing > 0) {
      const victim = takeFromRichest(rich, wanted)
      if (victim === undefined) return undefined
      victims.push(victim)
      missing -= victim.bytes
    }
    return victims
  }

  #shares(): Map<string, Share> {
    const shares = new Map<string, Share>()
    for (const holder of this.#holders) {
      const share = shares.get(holder.client) ?? { bytes: 0, evictable: [] }
      shares.set(holder.client, share)
      share.bytes += holder.bytes
      if (holder.evict !== undefined) share.evictable.push(holder)
    }
    return shares
  }
}

/** Takes the newest hold of whoever has most, where that leaves `least` bytes. */
function takeFromRichest(shares: readonly Share[], least: number): Holder | undefined {
  let richest: Share | undefined
  for (const share of shares) {
    // What is too large to be spared now is so later too: the share only shrinks.
    while ((share.evictable.at(-1)?.bytes ?? 0) > share.bytes - least) share.evictable.pop()
    if (share.evictable.length > 0 && share.bytes >= (richest?.bytes ?? 0)) richest = share
  }
  const victim = richest?.evictable.pop()
  if (richest !== undefined && victim !== undefined) richest.bytes -= victim.bytes
  return victim
}

/**
 * A queue that takes turns between clients: the first client's oldest item, then the next client's, and so on. Items of
 * one client keep their order, and a client with a hundred items waits no less than one with two.
 */
export class FairQueue<T> {
  /** Items by client; the order of the clients is whose turn is next. */
  readonly #clients = new Map<string, Set<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Items of each client. */
  *counts(): Iterable<[client: string, count: number]> {
    for (const [client, items] of this.#clients) yield [client, items.size]
  }

  /** Items of one client. */
  countOf(client: string): number {
    return this.#clients.get(client)?.size ?? 0
  }

  add(client: string, item: T): void {
    const items = this.#clients.get(client) ?? new Set()
    this.#clients.set(client, items)
    items.add(item)
    this.#size += 1
  }

  /** The item whose turn is next. */
  peek(): T | undefined {
    for (const items of this.#clients.values()) for (const item of items) return item
    return undefined
  }

  /** Takes the item whose turn is next; its client then goes to the end of the line. */
  take(): T | undefined {
    for (const [client, items] of this.#clients) {
      for (const item of items) {
        this.remove(client, item)
        if (this.#clients.delete(client)) this.#clients.set(client, items)
        return item
      }
    }
    return undefined
  }

  /** Takes an item out of turn, such as that of a client who has left; false when it is not there. */
  remove(client: string, item: T): boolean {
    const items = this.#clients.get(client)
    if (!items?.delete(item)) return false
    this.#size -= 1
    if (items.size === 0) this.#clients.delete(client)
    return true
  }

  /** Takes the newest item of the client who has most, when those are more than `count`. */
  takeFromLongest(count: number): T | undefined {
    let longest: [client: string, items: Set<T>] | undefined
    for (const entry of this.#clients) {
      if (entry[1].size > (longest?.[1].size ?? count)) longest = entry
    }
    if (longest === undefined) return undefined
    const [client, items] = longest
    const newest = [...items].at(-1)!
    this.remove(client, newest)
    return newest
  }
}

/** How long in milliseconds a fault speaks against an address; then it is tried like any other. */
const FAULT_MEMORY_MS = 10_000

interface Load {
  inFlight: number
  /** Faults in a row. */
  faults: number
  /** Epoch milliseconds of the last of them. */
  lastFault: number
}

/** What is known of the addresses of one channel: the calls on their way to each, and its latest faults. */
export class AddressLoads {
  readonly #loads = new Map<string, Load>()

  /** How much speaks against sending the next call to an address: its calls in flight and its recent faults in a row. */
  of(address: string): number {
    const load = this.#loads.get(address)
    if (load === undefined) return 0
    const recent = Date.now() - load.lastFault < FAULT_MEMORY_MS
    return load.inFlight + (recent ? load.faults : 0)
  }

  /** Counts a call that was sent to an address. Call the result when it has ended, with whether that was a fault. */
  begin(address: string): (fault: boolean) => void {
    const load = this.#loads.get(address) ?? { inFlight: 0, faults: 0, lastFault: 0 }
    this.#loads.set(address, load)
    load.inFlight++
    return (fault) => {
      load.inFlight--
      load.faults = fault ? load.faults + 1 : 0
      if (fault) load.lastFault = Date.now()
      // Addresses come and go; what is idle and without fault is as good as unknown.
      const known = this.#loads.get(address) === load
      if (known && load.inFlight === 0 && load.faults === 0) this.#loads.delete(address)
    }
  }

  /** Forgets the addresses that are no longer among `addresses`. */
  keep(addresses: ReadonlySet<string>): void {
    for (const address of this.#loads.keys())
      if (!addresses.has(address)) this.#loads.delete(address)
  }
}

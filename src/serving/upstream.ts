import { registerServerFaultsPolicy } from './server-faults.js'
import { parseTarget } from './target.js'
import { UpstreamChannel, type UpstreamTls } from './upstream-channel.js'

/** How the gateway talks to model servers. */
export interface UpstreamOptions {
  /** Bytes of requests that are kept for another try, of one call and of all together. Default 64 MiB. */
  readonly retryBytes?: number | undefined
  /** Calls in flight to one address, `UPSTREAM_IN_FLIGHT`. Default 8. */
  readonly inFlightPerAddress?: number | undefined
  /** Largest answer in bytes that is taken, `UPSTREAM_RESPONSE_MAX_BYTES`. Default 8 MiB. */
  readonly maxResponseBytes?: number | undefined
  /** Milliseconds between look-ups of the target's names, `UPSTREAM_DNS_INTERVAL_MS`. Default 10,000. */
  readonly dnsIntervalMs?: number | undefined
  /** Turns TLS on for every channel. */
  readonly tls?: UpstreamTls | undefined
}

const MIB = 1024 * 1024

/** Owns the channels to model servers: one for each protocol and target in the process. */
export class Upstream {
  readonly #options: UpstreamOptions
  readonly #channels = new Map<string, UpstreamChannel>()

  constructor(options: UpstreamOptions = {}) {
    this.#options = options
    registerServerFaultsPolicy()
  }

  /**
   * Gives the channel of a protocol (`tf-serving`, ...) and a target (see `parseTarget`), made on first use. Connects
   * with the first call. `plain` leaves TLS away.
   *
   * @throws {Error} when the target cannot be read.
   */
  channel(
    protocol: string,
    target: string,
    { plain = false }: { readonly plain?: boolean } = {},
  ): UpstreamChannel {
    const parsed = parseTarget(target)
    const key = `${protocol} ${parsed.key}`
    const existing = this.#channels.get(key)
    if (existing !== undefined && !existing.closed) return existing
    for (const [other, { closed }] of this.#channels) if (closed) this.#channels.delete(other)
    const channel = new UpstreamChannel({
      target: parsed,
      tls: plain ? undefined : this.#options.tls,
      retryBytes: this.#options.retryBytes ?? 64 * MIB,
      inFlightPerAddress: this.#options.inFlightPerAddress ?? 8,
      maxResponseBytes: this.#options.maxResponseBytes ?? 8 * MIB,
      dnsIntervalMs: this.#options.dnsIntervalMs ?? 10_000,
    })
    this.#channels.set(key, channel)
    return channel
  }

  /** Closes every channel: calls already sent go on to their end, others fail. */
  close(): void {
    for (const channel of this.#channels.values()) channel.close()
    this.#channels.clear()
  }
}

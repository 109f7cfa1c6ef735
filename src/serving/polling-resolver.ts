import { isIPv6 } from 'node:net'
import type { ChannelOptions } from '@grpc/grpc-js'
import { experimental, status } from '@grpc/grpc-js'
import type { Target, TargetMember } from './target.js'

type Endpoint = experimental.Endpoint
type Result = Parameters<experimental.ResolverListener>[0]
type Uri = experimental.GrpcUri

/** What the resolver needs to know of a channel, and whom it tells. */
export interface Polling {
  readonly target: Target
  /** Milliseconds from one look-up of the names to the next. */
  readonly intervalMs: number
  /** Hears after each look-up how many servers the addresses belong to. */
  readonly onAddresses: (count: number) => void
}

interface Member {
  readonly resolver: experimental.Resolver
  endpoints: readonly Endpoint[]
  error: Result | null
}

const SCHEME = 'gateway'
/** Until a name has resolved once, calls fail: look again sooner than the interval says. */
const RETRY_MS = 1000

const pollings = new Map<string, Polling>()
let nextId = 1
let registered = false

/**
 * Makes a channel target that resolves every member of `polling.target` and looks names up again at the interval,
 * which grpc-js by itself does only when a connection breaks. `release` ends it.
 */
export function registerPolling(polling: Polling): { target: string; release: () => void } {
  if (!registered) experimental.registerResolver(SCHEME, PollingResolver)
  registered = true
  const id = String(nextId++)
  pollings.set(id, polling)
  return {
    target: `${SCHEME}://${id}/${polling.target.members[0].path}`,
    release: () => pollings.delete(id),
  }
}

/**
 * Resolves a target of several members through grpc-js' own resolvers. A member that fails or comes back empty keeps
 * its last addresses: a name server that stumbles does not take the model servers away.
 */
class PollingResolver implements experimental.Resolver {
  readonly #polling: Polling | undefined
  readonly #listener: experimental.ResolverListener
  readonly #members: readonly Member[]
  #timer: NodeJS.Timeout | undefined

  constructor(target: Uri, listener: experimental.ResolverListener, options: ChannelOptions) {
    this.#polling = pollings.get(target.authority ?? '')
    this.#listener = listener
    this.#members = (this.#polling?.target.members ?? []).map((member) =>
      this.#watch(member, options),
    )
  }

  static getDefaultAuthority(target: Uri): string {
    const [first] = pollings.get(target.authority ?? '')?.target.members ?? []
    return first === undefined || first.scheme === 'unix' ? 'localhost' : first.path
  }

  updateResolution(): void {
    for (const { resolver } of this.#members) resolver.updateResolution()
    this.#schedule()
  }

  destroy(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const { resolver } of this.#members) resolver.destroy()
  }

  #watch(member: TargetMember, options: ChannelOptions): Member {
    const uri: Uri = { scheme: member.scheme, path: member.path }
    if (member.authority !== undefined) uri.authority = member.authority
    const watched: Member = {
      resolver: experimental.createResolver(uri, (result) => this.#take(watched, result), options),
      endpoints: [],
      error: null,
    }
    return watched
  }

  #take(member: Member, result: Result): boolean {
    if (result.ok && result.value.length > 0) {
      member.endpoints = result.value
      member.error = null
    } else {
      member.error = result.ok ? noAddresses(this.#polling) : result
    }
    return this.#publish()
  }

  #publish(): boolean {
    const waiting = this.#members.some((each) => each.endpoints.length === 0 && each.error === null)
    if (waiting) return true
    const endpoints = distinct(this.#members.flatMap((each) => each.endpoints))
    const error = this.#members.find((each) => each.error !== null)?.error
    if (endpoints.length === 0 && error) return this.#listener(error, {}, null, '')
    const servers = this.#members.reduce((sum, each) => sum + countServers(each.endpoints), 0)
    this.#polling?.onAddresses(Math.min(servers, endpoints.length))
    return this.#listener(experimental.statusOrFromValue(endpoints), {}, null, '')
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    const interval = this.#polling?.intervalMs ?? RETRY_MS
    const complete = this.#members.every((each) => each.endpoints.length > 0)
    const delay = complete ? interval : Math.min(interval, RETRY_MS)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.updateResolution()
    }, delay)
    this.#timer.unref()
  }
}

function distinct(endpoints: readonly Endpoint[]): Endpoint[] {
  return [...new Map(endpoints.map((each) => [experimental.endpointToString(each), each])).values()]
}

/** A server with an IPv4 and an IPv6 address has two endpoints, and threads for one. */
function countServers(endpoints: readonly Endpoint[]): number {
  const addresses = endpoints.flatMap((each) => each.addresses)
  const ipv6 = addresses.filter((each) => 'host' in each && isIPv6(each.host)).length
  return Math.max(ipv6, addresses.length - ipv6)
}

function noAddresses(polling: Polling | undefined): Result {
  return experimental.statusOrFromError({
    code: status.UNAVAILABLE,
    details: `No addresses for ${polling?.target.key ?? 'a closed channel'}`,
  })
}

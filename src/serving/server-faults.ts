import type { ChannelOptions } from '@grpc/grpc-js'
import { connectivityState, experimental, status } from '@grpc/grpc-js'
import { AddressLoads } from './address-load.js'

type Helper = ConstructorParameters<typeof experimental.ChildLoadBalancerHandler>[0]
type Config = experimental.TypedLoadBalancingConfig
type Policies = Parameters<typeof experimental.selectLbConfigFromList>[0]
type Endpoints = Parameters<experimental.LoadBalancer['updateAddressList']>[0]

/** Name of the policy in a service config; its one field is `child_policy`. */
export const SERVER_FAULTS_POLICY = 'gateway_server_faults'

/** Endings that speak against the address. Leaving callers count: with a hung server they are all there is to see. */
const FAULTS: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
])

/**
 * Triton's word for a model that it knows and has given up: from its SIGTERM until its port closes it says so of every one, at
 * once, so that a server that is about to end would look like the one with the least to do.
 */
const GIVEN_UP = /has no available versions/

/**
 * Registers the load balancing policy that shows its child only the failures which are the server's fault, and of the
 * addresses that its child offers takes the one with the least to do.
 *
 * Outlier detection counts every code but OK, so that a stranger who keeps asking for unknown models could get healthy
 * addresses left out. And it waits for calls to fail: given its turn like the others, a replica that hangs would by then
 * hold every place that UPSTREAM_IN_FLIGHT gives to all.
 */
export function registerServerFaultsPolicy(): void {
  if (experimental.isLoadBalancerNameRegistered(SERVER_FAULTS_POLICY)) return
  experimental.registerLoadBalancerType(
    SERVER_FAULTS_POLICY,
    ServerFaultsBalancer,
    ServerFaultsConfig,
  )
}

class ServerFaultsConfig implements Config {
  readonly child: Config

  constructor(child: Config) {
    this.child = child
  }

  static createFromJson(json: { readonly child_policy: Policies }): ServerFaultsConfig {
    const child = experimental.selectLbConfigFromList(json.child_policy)
    if (child === null) throw new Error('child_policy names no policy that is known and valid')
    return new ServerFaultsConfig(child)
  }

  getLoadBalancerName(): string {
    return SERVER_FAULTS_POLICY
  }

  toJsonObject(): object {
    return { [SERVER_FAULTS_POLICY]: { child_policy: [this.child.toJsonObject()] } }
  }
}

class ServerFaultsBalancer implements experimental.LoadBalancer {
  readonly #child: experimental.ChildLoadBalancerHandler
  readonly #loads = new AddressLoads()

  constructor(helper: Helper) {
    this.#child = new experimental.ChildLoadBalancerHandler(
      experimental.createChildChannelControlHelper(helper, {
        updateState: (state, picker, message) => {
          const ready = state === connectivityState.READY
          helper.updateState(
            state,
            ready ? new LeastLoadedPicker(picker, this.#loads) : picker,
            message,
          )
        },
      }),
    )
  }

  updateAddressList(
    endpoints: Endpoints,
    config: Config,
    options: ChannelOptions,
    note: string,
  ): boolean {
    if (!(config instanceof ServerFaultsConfig)) return false
    if (endpoints.ok) {
      const addresses = endpoints.value.flatMap((endpoint) => endpoint.addresses)
      this.#loads.keep(new Set(addresses.map(experimental.subchannelAddressToString)))
    }
    return this.#child.updateAddressList(endpoints, config.child, options, note)
  }

  exitIdle(): void {
    this.#child.exitIdle()
  }

  resetBackoff(): void {
    this.#child.resetBackoff()
  }

  destroy(): void {
    this.#child.destroy()
  }

  getTypeName(): string {
    return SERVER_FAULTS_POLICY
  }
}

class LeastLoadedPicker implements experimental.Picker {
  readonly #child: experimental.Picker
  readonly #loads: AddressLoads

  constructor(child: experimental.Picker, loads: AddressLoads) {
    this.#child = child
    this.#loads = loads
  }

  pick(args: experimental.PickArgs): experimental.PickResult {
    const picked = this.#leastLoaded(args)
    const address = picked.subchannel?.getAddress()
    if (address === undefined) return picked
    const { onCallStarted, onCallEnded } = picked
    let end: ((fault: boolean) => void) | undefined
    return {
      ...picked,
      onCallStarted: () => {
        end = this.#loads.begin(address)
        onCallStarted?.()
      },
      onCallEnded: (code, details, metadata) => {
        const fault = FAULTS.has(code)
        end?.(fault || (code === status.NOT_FOUND && GIVEN_UP.test(details)))
        onCallEnded?.(fault ? code : status.OK, details, metadata)
      },
    }
  }

  /**
   * round_robin offers the addresses one after the other: asked until the first comes again, it has offered all, and
   * begins with the next one for the next call. So those with equally little to do still take turns.
   */
  #leastLoaded(args: experimental.PickArgs): experimental.PickResult {
    const first = this.#child.pick(args)
    const firstAddress = first.subchannel?.getAddress()
    let best = first
    let least = firstAddress === undefined ? 0 : this.#loads.of(firstAddress)
    while (least > 0) {
      const offered = this.#child.pick(args)
      const address = offered.subchannel?.getAddress()
      if (address === undefined || address === firstAddress) break
      const load = this.#loads.of(address)
      if (load < least) [best, least] = [offered, load]
    }
    return best
  }
}

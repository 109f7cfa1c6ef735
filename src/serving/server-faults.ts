import type { ChannelOptions } from '@grpc/grpc-js'
import { connectivityState, experimental, status } from '@grpc/grpc-js'

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
 * Registers the load balancing policy that shows its child only the failures which are the server's fault. Outlier
 * detection counts every code but OK, so that a stranger who keeps asking for unknown models could get healthy
 * addresses left out.
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

  constructor(helper: Helper) {
    this.#child = new experimental.ChildLoadBalancerHandler(
      experimental.createChildChannelControlHelper(helper, {
        updateState: (state, picker, message) => {
          const ready = state === connectivityState.READY
          helper.updateState(state, ready ? new ServerFaultsPicker(picker) : picker, message)
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

class ServerFaultsPicker implements experimental.Picker {
  readonly #child: experimental.Picker

  constructor(child: experimental.Picker) {
    this.#child = child
  }

  pick(args: experimental.PickArgs): experimental.PickResult {
    const picked = this.#child.pick(args)
    const { onCallEnded } = picked
    if (onCallEnded === null) return picked
    return {
      ...picked,
      onCallEnded: (code, details, metadata) =>
        onCallEnded(FAULTS.has(code) ? code : status.OK, details, metadata),
    }
  }
}

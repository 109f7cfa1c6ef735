import type { Config } from '../config.js'
import { GatewayError } from '../errors.js'
import type { ServerProtocol } from '../repository/model-card.js'
import type { ServerChoice, ServerSettings } from '../server-choice.js'
import { ModelServers, type ServerPlace } from '../serving/model-servers.js'
import type { Upstream } from '../serving/upstream.js'
import type { Findings } from './doctor-findings.js'
import { checkServer } from './doctor-server.js'

/** A reach test that takes longer is a failure. */
const REACH_TIMEOUT_MS = 5000

/** The server that the options of the command name. */
export interface NamedServer {
  readonly target?: string | undefined
  readonly protocol?: ServerProtocol | undefined
  readonly config: Config
}

/** The settings that name servers, with the options of the command before them. */
export function serversOf({
  target,
  protocol = 'tf-serving',
  config,
}: NamedServer): ServerSettings {
  if (target !== undefined) {
    return protocol === 'oip' ? { oipTarget: target } : { tfServingTarget: target }
  }
  if (config.tfServingTarget ?? config.oipTarget) return config
  return { tfServingTarget: 'localhost:8500' }
}

/** A server that some of the models are to be found at. */
export interface LookedAt {
  readonly target: string
  readonly isThere: boolean
}

/** Asks every server of the models whether it is there, and gives what it found by model. */
export async function checkServers(
  upstream: Upstream,
  choice: ServerChoice,
  models: readonly string[],
  findings: Findings,
): Promise<ReadonlyMap<string, LookedAt>> {
  const asked = new Map<string, boolean>()
  const found = new Map<string, LookedAt>()
  for (const name of models) {
    const place = placeOf(choice, name, findings)
    if (place === undefined) continue
    const key = `${place.protocol} ${place.target}`
    const server = new ModelServers(upstream, { of: () => place, all: () => [place] })
    const isThere = asked.get(key) ?? (await checkServer(server, place, REACH_TIMEOUT_MS, findings))
    asked.set(key, isThere)
    found.set(name, { target: place.target, isThere })
  }
  return found
}

function placeOf(choice: ServerChoice, name: string, findings: Findings): ServerPlace | undefined {
  try {
    return choice.of(name)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    findings.fail(name, error.message, 'Give "server" on the card a target, or set the one named')
    return undefined
  }
}

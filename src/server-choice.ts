import { GatewayError } from './errors.js'
import { DEMO_MODEL } from './repository/demo-card.js'
import type { ModelCard } from './repository/model-card.js'
import type { ServerPlace, ServerPlaces } from './serving/model-servers.js'

/** The settings that name model servers. */
export interface ServerSettings {
  readonly tfServingTarget?: string | undefined
  readonly oipTarget?: string | undefined
  readonly defaultModel?: string | undefined
}

/** The cards of the model repository, as they are now. */
export interface Cards {
  /** Names of the models with a card of their own. */
  cards(): readonly string[]
  card(model: string): ModelCard | undefined
}

/**
 * Tells whether the embedded model server runs: where neither settings nor cards name another one, and beside those that
 * OIP_TARGET or cards name where DEFAULT_MODEL is the demo, which is then served by nobody else.
 */
export function runsEmbedded(settings: ServerSettings, cards: Cards): boolean {
  if (settings.tfServingTarget !== undefined) return false
  const elsewhere = settings.oipTarget !== undefined || cardServers(cards).length > 0
  if (!elsewhere) return true
  return settings.defaultModel === DEMO_MODEL && cards.card(DEMO_MODEL)?.server === undefined
}

/** Gives the server of each model: the one on its card, else that of the settings, else the embedded one. */
export class ServerChoice implements ServerPlaces {
  readonly #settings: ServerSettings
  readonly #cards: Cards
  readonly #embedded: ServerPlace | undefined

  /** `embeddedTarget` is where the embedded model server listens, if it runs. */
  constructor(settings: ServerSettings, cards: Cards, embeddedTarget?: string | undefined) {
    this.#settings = settings
    this.#cards = cards
    this.#embedded =
      embeddedTarget === undefined
        ? undefined
        : { protocol: 'tf-serving', target: embeddedTarget, embedded: true }
  }

  of(model: string): ServerPlace {
    const card = this.#cards.card(model)
    if (card?.server !== undefined) return this.#ofCard(model, card.server)
    const place = this.#byName(model)
    if (place !== undefined) return place
    throw new GatewayError(
      'model_not_found',
      `No model server is named for model "${model}": its card has no server, and TF_SERVING_TARGET and OIP_TARGET are not set`,
    )
  }

  all(): readonly ServerPlace[] {
    const { tfServingTarget, oipTarget } = this.#settings
    const places = [
      this.#embedded,
      toPlace('tf-serving', tfServingTarget),
      toPlace('oip', oipTarget),
    ]
    for (const { protocol, target } of cardServers(this.#cards)) {
      places.push(toPlace(protocol, target ?? this.#target(protocol)))
    }
    return places.filter((place) => place !== undefined)
  }

  #ofCard(model: string, { protocol, target }: NonNullable<ModelCard['server']>): ServerPlace {
    const place = toPlace(protocol, target ?? this.#target(protocol))
    if (place !== undefined) return place
    throw new GatewayError(
      'upstream_unavailable',
      `The card of model "${model}" names a server of ${protocol} without a target, and ${SETTINGS[protocol]} is not set`,
    )
  }

  /** The demo is the embedded server's own; with TF_SERVING_TARGET, that goes for all names without a server. */
  #byName(model: string): ServerPlace | undefined {
    if (model === DEMO_MODEL && this.#embedded !== undefined) return this.#embedded
    const { tfServingTarget, oipTarget } = this.#settings
    return toPlace('tf-serving', tfServingTarget) ?? toPlace('oip', oipTarget) ?? this.#embedded
  }

  #target(protocol: ServerPlace['protocol']): string | undefined {
    const { tfServingTarget, oipTarget } = this.#settings
    return protocol === 'oip' ? oipTarget : tfServingTarget
  }
}

const SETTINGS = { 'tf-serving': 'TF_SERVING_TARGET', oip: 'OIP_TARGET' } as const

function toPlace(
  protocol: ServerPlace['protocol'],
  target: string | undefined,
): ServerPlace | undefined {
  return target === undefined ? undefined : { protocol, target }
}

function cardServers(cards: Cards): NonNullable<ModelCard['server']>[] {
  return cards
    .cards()
    .map((name) => cards.card(name)?.server)
    .filter((server) => server !== undefined)
}

/** What a start says of servers that settings and cards name and nothing uses, or use and nobody names. */
export function serverWarnings(settings: ServerSettings, cards: Cards): string[] {
  const { tfServingTarget, oipTarget } = settings
  const servers = cardServers(cards)
  const warnings: string[] = []
  const usesOip = servers.some(({ protocol, target }) => protocol === 'oip' && target === undefined)
  if (tfServingTarget !== undefined && oipTarget !== undefined && !usesOip) {
    warnings.push(
      'OIP_TARGET is not used: TF_SERVING_TARGET serves every model whose card names no server, and no card has ' +
        '"server": {"protocol": "oip"} without a target',
    )
  }
  return warnings
}

/** Names every server in use, in words for people. */
export function describePlaces(places: readonly ServerPlace[]): string {
  const words = places.map(({ protocol, target, embedded }) =>
    embedded ? 'the embedded one' : `${target} (${PROTOCOLS[protocol]})`,
  )
  return words.length === 0 ? 'none' : [...new Set(words)].join(', ')
}

/** The protocols, in words for people. */
export const PROTOCOLS = {
  'tf-serving': 'TensorFlow Serving',
  oip: 'Open Inference Protocol',
} as const

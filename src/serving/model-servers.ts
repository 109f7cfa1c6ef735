import { GatewayError } from '../errors.js'
import type {
  CallOptions,
  ClassifiedExamples,
  ExampleCall,
  ModelMetadata,
  ModelSelector,
  ModelServer,
  ModelVersionStatus,
  PredictCall,
  Prediction,
  RegressedExamples,
} from './model-server.js'
import { OipClient } from './oip/client.js'
import { parseTarget } from './target.js'
import { TfServingClient } from './tf-serving/client.js'
import type { Upstream } from './upstream.js'
import type { UpstreamChannel } from './upstream-channel.js'

/** The protocols that are spoken; another one is a folder beside these and a line here. */
const CLIENTS = {
  'tf-serving': TfServingClient,
  oip: OipClient,
} as const satisfies Record<string, new (channel: UpstreamChannel) => ModelServer>

/** A server that models are served by. */
export interface ServerPlace {
  readonly protocol: keyof typeof CLIENTS
  /** gRPC target; see `parseTarget`. */
  readonly target: string
  /** Whether it is in this process, where no TLS is spoken. */
  readonly embedded?: boolean | undefined
}

/** Where models are served, as of now: cards come and go. */
export interface ServerPlaces {
  /** The server of a model, whatever its name. Throws a GatewayError where there is none. */
  of(model: string): ServerPlace
  /** Every server that any model is known to be served by. */
  all(): readonly ServerPlace[]
}

interface OpenServer {
  readonly server: ModelServer
  readonly channel: UpstreamChannel
  /** Questions that are under way. */
  busy: number
}

/**
 * Several model servers as one: asks for each model the one that serves it now. Models of one place share a channel, which
 * is made for the first question and closed soon after the last model has left the place, once its calls have ended.
 */
export class ModelServers implements ModelServer {
  readonly #upstream: Upstream
  readonly #places: ServerPlaces
  readonly #open = new Map<string, OpenServer>()
  readonly #sweepIntervalMs: number
  #swept = Date.now()

  /** `sweepIntervalMs` is how often is looked for channels that nothing needs any more; 5000 unless given. */
  constructor(upstream: Upstream, places: ServerPlaces, sweepIntervalMs = 5000) {
    this.#upstream = upstream
    this.#places = places
    this.#sweepIntervalMs = sweepIntervalMs
  }

  /** Calls that may be on their way at once, to all servers that have been asked. */
  get inFlightLimit(): number {
    return [...this.#open.values()].reduce((sum, { channel }) => sum + channel.inFlightLimit, 0)
  }

  /** Servers that channels are open to, for tests. */
  get targets(): string[] {
    return [...this.#open.keys()]
  }

  origin(model: string): string {
    return toKey(this.#places.of(model))
  }

  predict(call: PredictCall, options: CallOptions): Promise<Prediction> {
    return this.#ask(call.selector.model, (server) => server.predict(call, options))
  }

  classify(call: ExampleCall, options: CallOptions): Promise<ClassifiedExamples> {
    return this.#ask(call.selector.model, (server) => {
      if (server.classify === undefined) throw noExamples('Classify')
      return server.classify(call, options)
    })
  }

  regress(call: ExampleCall, options: CallOptions): Promise<RegressedExamples> {
    return this.#ask(call.selector.model, (server) => {
      if (server.regress === undefined) throw noExamples('Regress')
      return server.regress(call, options)
    })
  }

  metadata(selector: ModelSelector, options: CallOptions): Promise<ModelMetadata> {
    return this.#ask(selector.model, (server) => server.metadata(selector, options))
  }

  status(model: string, options: CallOptions): Promise<readonly ModelVersionStatus[]> {
    return this.#ask(model, (server) => server.status(model, options))
  }

  /** Closes every channel: calls already sent go on to their end, others fail. */
  close(): void {
    for (const { server } of this.#open.values()) server.close()
    this.#open.clear()
  }

  async #ask<T>(model: string, question: (server: ModelServer) => Promise<T>): Promise<T> {
    this.#sweep()
    const open = this.#opened(this.#places.of(model))
    open.busy++
    try {
      return await question(open.server)
    } finally {
      open.busy--
    }
  }

  #opened(place: ServerPlace): OpenServer {
    const key = toKey(place)
    const existing = this.#open.get(key)
    if (existing !== undefined) return existing
    const { protocol, target, embedded = false } = place
    const channel = this.#upstream.channel(protocol, target, { plain: embedded })
    const open = { server: new CLIENTS[protocol](channel), channel, busy: 0 }
    this.#open.set(key, open)
    return open
  }

  #sweep(): void {
    const now = Date.now()
    if (now - this.#swept < this.#sweepIntervalMs) return
    this.#swept = now
    const needed = new Set(this.#places.all().map(toKey))
    for (const [key, { server, busy }] of this.#open) {
      if (busy > 0 || needed.has(key)) continue
      server.close()
      this.#open.delete(key)
    }
  }
}

function noExamples(method: string): GatewayError {
  return new GatewayError(
    'signature_mismatch',
    `The protocol of the model server has no ${method}: the card must name a signature for prediction`,
  )
}

/** Two spellings of one target are one place. */
function toKey({ protocol, target }: ServerPlace): string {
  return `${protocol} ${parseTarget(target).key}`
}

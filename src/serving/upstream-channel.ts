import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelCredentials, MethodDefinition, ServiceError } from '@grpc/grpc-js'
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
import { GatewayError } from '../errors.js'
import { readTraceContext, toTraceparent } from '../trace-context.js'
import { currentTrace, inSpan } from '../tracing.js'
import { CallGate } from './call-gate.js'
import { type ChannelSettings, toChannelOptions } from './channel-options.js'
import type { CallOptions } from './model-server.js'
import { registerPolling } from './polling-resolver.js'
import type { Target } from './target.js'

/** PEM files of a TLS connection to the model server; no `ca` means Node's own list. */
export interface UpstreamTls {
  readonly ca?: Buffer | undefined
  /** The gateway's own certificate and key, for servers that ask for one (mTLS). */
  readonly cert?: Buffer | undefined
  readonly key?: Buffer | undefined
  /** Name that the server's certificate must carry, where it is not the target's host. */
  readonly serverName?: string | undefined
}

/** What a channel is made of. */
export interface UpstreamChannelOptions extends ChannelSettings {
  readonly target: Target
  readonly tls?: UpstreamTls | undefined
}

/** First and longest pause in milliseconds before a busy server is asked again. */
const BUSY_BACKOFF_MS = { first: 25, longest: 1000, factor: 1.6 }

/**
 * One gRPC channel to the addresses behind one target: spreads calls over them, bounds how many are in flight and
 * asks a busy server again. Knows nothing of the services called.
 */
export class UpstreamChannel {
  readonly target: string
  readonly maxResponseBytes: number
  readonly #client: Client
  readonly #gate: CallGate
  readonly #release: () => void
  #addresses: number
  #closed = false

  constructor(options: UpstreamChannelOptions) {
    const { target, dnsIntervalMs, inFlightPerAddress } = options
    const settings = { ...options, serverName: options.serverName ?? options.tls?.serverName }
    this.target = target.key
    this.maxResponseBytes = options.maxResponseBytes
    this.#addresses = target.members.length
    this.#gate = new CallGate(inFlightPerAddress * this.#addresses)
    const polling = registerPolling({
      target,
      intervalMs: dnsIntervalMs,
      onAddresses: (count) => {
        this.#addresses = count
        this.#gate.limit = inFlightPerAddress * count
      },
    })
    this.#release = polling.release
    this.#client = new Client(
      polling.target,
      toCredentials(options.tls),
      toChannelOptions(settings),
    )
  }

  /** Servers that the target stands for, as of the last look-up; IPv4 and IPv6 addresses count once. */
  get addresses(): number {
    return this.#addresses
  }

  /** Calls on their way to the server. */
  get inFlight(): number {
    return this.#gate.inFlight
  }

  /** Calls that may be on their way at once, to all addresses together. */
  get inFlightLimit(): number {
    return this.#gate.limit
  }

  /** Calls that wait for room. */
  get waiting(): number {
    return this.#gate.waiting
  }

  /**
   * Calls a unary method. Waits for room first, and asks again while the server says that it is busy; both end at
   * the deadline.
   *
   * @throws {ServiceError} as gRPC gave it.
   * @throws {GatewayError} `deadline_exceeded` when the deadline passes before the call could be sent,
   * `shutting_down` when the channel has been closed.
   * @throws `options.signal.reason` once the signal aborts.
   */
  async unary<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions,
  ): Promise<Response> {
    const { deadline, signal } = options
    const onDeadline = () => noRoom(this.target)
    const call = () =>
      this.#untilNotBusy(() => this.#sendOrResend(method, request, options), options)
    const send = () => inSpan(this.#spanOf(method.path), call)
    // A batch sends many calls with one signal; Node would warn of a leak at the eleventh.
    if (signal !== undefined) setMaxListeners(0, signal)
    if (deadline <= Date.now()) throw onDeadline()
    return await this.#gate.run(send, { deadline, signal, onDeadline })
  }

  #spanOf(path: string) {
    const [, service = '', name = ''] = path.split('/')
    const attributes = {
      'rpc.system': 'grpc',
      'rpc.service': service,
      'rpc.method': name,
      'server.address': this.target,
    }
    return { name: `${service}/${name}`, kind: 'client', attributes } as const
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Ends the channel: calls already sent go on to their end, others fail. Does nothing the second time. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#client.close()
    this.#release()
  }

  async #untilNotBusy<T>(call: () => Promise<T>, { deadline, signal }: CallOptions): Promise<T> {
    const { first, longest, factor } = BUSY_BACKOFF_MS
    let busy: unknown
    for (let pause = first; ; pause = Math.min(longest, pause * factor)) {
      try {
        return await call()
      } catch (error) {
        // A last try that the deadline cut short says nothing new: the server was busy all the time.
        if (!isBusy(error)) throw isLate(error) ? (busy ?? error) : error
        busy = error
        // Jitter keeps callers that were refused together from coming back together.
        const delay = pause * (0.5 + Math.random())
        if (Date.now() + delay >= deadline) throw error
        await sleepUnlessLeft(delay, signal)
      }
    }
  }

  /**
   * gRPC's own retries end where an answer begins (gRFC A6). One that breaks off, as when its server dies, is asked for
   * once more here: no call changes anything on the server.
   */
  async #sendOrResend<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions,
  ): Promise<Response> {
    let begun = false
    try {
      return await this.#send(method, request, options, () => {
        begun = true
      })
    } catch (error) {
      if (!begun || !isServiceError(error) || error.code !== status.UNAVAILABLE) throw error
      return await this.#send(method, request, options)
    }
  }

  #send<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    { deadline, signal, traceparent }: CallOptions,
    onBegin?: () => void,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (this.#closed) return reject(closed())
      const cancel = () => {
        call.cancel()
        reject(signal?.reason)
      }
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        toMetadata(traceparent),
        { deadline },
        (error, response) => {
          signal?.removeEventListener('abort', cancel)
          if (error) reject(error)
          else if (response === undefined)
            reject(new Error(`${method.path} ended without an answer`))
          else resolve(response)
        },
      )
      if (onBegin !== undefined) call.once('metadata', onBegin)
      signal?.addEventListener('abort', cancel, { once: true })
    })
  }
}

/** Tells a gRPC failure from other errors. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error
}

/**
 * Tells whether the server refused the call for want of threads. gRPC's C++ library words it so; under load it has
 * also been seen without any text (tensorflow/serving#1795). The code alone has other meanings.
 */
export function isBusy(error: unknown): boolean {
  return (
    isServiceError(error) &&
    error.code === status.RESOURCE_EXHAUSTED &&
    /^$|threadpool exhausted|bandwidth exhausted/i.test(error.details)
  )
}

async function sleepUnlessLeft(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch {
    throw signal?.reason
  }
}

function isLate(error: unknown): boolean {
  return isServiceError(error) && error.code === status.DEADLINE_EXCEEDED
}

function noRoom(target: string): GatewayError {
  return new GatewayError(
    'deadline_exceeded',
    'The time of the request was up before the model server could be asked; ' +
      'REQUEST_TIMEOUT_MS bounds it, UPSTREAM_IN_FLIGHT the calls that go to the server at once',
    { cause: new Error(`No call to ${target} ended in time`) },
  )
}

function closed(): GatewayError {
  return new GatewayError('shutting_down', 'The gateway has closed its channel to the model server')
}

function toMetadata(traceparent: string | undefined): Metadata {
  const metadata = new Metadata()
  const context = currentTrace() ?? readTraceContext(traceparent)
  if (context === undefined) return metadata
  metadata.set('traceparent', toTraceparent(context))
  if (context.tracestate !== undefined) metadata.set('tracestate', context.tracestate)
  return metadata
}

function toCredentials(tls: UpstreamTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure()
  return credentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.cert ?? null)
}

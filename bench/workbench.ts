import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchModel, WIRE_640, writeRepository } from './models.js'
import type { BenchOptions } from './options.js'
import { Photos } from './photos.js'
import { type Child, startServer, startWorker } from './processes/child.js'
import { type GatewayOptions, type Service, startGateway } from './processes/gateway.js'
import { type PeerOptions, startPeer } from './processes/peer.js'
import type { LoadJob } from './programs/load.js'

/** Requests until what is called often has been compiled; Python compiles nothing, but fills its pools. */
const WARM_UP_REQUESTS = { gateway: 600, peer: 50 }
const WARM_UP_MEGAPIXELS = 0.3

/** What every scenario works with: photos and processes, each made when it is first asked for and kept. */
export class Workbench {
  readonly options: BenchOptions
  readonly directory: string
  readonly photos: Photos
  /** gRPC address of the model server. */
  readonly target: string
  readonly repository: string
  /** The process that sends requests. */
  readonly load: Child
  readonly #children: Child[]
  #gateway: Promise<Service> | undefined
  readonly #peers = new Map<string, Promise<Service>>()
  #floor: Child | undefined
  #upload: Promise<Service> | undefined

  private constructor(
    options: BenchOptions,
    directory: string,
    model: { child: Child; port: number },
  ) {
    this.options = options
    this.directory = directory
    this.photos = new Photos(options.photos, join(directory, 'photos'))
    this.target = `127.0.0.1:${model.port}`
    this.repository = join(directory, 'models')
    this.load = startWorker('load')
    this.#children = [model.child, this.load]
  }

  static async open(options: BenchOptions): Promise<Workbench> {
    const directory = await mkdtemp(join(tmpdir(), 'bench-'))
    const bench = new Workbench(options, directory, await startServer('model-server'))
    await mkdir(bench.repository)
    await writeRepository(bench.repository)
    return bench
  }

  /** The gateway with its default settings. */
  gateway(): Promise<Service> {
    this.#gateway ??= this.startGateway('gateway')
    return this.#gateway
  }

  /** A gateway of its own, for a scenario that needs other settings or a process that has done nothing yet. */
  async startGateway(
    name: string,
    options: Pick<GatewayOptions, 'env' | 'nodeArgs' | 'program'> = {},
  ): Promise<Service> {
    const { directory, target, repository } = this
    const service = await startGateway({ name, directory, target, repository, ...options })
    this.#children.push(service.child)
    await this.#warmUp(service, detectPath(WIRE_640), WARM_UP_REQUESTS.gateway)
    return service
  }

  /** The peer in Python: one process as the gateway is, and NumPy reads the pixels, unless asked otherwise. */
  peer({ workers = 1, literal = false }: Partial<PeerOptions> = {}): Promise<Service> {
    const options = { workers, literal }
    const key = JSON.stringify(options)
    const peer = this.#peers.get(key) ?? this.#startPeer(options)
    this.#peers.set(key, peer)
    return peer
  }

  /** The loop without HTTP. */
  floor(): Child {
    this.#floor ??= this.#keep(startWorker('floor', [this.target]))
    return this.#floor
  }

  /** The server that only takes uploads. */
  upload(): Promise<Service> {
    this.#upload ??= startServer('upload-server').then(({ child, port }) => ({
      url: `http://127.0.0.1:${port}`,
      child: this.#keep(child),
    }))
    return this.#upload
  }

  /** Another process that sends requests. */
  startLoad(): Child {
    return this.#keep(startWorker('load'))
  }

  async close(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()))
    await rm(this.directory, { recursive: true, force: true })
  }

  async #startPeer(options: PeerOptions): Promise<Service> {
    const service = await startPeer(this.directory, this.target, options)
    this.#children.push(service.child)
    if (!options.literal) await this.#warmUp(service, '/v1/detect', WARM_UP_REQUESTS.peer)
    return service
  }

  async #warmUp({ url }: Service, path: string, requests: number): Promise<void> {
    const { files } = await this.photos.ofSize(WARM_UP_MEGAPIXELS)
    const job = { url, path, files, perRequest: 1, connections: 4, seconds: 60, requests }
    await this.load.ask(job satisfies LoadJob)
  }

  #keep(child: Child): Child {
    this.#children.push(child)
    return child
  }
}

/** Path and query that ask the gateway for a model's answer. */
export function detectPath({ name }: BenchModel, query = ''): string {
  return `/v1/detect?model=${name}${query}`
}

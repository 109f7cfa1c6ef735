import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Photos } from '../photos.js'
import { type Child, freePort, startCommand, startServer, startWorker } from '../processes/child.js'
import type { Service } from '../processes/gateway.js'
import { cpuSeconds, threadSeconds } from '../processes/usage.js'
import type { LoadJob, LoadResult } from '../programs/load.js'
import { percentile } from '../statistics.js'
import { DEVICE, type EMBEDDED, FREE, writeCards } from './models.js'

/** So many gateways in front of so many model servers, and the cores that each kind may use, as `taskset -c` takes them. */
export interface Size {
  readonly gateways: number
  readonly servers: number
  readonly kind: typeof DEVICE | typeof EMBEDDED
  readonly cores: { readonly gateway: string; readonly server: string; readonly load: string }
}

/** What is asked of a size. */
export interface Plan {
  readonly model: string
  /** Requests of each gateway that are under way. */
  readonly connections: number
  readonly seconds: number
}

/** What a size did. CPU is in milliseconds a photo, over all processes of a kind. */
export interface Measured {
  /** Photos a second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly gatewayMs: number
  /** The part of it that a gateway's one JavaScript thread took. */
  readonly mainMs: number
  readonly serverMs: number
  readonly loadMs: number
  /** Milliseconds on the clock of each stage of a photo, by the gateway's own metrics. */
  readonly stages: ReadonlyMap<string, number>
}

/** Milliseconds that a device takes for a photo. */
export const DEVICE_MS = 25

const MEGAPIXELS = 2
const WARM_UP_REQUESTS = 300
const WARM_UP_SECONDS = 1

interface Usage {
  readonly gateway: number
  readonly main: number
  readonly server: number
  readonly load: number
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Starts one size after another, and measures each. */
export class Fleet {
  readonly #directory: string
  readonly #photos: Photos

  private constructor(directory: string, photos: readonly string[]) {
    this.#directory = directory
    this.#photos = new Photos(photos, join(directory, 'photos'))
  }

  static async open(photos: readonly string[]): Promise<Fleet> {
    const directory = await mkdtemp(join(tmpdir(), 'scale-'))
    await writeCards(join(directory, 'models'))
    return new Fleet(directory, photos)
  }

  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }

  /** Starts a size, warms it up and does as the plan says. */
  async measure(size: Size, plan: Plan): Promise<Measured> {
    const children: Child[] = []
    const keep = (child: Child) => {
      children.push(child)
      return child
    }
    try {
      const servers = await Promise.all(
        Array.from({ length: size.servers }, () => this.#startServer(size, keep)),
      )
      const target = servers.map(({ port }) => `127.0.0.1:${port}`).join(',')
      const gateways = await Promise.all(
        Array.from({ length: size.gateways }, () => this.#startGateway(size, target, keep)),
      )
      const loads = gateways.map(() => keep(startWorker('load')))
      for (const load of loads) pin(load, size.cores.load)
      for (const { child } of servers) pin(child, size.cores.server)
      return await this.#run(
        { size, gateways, loads, servers: servers.map((it) => it.child) },
        plan,
      )
    } finally {
      await Promise.all(children.map((child) => child.stop()))
    }
  }

  async #run(
    running: {
      readonly size: Size
      readonly gateways: readonly Service[]
      readonly servers: readonly Child[]
      readonly loads: readonly Child[]
    },
    { connections, seconds, model }: Plan,
  ): Promise<Measured> {
    const { size, gateways, servers, loads } = running
    const { files } = await this.#photos.ofSize(MEGAPIXELS)
    const ask = async (model: string, limits: Pick<LoadJob, 'seconds' | 'requests'>) => {
      const results = await Promise.all(
        gateways.map(({ url }, index) => {
          const path = `/v1/detect?model=${model}`
          const job: LoadJob = { url, path, files, perRequest: 1, connections, ...limits }
          return loads[index]!.ask<LoadResult>(job)
        }),
      )
      const failures = results.flatMap((result) => Object.entries(result.failures))
      if (failures.length > 0) throw new Error(`requests failed: ${JSON.stringify(failures)}`)
      return results
    }
    const usage = (): Usage => ({
      gateway: sum(gateways.map(({ child }) => cpuSeconds(child.pid))),
      main: sum(gateways.map(({ child }) => threadSeconds(child.pid).get('main') ?? 0)),
      server: sum(servers.map(({ pid }) => cpuSeconds(pid))),
      load: sum(loads.map(({ pid }) => cpuSeconds(pid))),
    })
    if (size.kind === DEVICE) await ask(FREE, { seconds: 30, requests: WARM_UP_REQUESTS })
    await ask(model, { seconds: WARM_UP_SECONDS })
    const [before, stagesBefore] = [usage(), await stageTotals(gateways)]
    const results = await ask(model, { seconds })
    const [after, stagesAfter] = [usage(), await stageTotals(gateways)]
    const done = sum(results.map((result) => result.done))
    const latencies = results.flatMap((result) => result.latencies).sort((a, b) => a - b)
    const cost = (kind: keyof Usage) => ((after[kind] - before[kind]) * 1000) / done
    return {
      rate: sum(results.map((result) => result.done / result.seconds)),
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      gatewayMs: cost('gateway'),
      mainMs: cost('main'),
      serverMs: cost('server'),
      loadMs: cost('load'),
      stages: new Map(
        [...stagesAfter].map(([stage, total]) => [
          stage,
          ((total - (stagesBefore.get(stage) ?? 0)) * 1000) / done,
        ]),
      ),
    }
  }

  async #startServer(
    { kind, cores }: Size,
    keep: (child: Child) => Child,
  ): Promise<{ child: Child; port: number }> {
    if (kind === DEVICE) {
      const server = await startServer('device-server', [String(DEVICE_MS)])
      return { ...server, child: keep(server.child) }
    }
    const port = await freePort()
    const args = [process.execPath, 'dist/cli.js', 'serve-embedded', '--port', String(port)]
    const child = startCommand({
      command: 'taskset',
      args: ['-c', cores.server, ...args],
      log: join(this.#directory, `server-${port}.log`),
    })
    return { child: keep(child), port }
  }

  /** Pinned from its start, because a gateway counts its cores then. */
  async #startGateway(
    { cores, kind }: Size,
    target: string,
    keep: (child: Child) => Child,
  ): Promise<Service> {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const child = keep(
      startCommand({
        command: 'taskset',
        args: ['-c', cores.gateway, process.execPath, 'dist/server.js'],
        env: {
          HOST: '127.0.0.1',
          PORT: `${port}`,
          TF_SERVING_TARGET: target,
          MODEL_REPOSITORY: join(this.#directory, 'models'),
          DEFAULT_MODEL: kind,
        },
        log: join(this.#directory, `gateway-${port}.log`),
      }),
    )
    await child.ready(url)
    return { url, child }
  }
}

function pin({ pid }: Child, cores: string): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)])
}

/** Seconds of each stage so far, over all gateways. */
async function stageTotals(gateways: readonly Service[]): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  for (const { url } of gateways) {
    const text = await (await fetch(`${url}/metrics`)).text()
    const lines = /^detection_gateway_stage_duration_seconds_sum\{stage="(\w+)".*\} (\S+)$/gm
    for (const [, stage, seconds] of text.matchAll(lines)) {
      totals.set(stage!, (totals.get(stage!) ?? 0) + Number(seconds))
    }
  }
  return totals
}

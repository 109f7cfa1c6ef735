import { httpContestant } from '../contestant.js'
import { type BenchModel, WIRE_640, WIRE_1024 } from '../models.js'
import { type Service, WITH_PROBE } from '../processes/gateway.js'
import type { LoadJob, LoadResult } from '../programs/load.js'
import type { Goal, Section, Table } from '../report/section.js'
import { digits, median, percentile } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const MEGAPIXELS = 2
const SHARE_OF_PEAK = 0.7
const TIMES_MEDIAN = 3
const BLOCKED_MS = 20
/** Far more than are needed: a request must never wait for the client. */
const OPEN_CONNECTIONS = 32
const PEAK_CONNECTIONS = [4, 8, 16]

/** Milliseconds that the event loop was late. */
interface Lateness {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

interface Loop {
  readonly model: string
  readonly load: string
  readonly late: Lateness
}

async function peakRate(bench: Workbench, service: Service, model: BenchModel): Promise<number> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const contestant = httpContestant(bench.load, {
    name: 'gateway',
    service,
    path: detectPath(model),
    files,
  })
  const rates: number[] = []
  for (const connections of PEAK_CONNECTIONS) {
    rates.push((await contestant.measure(connections, bench.options.seconds)).rate)
  }
  return Math.max(...rates)
}

async function send(
  bench: Workbench,
  service: Service,
  model: BenchModel,
  how: Pick<LoadJob, 'connections' | 'rate'>,
): Promise<LoadResult> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const { url } = service
  const { seconds } = bench.options
  const job = { url, path: detectPath(model), files, perRequest: 1, seconds, ...how }
  return bench.load.ask<LoadResult>(job satisfies LoadJob)
}

async function underLoad(bench: Workbench): Promise<{ goal: Goal; table: Table; data: unknown }> {
  const service = await bench.gateway()
  const peak = await peakRate(bench, service, WIRE_640)
  const rate = peak * SHARE_OF_PEAK
  const rounds: { unloaded: number; loaded: LoadResult }[] = []
  for (let round = 0; round < bench.options.rounds; round++) {
    const { latencies } = await send(bench, service, WIRE_640, { connections: 1 })
    const loaded = await send(bench, service, WIRE_640, { connections: OPEN_CONNECTIONS, rate })
    rounds.push({ unloaded: percentile(latencies, 50), loaded })
  }
  const ofLoaded = (percent: number) =>
    median(rounds.map(({ loaded }) => percentile(loaded.latencies, percent)))
  const unloaded = median(rounds.map((round) => round.unloaded))
  const times = median(
    rounds.map((round) => percentile(round.loaded.latencies, 99) / round.unloaded),
  )
  const row = [peak, rate, unloaded, ofLoaded(50), ofLoaded(99)].map(digits)
  return {
    goal: {
      text: `p99 at ${SHARE_OF_PEAK * 100} % of peak: at most ${TIMES_MEDIAN}x the unloaded median`,
      measured: digits(times),
      met: times <= TIMES_MEDIAN,
    },
    table: {
      title: `Latency of JSON, ${MEGAPIXELS} MP, 640 px`,
      columns: ['', 'peak/s', 'sent/s', 'unloaded p50 ms', 'loaded p50 ms', 'loaded p99 ms'],
      rows: [['gateway', ...row]],
    },
    data: { peak, unloaded, loadedP50: ofLoaded(50), loadedP99: ofLoaded(99), times },
  }
}

async function lateness(
  bench: Workbench,
  service: Service,
  model: BenchModel,
  how: Pick<LoadJob, 'connections' | 'rate'>,
): Promise<Lateness> {
  await service.child.ask({ name: 'watchLoop' })
  await send(bench, service, model, how)
  return service.child.ask<Lateness>({ name: 'lateness' })
}

async function eventLoop(
  bench: Workbench,
): Promise<{ goals: Goal[]; table: Table; data: unknown }> {
  const service = await bench.startGateway('probed-gateway', { nodeArgs: WITH_PROBE })
  const loops: Loop[] = []
  for (const model of [WIRE_640, WIRE_1024]) {
    const rate = (await peakRate(bench, service, model)) * SHARE_OF_PEAK
    const loads = [
      { load: 'one at a time', how: { connections: 1 } },
      { load: '70 % of peak', how: { connections: OPEN_CONNECTIONS, rate } },
      { load: '16 at once', how: { connections: 16 } },
    ]
    for (const { load, how } of loads) {
      loops.push({ model: model.name, load, late: await lateness(bench, service, model, how) })
    }
  }
  await service.child.stop()
  const worst = Math.max(...loops.map(({ late }) => late.max))
  return {
    goals: [
      {
        text: `event loop never blocked over ${BLOCKED_MS} ms up to 1024 px`,
        measured: `${digits(worst)} ms`,
        met: worst <= BLOCKED_MS,
      },
    ],
    table: {
      title: 'Lateness of the event loop',
      columns: ['wire size, load', 'p50 ms', 'p99 ms', 'max ms'],
      rows: loops.map(({ model, load, late }) => [
        `${model}, ${load}`,
        ...[late.p50, late.p99, late.max].map(digits),
      ]),
    },
    data: loops,
  }
}

async function run(bench: Workbench): Promise<Section> {
  const latencies = await underLoad(bench)
  const loop = await eventLoop(bench)
  return {
    title: 'Latency under load',
    text:
      'Requests arrive at a steady rate whether or not earlier ones are answered; the clock of each starts when it is due. ' +
      'Lateness is how much longer than asked a timer of 5 ms took: what JavaScript blocked, and what the system gave to other ' +
      'processes on the same cores.',
    tables: [latencies.table, loop.table],
    goals: [latencies.goal, ...loop.goals],
    plots: [],
    data: { latency: latencies.data, loop: loop.data },
  }
}

export const latency: Scenario = { name: 'latency', run }

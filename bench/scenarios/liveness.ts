import { WIRE_640 } from '../models.js'
import type { Service } from '../processes/gateway.js'
import type { LoadJob, LoadResult } from '../programs/load.js'
import type { Section } from '../report/section.js'
import { digits, percentile } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const MEGAPIXELS = 11
const WITHIN_MS = 5
/** Enough to keep every slot and part of the queue full, below the number of places. */
const BUSY_CONNECTIONS = 16
const PROBES_PER_SECOND = 50
/** How much longer than other measurements this one takes: of 150 questions the slowest one is already the 99th percentile. */
const LONGER = 6

async function run(bench: Workbench): Promise<Section> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const prober = bench.startLoad()
  const seconds = bench.options.seconds * LONGER
  const probe = ({ url }: Service): Promise<LoadResult> =>
    prober.ask<LoadResult>({
      url,
      path: '/livez',
      files: [],
      perRequest: 1,
      connections: 1,
      seconds,
      rate: PROBES_PER_SECOND,
    } satisfies LoadJob)
  const load = ({ url }: Service, query: string) =>
    bench.load.ask<LoadResult>({
      url,
      path: detectPath(WIRE_640, query),
      files,
      perRequest: 1,
      connections: BUSY_CONNECTIONS,
      seconds,
    } satisfies LoadJob)
  const whileBusy = async (service: Service, query: string) => {
    const [{ latencies }] = await Promise.all([probe(service), load(service, query)])
    return latencies
  }
  const gateway = await bench.gateway()
  await probe(gateway)
  const found: [string, readonly number[]][] = [
    ['idle', (await probe(gateway)).latencies],
    ['JSON answers', await whileBusy(gateway, '')],
    ['PNG answers', await whileBusy(gateway, '&format=png')],
  ]
  const busy = found.slice(1).map(([, latencies]) => percentile(latencies, 99))
  const worst = Math.max(...busy)
  return {
    title: 'Liveness',
    text:
      `\`GET /livez\` ${PROBES_PER_SECOND} times a second, while ${BUSY_CONNECTIONS} clients send photos of ${MEGAPIXELS} MP. ` +
      'Prober, senders and model server share the cores with the gateway.',
    tables: [
      {
        title: 'Time to answer /livez',
        columns: ['while', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
        rows: found.map(([name, latencies]) => [
          name,
          ...[50, 95, 99, 100].map((percent) => digits(percentile(latencies, percent))),
        ]),
      },
    ],
    goals: [
      {
        text: `/livez within ${WITHIN_MS} ms while every slot is busy (p99)`,
        measured: `${digits(worst)} ms`,
        met: worst <= WITHIN_MS,
      },
    ],
    plots: [],
    data: { found },
  }
}

export const liveness: Scenario = { name: 'liveness', run }

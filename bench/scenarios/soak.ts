import { WIRE_640 } from '../models.js'
import { residentMib } from '../processes/usage.js'
import type { LoadJob, LoadResult } from '../programs/load.js'
import type { Section } from '../report/section.js'
import { digits, median } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const REQUESTS = 20_000
const STEP = 500
const MEGAPIXELS = 2
const CONNECTIONS = 8
/** What a collector that runs when it likes leaves lying about. */
const FLAT = 0.05

async function run(bench: Workbench): Promise<Section> {
  const service = await bench.startGateway('soak-gateway')
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const points: [number, number][] = []
  for (let sent = STEP; sent <= REQUESTS; sent += STEP) {
    const job: LoadJob = {
      url: service.url,
      path: detectPath(WIRE_640),
      files,
      perRequest: 1,
      connections: CONNECTIONS,
      seconds: Number.POSITIVE_INFINITY,
      requests: STEP,
    }
    // JSON has no infinity: IPC would turn it into null.
    const { failures } = await bench.load.ask<LoadResult>({ ...job, seconds: 3600 })
    if (Object.keys(failures).length > 0) throw new Error(`soak: ${JSON.stringify(failures)}`)
    points.push([sent, residentMib(service.child.pid)])
  }
  await service.child.stop()
  const quarter = (from: number) =>
    median(
      points.filter(([sent]) => sent > from && sent <= from + REQUESTS / 4).map(([, mib]) => mib),
    )
  const [early, late] = [quarter(REQUESTS / 4), quarter((REQUESTS * 3) / 4)]
  const growth = late / early - 1
  return {
    title: 'Memory over time',
    text: `${REQUESTS} requests of ${MEGAPIXELS} MP, ${CONNECTIONS} at once; resident memory after every ${STEP}.`,
    tables: [
      {
        title: 'Resident memory',
        columns: ['requests', 'MiB'],
        rows: points
          .filter(([sent]) => sent % (REQUESTS / 10) === 0)
          .map(([sent, mib]) => [`${sent}`, digits(mib)]),
      },
    ],
    goals: [
      {
        text: `flat over ${REQUESTS} requests: the last quarter at most ${FLAT * 100} % above the second`,
        measured: `${digits(growth * 100)} %`,
        met: growth <= FLAT,
      },
    ],
    plots: [
      {
        name: 'memory-over-requests',
        title: 'Resident memory over requests',
        xLabel: 'requests',
        yLabel: 'MiB',
        series: [{ name: 'gateway', points }],
      },
    ],
    data: points,
  }
}

export const soak: Scenario = { name: 'soak', run }

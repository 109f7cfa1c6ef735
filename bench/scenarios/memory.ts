import { loadConfig } from '../../src/config.js'
import { planMemory } from '../../src/memory-plan.js'
import { SLOW } from '../models.js'
import type { Service } from '../processes/gateway.js'
import { peakResidentMib, resetPeak, residentMib } from '../processes/usage.js'
import type { LoadJob, LoadResult } from '../programs/load.js'
import type { Section } from '../report/section.js'
import { digits } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const MEGAPIXELS = 11
const MIB = 1024 * 1024
const QUERIES = [
  ['JSON', ''],
  ['JPEG', '&format=jpeg'],
  ['WebP', '&format=webp'],
  ['PNG', '&format=png'],
] as const

/** What the limits let the process hold, in MiB: the sum is MEMORY_LIMIT_BYTES. */
function bound(): { total: number; terms: [string, number][] } {
  const config = loadConfig({})
  const terms = Object.entries(planMemory(config, false)).map(([name, bytes]): [string, number] => [
    name,
    bytes / MIB,
  ])
  return { total: config.memoryLimitBytes / MIB, terms }
}

/** Fills every place until requests have gone round twice, and gives the peak. */
async function fill(bench: Workbench, service: Service, query: string): Promise<number> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const { slots, queueLength } = loadConfig({})
  const connections = slots + queueLength
  resetPeak(service.child.pid)
  const job: LoadJob = {
    url: service.url,
    // Every place is held at once: nobody must be timed out while the others are served.
    path: detectPath(SLOW, query),
    files,
    perRequest: 1,
    connections,
    seconds: bench.options.seconds * 3,
    requests: connections * 4,
  }
  const { failures } = await bench.load.ask<LoadResult>(job)
  if (Object.keys(failures).length > 0) throw new Error(`memory: ${JSON.stringify(failures)}`)
  return peakResidentMib(service.child.pid)
}

async function run(bench: Workbench): Promise<Section> {
  const env = { REQUEST_TIMEOUT_MS: '60000' }
  const service = await bench.startGateway('memory-gateway', { env })
  const idle = residentMib(service.child.pid)
  const rows: [string, number][] = []
  for (const [name, query] of QUERIES) rows.push([name, await fill(bench, service, query)])
  await service.child.stop()
  const { total, terms } = bound()
  const worst = Math.max(...rows.map(([, peak]) => peak))
  return {
    title: 'Memory',
    text:
      `As many clients as there are places (slots and queue), each with a photo of ${MEGAPIXELS} MP, in front of a model ` +
      'server that takes half a second: the peak of resident memory.',
    tables: [
      {
        title: 'Peak with every place taken',
        columns: ['answers', 'MiB'],
        rows: [['none, idle', digits(idle)], ...rows.map(([name, peak]) => [name, digits(peak)])],
      },
      {
        title: 'Bound computed from the limits',
        columns: ['term', 'MiB'],
        rows: [...terms, ['sum', total] as const].map(([name, value]) => [name, digits(value)]),
      },
    ],
    goals: [
      {
        text: `memory with every place holding ${MEGAPIXELS} MP: below the computed bound`,
        measured: `${digits(worst)} of ${digits(total)} MiB`,
        met: worst <= total,
      },
    ],
    plots: [],
    data: { idle, rows, terms },
  }
}

export const memory: Scenario = { name: 'memory', run }

import { compare } from '../compare.js'
import { type Contestant, httpContestant } from '../contestant.js'
import { WIRE_640 } from '../models.js'
import { WITH_PROBE } from '../processes/gateway.js'
import { comparisonTable } from '../report/comparison.js'
import type { Section } from '../report/section.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const MEGAPIXELS = 2
const CONNECTIONS = 8

/** Environments of one gateway each. The probe gives sharp what the gateway has no setting for. */
const VARIANTS: readonly { name: string; env: NodeJS.ProcessEnv; nodeArgs?: string[] }[] = [
  { name: 'as it is', env: {} },
  { name: 'old space from 128 MiB', env: {}, nodeArgs: ['--initial-old-space-size=128'] },
  { name: 'old space from 256 MiB', env: {}, nodeArgs: ['--initial-old-space-size=256'] },
  { name: 'young space of 64 MiB', env: {}, nodeArgs: ['--max-semi-space-size=64'] },
  { name: 'libuv pool of 2', env: { UV_THREADPOOL_SIZE: '2' } },
  { name: 'libuv pool of 8', env: { UV_THREADPOOL_SIZE: '8' } },
  { name: 'sharp: 2 threads an image', env: { BENCH_SHARP_CONCURRENCY: '2' } },
  { name: 'sharp: no cache', env: { BENCH_SHARP_CACHE: 'off' } },
  { name: 'half the slots', env: { SLOTS: '2', QUEUE_LENGTH: '32' } },
  { name: 'twice the slots', env: { SLOTS: '8' } },
]

/** Two contestants that share the load, as one. Their memory adds up. */
function together(name: string, pair: readonly Contestant[]): Contestant {
  return {
    name,
    measure: async (connections, seconds) => {
      const samples = await Promise.all(
        pair.map((it) => it.measure(connections / pair.length, seconds)),
      )
      const rate = samples.reduce((sum, it) => sum + it.rate, 0)
      return {
        rate,
        p50: Math.max(...samples.map(({ p50 }) => p50)),
        p99: Math.max(...samples.map(({ p99 }) => p99)),
        cpuMs: samples.reduce((sum, it) => sum + it.cpuMs * it.rate, 0) / rate,
        residentMib: samples.reduce((sum, it) => sum + it.residentMib, 0),
        bytes: samples[0]!.bytes,
      }
    },
  }
}

async function run(bench: Workbench): Promise<Section> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const start = async (name: string, env: NodeJS.ProcessEnv, args: readonly string[] = []) => {
    const service = await bench.startGateway(name.replaceAll(/\W+/g, '-'), {
      env,
      nodeArgs: [...WITH_PROBE, ...args],
    })
    return httpContestant(bench.load, { name, service, path: detectPath(WIRE_640), files })
  }
  const contestants: Contestant[] = []
  for (const { name, env, nodeArgs } of VARIANTS) {
    contestants.push(await start(name, env, nodeArgs))
  }
  const half = { SLOTS: '2', QUEUE_LENGTH: '16', UV_THREADPOOL_SIZE: '2' }
  const pair = [await start('first process', half), await start('second process', half)]
  contestants.push(together('a process a core', pair))
  const { rounds, seconds } = bench.options
  const measured = await compare(contestants, { rounds, seconds, connections: [CONNECTIONS] })
  return {
    title: 'Threads, caches and processes',
    text: `JSON, ${MEGAPIXELS} MP, 640 px, with other sizes of what works in parallel.`,
    tables: [comparisonTable(`Variants, ${CONNECTIONS} requests at once`, measured)],
    goals: [],
    plots: [],
    data: { measured },
  }
}

export const tuning: Scenario = { name: 'tuning', run }

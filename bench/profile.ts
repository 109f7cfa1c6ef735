/**
 * Profiles the gateway under load: CPU time by thread, the main thread's by package and function, allocations by function.
 *
 * Usage: npx tsx bench/profile.ts [--subject NAME] [--keep DIRECTORY] [arguments of the suite]
 *
 * The profiles themselves, for a browser's developer tools, are kept in DIRECTORY.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ProfileSummary, summarizeProfile } from './cpu-profile.js'
import { type Allocation, summarizeHeap } from './heap-profile.js'
import { type BenchModel, ENCODED, WIRE_300, WIRE_640, WIRE_1024, WIRE_FULL } from './models.js'
import { readOptions } from './options.js'
import { WITH_PROBE } from './processes/gateway.js'
import { threadSeconds } from './processes/usage.js'
import type { LoadJob, LoadResult } from './programs/load.js'
import { markdownTable } from './report/markdown.js'
import type { Table } from './report/section.js'
import { digits } from './statistics.js'
import { detectPath, Workbench } from './workbench.js'

interface Subject {
  readonly name: string
  readonly megapixels: number
  readonly model: BenchModel
  readonly query: string
}

const json = (name: string, megapixels: number, model: BenchModel): Subject => ({
  name,
  megapixels,
  model,
  query: '',
})

const SUBJECTS: readonly Subject[] = [
  json('json-2mp-640', 2, WIRE_640),
  json('json-2mp-1024', 2, WIRE_1024),
  json('json-2mp-300', 2, WIRE_300),
  json('json-2mp-full', 2, WIRE_FULL),
  json('json-11mp-640', 11, WIRE_640),
  json('encoded-2mp', 2, ENCODED),
  { name: 'png-2mp-640', megapixels: 2, model: WIRE_640, query: '&format=png' },
]

const CONNECTIONS = 8
const TOP = 30
/** Seconds until everything that is called often has been compiled, on a slow machine. */
const WARM_UP_SECONDS = 10

interface Profiled {
  readonly photos: number
  readonly threads: readonly { readonly name: string; readonly ms: number }[]
  readonly cpu: ProfileSummary
  readonly allocations: readonly Allocation[]
}

async function profileSubject(bench: Workbench, subject: Subject, keep: string): Promise<Profiled> {
  await mkdir(keep, { recursive: true })
  const { url, child } = await bench.startGateway(subject.name, { nodeArgs: WITH_PROBE })
  const { files } = await bench.photos.ofSize(subject.megapixels)
  const path = detectPath(subject.model, subject.query)
  const send = (seconds: number) => {
    const job: LoadJob = { url, path, files, perRequest: 1, connections: CONNECTIONS, seconds }
    return bench.load.ask<LoadResult>(job)
  }
  const { seconds } = bench.options
  await send(WARM_UP_SECONDS)

  const before = threadSeconds(child.pid)
  const { done } = await send(seconds)
  const threads = [...threadSeconds(child.pid)].map(([name, used]) => ({
    name,
    ms: ((used - (before.get(name) ?? 0)) * 1000) / done,
  }))

  const cpuFile = join(keep, `${subject.name}.cpuprofile`)
  await child.ask({ name: 'startCpuProfile' })
  const sampled = await send(seconds)
  await child.ask({ name: 'writeCpuProfile', argument: cpuFile })

  const heapFile = join(keep, `${subject.name}.heapprofile`)
  await child.ask({ name: 'startHeapProfile' })
  const traced = await send(seconds)
  await child.ask({ name: 'writeHeapProfile', argument: heapFile })
  await child.stop()
  return {
    photos: done,
    threads: threads.sort((a, b) => b.ms - a.ms),
    cpu: await summarizeProfile(cpuFile, sampled.done),
    allocations: await summarizeHeap(heapFile, traced.done),
  }
}

function costTable(title: string, costs: readonly { name: string; ms: number }[]): Table {
  const rows = costs
    .slice(0, TOP)
    .map(({ name, ms }) => [name.replaceAll('|', '\\|'), ms.toFixed(3)])
  return { title, columns: ['', 'ms a photo'], rows }
}

function print(subject: Subject, { photos, threads, cpu, allocations }: Profiled): void {
  const tables = [
    costTable('CPU by thread', threads),
    costTable(`Main thread by package and file (${digits(cpu.busyMs)} ms)`, cpu.owners),
    costTable('Main thread by function', cpu.functions),
    {
      title: "Allocated on V8's heap",
      columns: ['', 'kB a photo'],
      rows: allocations.slice(0, TOP).map(({ name, bytes }) => [name, digits(bytes / 1000)]),
    },
  ]
  console.log(`\n## ${subject.name}: ${photos} photos\n\n${tables.map(markdownTable).join('\n\n')}`)
}

/** Takes an option with a value out of the arguments. */
function takeOption(args: string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? undefined : args.splice(at, 2)[1]
}

const args = process.argv.slice(2)
const only = takeOption(args, 'subject')
const keep = takeOption(args, 'keep')
const options = readOptions(args)
if (options !== undefined) {
  const bench = await Workbench.open(options)
  try {
    for (const subject of SUBJECTS.filter(({ name }) => only === undefined || name === only)) {
      print(subject, await profileSubject(bench, subject, keep ?? bench.directory))
    }
  } finally {
    await bench.close()
  }
}

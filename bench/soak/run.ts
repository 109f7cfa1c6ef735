/**
 * The soak: a gateway as it is shipped, two model servers that die and hang in turn, and clients that send good requests, bad
 * ones and ones that they leave. Reports what became of them and what was left behind; exits with 1 when an answer was lost
 * or wrong, when anything stayed, or when memory grew.
 *
 * npm run soak -- [--minutes 10] [--clients 12]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePort } from '../processes/child.js'
import { residentMib } from '../processes/usage.js'
import { median } from '../statistics.js'
import { Replicas } from './faults.js'
import { leftOver, openHandles, readMetrics, slope } from './gauges.js'
import { Traffic } from './traffic.js'

const SAMPLE_MS = 2000
/** The part of the run in which caches and heaps find their size. */
const SETTLING = 0.3
/** What memory may grow by from then to the end, as a part of what it was. */
const MOST_GROWTH = 0.1
/** Fewer minutes say nothing of a slope. */
const LEAST_MINUTES_FOR_SLOPE = 5
/** Connections to model servers that are being made anew, and the like. */
const MORE_HANDLES = 8
const QUIET_MS = 5000
const MEMORY_LIMIT_MIB = 1024

/** Starts the gateway from its build, with its log in a file. */
async function startGateway(directory: string, target: string) {
  const port = await freePort()
  const file = openSync(join(directory, 'log'), 'w')
  const child = spawn(process.execPath, ['dist/server.js'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: `${port}`,
      TF_SERVING_TARGET: target,
      MODEL_REPOSITORY: directory,
      MEMORY_LIMIT_BYTES: `${MEMORY_LIMIT_MIB * 1024 * 1024}`,
      LOG_LEVEL: 'error',
      REQUEST_TIMEOUT_MS: '4000',
      BODY_TIMEOUT_MS: '3000',
    },
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  const url = `http://127.0.0.1:${port}`
  const isReady = async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(readFileSync(join(directory, 'log'), 'utf8'))
    await sleep(100)
  }
  return { child, url }
}

type Gateway = Awaited<ReturnType<typeof startGateway>>

/** Notes the gateway's memory in MiB, by minutes, for so long. */
async function watch({ child }: Gateway, minutes: number): Promise<[number, number][]> {
  const points: [number, number][] = []
  const start = Date.now()
  for (let now = 0; now < minutes; now = (Date.now() - start) / 60_000) {
    points.push([now, residentMib(child.pid!)])
    await sleep(SAMPLE_MS)
    if (child.exitCode !== null || child.signalCode !== null) break
  }
  return points
}

function reportAnswers(traffic: Traffic): void {
  const { answers, requests, left, lost } = traffic
  const answered = [...answers.values()].reduce((sum, count) => sum + count, 0)
  console.log(
    `${requests} requests: ${answered} answered, ${left} left by their client, ${lost.length} lost`,
  )
  const byStatus = new Map<string, number>()
  for (const [key, count] of answers) {
    const status = key.slice(key.lastIndexOf(' ') + 1)
    byStatus.set(status, (byStatus.get(status) ?? 0) + count)
  }
  console.log(
    `statuses: ${[...byStatus]
      .sort()
      .map(([status, n]) => `${status} ${n}`)
      .join(', ')}`,
  )
  for (const [key, count] of [...answers].sort()) console.log(`  ${key}: ${count}`)
}

/** Says how memory went, and gives what is wrong with that. */
function judgeMemory(points: readonly [number, number][], minutes: number): string[] {
  const settled = points.filter(([at]) => at > minutes * SETTLING)
  const values = settled.map(([, mib]) => mib)
  const half = Math.ceil(values.length / 2)
  const [early, late] = [median(values.slice(0, half)), median(values.slice(-half))]
  const most = Math.max(...points.map(([, mib]) => mib))
  console.log(
    `memory: ${early.toFixed(0)} MiB, later ${late.toFixed(0)} MiB, at most ${most.toFixed(0)} MiB; ` +
      `slope ${slope(settled).toFixed(2)} MiB a minute after the first ${SETTLING * 100} %`,
  )
  const problems = most > MEMORY_LIMIT_MIB ? [`memory rose to ${most.toFixed(0)} MiB`] : []
  if (minutes >= LEAST_MINUTES_FOR_SLOPE && late > early * (1 + MOST_GROWTH))
    problems.push(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`)
  return problems
}

/** What is left once nobody asks for anything. */
async function judgeRest({ child, url }: Gateway, handlesBefore: number): Promise<string[]> {
  await sleep(QUIET_MS)
  const handles = openHandles(child.pid!)
  console.log(`handles: ${handlesBefore} before, ${handles} after`)
  const metrics = await readMetrics(url)
  const problems = leftOver(metrics)
  if (metrics.get('internal_errors') !== 0)
    problems.push(`${metrics.get('internal_errors')} internal errors`)
  if (handles > handlesBefore + MORE_HANDLES)
    problems.push(`${handles - handlesBefore} handles stayed`)
  return problems
}

async function judgeEnd({ child }: Gateway): Promise<string[]> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const [code, signal] = await exited
  return code === 0 ? [] : [`the gateway ended with ${code ?? signal}`]
}

async function soak(minutes: number, clients: number): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'soak-'))
  const ports = [await freePort(), await freePort()]
  const replicas = new Replicas(ports)
  let gateway: Gateway | undefined
  try {
    await replicas.start()
    gateway = await startGateway(directory, `ipv4:${ports.map((port) => `127.0.0.1:${port}`)}`)
    const handles = openHandles(gateway.child.pid!)
    const traffic = new Traffic(gateway.url)
    traffic.start(clients)
    replicas.beginFaults()
    const points = await watch(gateway, minutes)
    await replicas.heal()
    await traffic.stop()
    reportAnswers(traffic)
    console.log(
      `faults: ${Object.entries(replicas.faults)
        .map(([name, n]) => `${name} ${n}`)
        .join(', ')}`,
    )
    const problems = [...traffic.lost.map((text) => `lost: ${text}`)]
    problems.push(...[...new Set(traffic.wrong)].map((text) => `wrong answer: ${text}`))
    problems.push(...judgeMemory(points, minutes), ...(await judgeRest(gateway, handles)))
    problems.push(...(await judgeEnd(gateway)))
    return problems
  } finally {
    gateway?.child.kill('SIGKILL')
    await replicas.stop()
    rmSync(directory, { recursive: true })
  }
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '12' },
  },
})
const problems = await soak(Number(values.minutes), Number(values.clients))
for (const problem of problems) console.log(`FAILED: ${problem}`)
console.log(problems.length === 0 ? 'the soak passed' : `${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1

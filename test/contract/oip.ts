/**
 * Puts the built gateway in front of real servers of the Open Inference Protocol, and compares what it finds in drawn
 * pictures with what was drawn.
 *
 * Usage: oip.ts DIRECTORY NAME=VENV...     NAME: triton, mlserver, kserve
 *
 * Each server runs models around one finder of coloured rectangles (oip/rectangles.py): pixels, encoded pictures, answers
 * raw and typed, metadata or none, an exception, a model that does not load. One gateway serves them all: cards name the
 * server of each model, OIP_TARGET the one of names without a card, and the embedded model answers beside them. Prints a line
 * for each check, then `N passed, M failed`; the exit status is 1 when anything failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkErrors, checkModels, checkRoll, checkSizes } from './oip/checks.js'
import { endAll, type RunningServer, startGateway, startServer } from './oip/processes.js'
import { Report } from './oip/report.js'

/** What is on the card of each model; its server is written beside it. */
const CARDS: Readonly<Record<string, object>> = {
  triton_pixels: {},
  triton_half: {},
  triton_encoded: {},
  triton_four: {},
  triton_raising: {},
  triton_broken: {},
  triton_shared: {},
  mlserver_pixels: {},
  mlserver_encoded: {},
  mlserver_raising: {},
  mlserver_broken: {},
  mlserver_silent: {
    input: { dtype: 'UINT8', max_side: 0 },
    inputs: { image: 'image' },
    outputs: { num_detections: 'num_detections' },
  },
  mlserver_nope: {},
  kserve_pixels: { input: { max_side: 0 } },
  kserve_raw: {},
  kserve_raising: {},
  kserve_silent: {
    input: { dtype: 'UINT8', shape: [1, -1, -1, 3] },
    inputs: { image: 'image' },
  },
  kserve_encoded: { input: { dtype: 'BYTES' }, inputs: { image: 'image' } },
  kserve_nope: {},
}
const LABELS = { 1: 'red', 2: 'green', 3: 'blue' }
const DEMO = 'ssdlite_mobilenet_v2_coco'

const [directory, ...chosen] = process.argv.slice(2)
if (directory === undefined) throw new Error('usage: oip.ts DIRECTORY NAME=VENV...')
const report = new Report()
const servers = new Map<string, RunningServer>()
/** Another Triton, with the one model that both have. */
let second: RunningServer | undefined

async function writeCards(): Promise<string> {
  const repository = join(directory!, 'models')
  for (const [model, card] of Object.entries(CARDS)) {
    const running = servers.get(model.replace(/_.*/, ''))
    if (running === undefined) continue
    const target =
      model === 'triton_shared' ? `${running.target},${second?.target}` : running.target
    const server = { protocol: 'oip', target }
    await mkdir(join(repository, model), { recursive: true })
    const text = JSON.stringify({ labels: LABELS, server, ...card })
    await writeFile(join(repository, model, 'model.json'), text)
  }
  return repository
}

async function main(): Promise<void> {
  for (const pair of chosen) {
    const [name = '', venv = ''] = pair.split('=')
    servers.set(name, await startServer(name, venv, join(directory!, name)))
    if (name === 'triton') {
      second = await startServer(name, venv, join(directory!, 'second'), ['triton_shared'])
    }
  }
  const first = [...servers.values()][0]!
  const log = join(directory!, 'gateway.log')
  // Before the servers are ready: they are found when they are.
  const env = {
    OIP_TARGET: first.target,
    DEFAULT_MODEL: DEMO,
    MODEL_REPOSITORY: await writeCards(),
  }
  const url = await startGateway(env, log)
  for (const name of servers.keys()) await checkModels(report, url, name)
  for (const name of servers.keys()) await checkErrors(report, url, name)
  await checkSizes(report, url, [...servers.keys()])
  checkDoctor(env)
  await checkEnd(url)
  endAll()
  if (report.failed > 0) await showLogs(log)
}

/** The doctor finds nothing wrong with one model of each server. */
function checkDoctor(env: NodeJS.ProcessEnv): void {
  const models = ['triton_pixels', 'mlserver_silent', 'kserve_encoded'].filter((it) =>
    servers.has(it.replace(/_.*/, '')),
  )
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const args = ['doctor', '--json', ...models.flatMap((model) => ['--model', model])]
  const { stdout } = spawnSync(process.execPath, [cli, ...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  const { ok, measurements, findings } = JSON.parse(stdout) as {
    ok: boolean
    measurements: { model: string }[]
    findings: { level: string }[]
  }
  const measured = measurements.map(({ model }) => model).join() === models.join()
  const failures = findings.filter(({ level }) => level === 'failure')
  report.check('doctor finds nothing wrong', ok && measured, failures)
}

/** Tells a server to end: from then on it is away, and the others stay. */
async function checkEnd(url: string): Promise<void> {
  const [[name, { child }]] = [...servers] as [[string, RunningServer]]
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const end = () => {
    child.kill('SIGTERM')
    return ended
  }
  if (name === 'triton') await checkRoll(report, url, 'triton_shared', end)
  else await end()
  const response = await fetch(`${url}/v1/models/${name}_pixels`)
  const { state, reason } = (await response.json()) as { state: string; reason: string }
  report.check(`${name} has ended`, state === 'UNKNOWN' && /cannot be reached/.test(reason), reason)
}

async function showLogs(gateway: string): Promise<void> {
  for (const log of [gateway, ...[...servers.values()].map((it) => it.log)]) {
    // The gateway tells of requests that went well, too.
    const lines = (await readFile(log, 'utf8')).split('\n').filter((it) => !/"level":30/.test(it))
    process.stdout.write(`--- ${log}\n${lines.slice(-40).join('\n')}\n`)
  }
}

await main()
process.stdout.write(`${report.passed} passed, ${report.failed} failed\n`)
process.exit(report.failed > 0 ? 1 : 0)

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startCommand } from '../processes/child.js'
import type { Section } from '../report/section.js'
import { digits, median } from '../statistics.js'
import type { Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const WITHIN_SECONDS = 2
const POLL_MS = 5
const PHOTO = 'test/fixtures/chelsea.jpg'

/** Seconds from the start of a process until a photo is answered; the first attempts find nobody listening. */
async function firstAnswer(bench: Workbench, attempt: number): Promise<number> {
  const port = await freePort()
  const photo = await readFile(PHOTO)
  const start = performance.now()
  const child = startCommand({
    command: process.execPath,
    args: ['dist/server.js'],
    // An empty variable counts as unset: this runs the demo model inside.
    env: { PORT: `${port}`, TF_SERVING_TARGET: '', DEFAULT_MODEL: '', MODEL_REPOSITORY: '' },
    log: join(bench.directory, `start-${attempt}.log`),
  })
  try {
    while (!(await isAnswered(port, photo))) await sleep(POLL_MS)
    return (performance.now() - start) / 1000
  } finally {
    await child.stop()
  }
}

async function isAnswered(port: number, photo: Buffer): Promise<boolean> {
  try {
    const headers = { 'content-type': 'image/jpeg' }
    const url = `http://127.0.0.1:${port}/v1/detect`
    const response = await fetch(url, { method: 'POST', body: new Uint8Array(photo), headers })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

async function run(bench: Workbench): Promise<Section> {
  const times: number[] = []
  for (let attempt = 0; attempt < bench.options.rounds; attempt++) {
    times.push(await firstAnswer(bench, attempt))
  }
  const middle = median(times)
  return {
    title: 'Start',
    text: 'From the start of the process to the first detections of the embedded demo model, over HTTP.',
    tables: [
      {
        title: 'Seconds to the first answer',
        columns: ['', 'median', 'fastest', 'slowest'],
        rows: [
          ['gateway, embedded', ...[middle, Math.min(...times), Math.max(...times)].map(digits)],
        ],
      },
    ],
    goals: [
      {
        text: `start to first answer with the embedded server: under ${WITHIN_SECONDS} s`,
        measured: `${digits(middle)} s`,
        met: middle < WITHIN_SECONDS,
      },
    ],
    plots: [],
    data: times,
  }
}

export const start: Scenario = { name: 'start', run }

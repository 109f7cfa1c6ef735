import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedServer } from '../../src/embedded/server.js'
import { writeDemoVersion } from '../../src/export/demo-version.js'
import { DEMO_MODEL } from '../../src/repository/demo-card.js'
import { freePort, startCommand } from '../processes/child.js'

/** One object that the model found. */
export interface Found {
  readonly class_id: number
  readonly score: number
  readonly box_normalized: Readonly<Record<'x_min' | 'y_min' | 'x_max' | 'y_max', number>>
}

export interface Answer {
  readonly detections: readonly Found[]
  readonly timings_ms: { readonly decode: number; readonly total: number }
}

/** The gateway in front of the demo model. */
export interface Detector {
  /** Makes the gateway decode as a card's `input` says. */
  useCard(input: Readonly<Record<string, unknown>>): Promise<void>
  /** Asks about a photo, with further parameters as a query has them. */
  detect(photo: Buffer, query?: string): Promise<Answer>
  close(): Promise<void>
}

interface ModelServer {
  readonly target: string
  close(): Promise<unknown>
}

/** Every row that the model answers, however unsure. */
const EVERYTHING = 'min_score=0&max_detections=1000'

async function startTensorFlow(models: string): Promise<ModelServer> {
  const install = 'source test/contract/venv.sh >&2 && echo "$python"'
  const python = execFileSync('bash', ['-ec', install], { encoding: 'utf8' }).trim()
  const child = spawn(python, ['test/contract/serving.py', models], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const target = /^listening on (\S+)/.exec(line)?.[1]
    if (target === undefined) continue
    const close = async () => {
      child.kill()
      await once(child, 'exit')
    }
    return { target, close }
  }
  throw new Error('TensorFlow ended before it listened')
}

async function startEmbedded(): Promise<ModelServer> {
  const server = await startEmbeddedServer()
  await server.ready
  return server
}

/** Starts the demo model, exported for TensorFlow or embedded, and the gateway in front of it. */
export async function startDetector(directory: string, embedded: boolean): Promise<Detector> {
  const models = join(directory, 'models')
  const folder = join(models, DEMO_MODEL)
  await mkdir(folder, { recursive: true })
  if (!embedded) await writeDemoVersion(join(folder, '1'))
  const server = embedded ? await startEmbedded() : await startTensorFlow(models)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { TF_SERVING_TARGET: server.target, MODEL_REPOSITORY: models, LOG_LEVEL: 'warn' }
  const start = () =>
    startCommand({
      command: process.execPath,
      args: ['dist/server.js'],
      env: { ...env, PORT: `${port}`, DEFAULT_MODEL: DEMO_MODEL, REQUEST_TIMEOUT_MS: '60000' },
      log: join(directory, 'gateway.log'),
    })
  let gateway = start()
  return {
    useCard: async (input) => {
      // A card is read without a restart, but nothing tells when.
      await gateway.stop()
      await writeFile(join(folder, 'model.json'), JSON.stringify({ card_version: 1, input }))
      gateway = start()
      await gateway.ready(url)
    },
    detect: async (photo, query = '') => {
      const body = new Uint8Array(photo)
      const headers = { 'content-type': 'application/octet-stream' }
      const response = await fetch(`${url}/v1/detect?${EVERYTHING}&${query}`, {
        method: 'POST',
        body,
        headers,
      })
      if (!response.ok) throw new Error(await response.text())
      return (await response.json()) as Answer
    },
    close: async () => {
      await gateway.stop()
      await server.close()
      // The sessions of TensorFlow take a moment to let go of their files.
      await sleep(100)
    },
  }
}

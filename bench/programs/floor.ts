/**
 * The floor that no gateway gets under: the same decode and the same Predict call in a loop, without HTTP. Takes FloorJobs
 * by IPC; the model server's gRPC target is the only argument.
 */
import { readFile } from 'node:fs/promises'
import { freeMemory } from '../../src/free-memory.js'
import { collectSeldom } from '../../src/garbage-collection.js'
import { readHeader } from '../../src/imaging/header.js'
import { parseModelCard } from '../../src/repository/card-schema.js'
import { TfServingClient } from '../../src/serving/tf-serving/client.js'
import { Upstream } from '../../src/serving/upstream.js'
import { readDetectionSignature } from '../../src/tasks/detection/detection-signature.js'
import { prepareInput, toInputTensor } from '../../src/tasks/image/model-input.js'
import { MODELS } from '../models.js'
import { serveJobs } from './job-channel.js'
import type { LoadResult } from './load.js'

export interface FloorJob {
  readonly model: string
  readonly files: readonly string[]
  /** Loops that run at once. */
  readonly connections: number
  readonly seconds: number
}

const TIMEOUT_MS = 10_000
const MAX_PIXELS = 50_000_000

collectSeldom()
const target = process.argv[2]
if (target === undefined) throw new Error('usage: floor.ts TARGET')
const upstream = new Upstream({ retryBytes: 3 * MAX_PIXELS })
const client = new TfServingClient(upstream.channel('tf-serving', target))
const uploads = new Map<string, Promise<Buffer>>()

function upload(file: string): Promise<Buffer> {
  const bytes = uploads.get(file) ?? readFile(file)
  uploads.set(file, bytes)
  return bytes
}

/** Gives what decodes one photo of a model's card and sends it. */
async function makeStep(model: string) {
  const { cardInput } = MODELS.find(({ name }) => name === model)!
  const { card } = parseModelCard(JSON.stringify({ input: cardInput }), 'model.json')
  const selector = { model }
  const options = () => ({ deadline: Date.now() + TIMEOUT_MS })
  const { signatures } = await client.metadata(selector, options())
  const signature = readDetectionSignature(model, signatures, card)
  const outputs = Object.values(signature.outputs)
  return async (file: string) => {
    const bytes = await upload(file)
    const header = await readHeader(bytes, MAX_PIXELS)
    const how = { signature, card: card.input, wireMaxSide: 0 }
    const input = await prepareInput(bytes, header, how, TIMEOUT_MS)
    const tensor = await toInputTensor([input], signature, card.input)
    const inputs = { [signature.input]: tensor }
    await client.predict({ selector, signature: signature.name, inputs, outputs }, options())
    if (ArrayBuffer.isView(tensor.data)) freeMemory(tensor.data)
  }
}

serveJobs<FloorJob, LoadResult>(async ({ model, files, connections, seconds }) => {
  const step = await makeStep(model)
  const latencies: number[] = []
  const start = performance.now()
  const end = start + seconds * 1000
  let next = 0
  const loops = Array.from({ length: connections }, async () => {
    while (performance.now() < end) {
      const started = performance.now()
      await step(files[next++ % files.length]!)
      latencies.push(performance.now() - started)
    }
  })
  await Promise.all(loops)
  return {
    done: latencies.length,
    failures: {},
    seconds: (performance.now() - start) / 1000,
    latencies: latencies.sort((a, b) => a - b),
    bytes: 0,
  }
})

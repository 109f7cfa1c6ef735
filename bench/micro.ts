/**
 * Measures the small steps of a request one by one: tensors to bytes and back, rows to detections, detections to JSON.
 *
 * Usage: npx tsx bench/micro.ts [--ms N]
 */

import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { COCO_LABELS, DEMO_CARD } from '../src/repository/demo-card.js'
import { DetectResponse } from '../src/schemas/responses.js'
import { toDetectResponse } from '../src/schemas/to-response.js'
import type { Tensors } from '../src/serving/model-server.js'
import { decodeTensor, encodeTensor } from '../src/serving/tf-serving/codec.js'
import { serializePredict } from '../src/serving/tf-serving/predict-message.js'
import { PredictRequest, PredictResponse } from '../src/serving/tf-serving/stubs.js'
import type { DetectionSignature } from '../src/tasks/detection/detection-signature.js'
import { createFilter } from '../src/tasks/detection/filters.js'
import { readCandidates } from '../src/tasks/detection/postprocess.js'
import { toDetections } from '../src/tasks/detection/result.js'
import { toInputTensor } from '../src/tasks/image/model-input.js'
import { fillValues, valueTables } from '../src/tasks/image/normalise.js'
import { markdownTable } from './report/markdown.js'
import { digits, median } from './statistics.js'

const { values } = parseArgs({ options: { ms: { type: 'string', default: '300' } } })
const MEASURED_MS = Number(values.ms)
const ROUNDS = 7

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

interface Result {
  readonly name: string
  readonly microseconds: number
  /** Bytes on V8's heap and in buffers. */
  readonly allocated: number
}

let sink: unknown

/** Runs a step until it has been compiled and measured: the median of several rounds. */
function measure(name: string, step: () => unknown): Result {
  const run = (times: number) => {
    const start = performance.now()
    for (let i = 0; i < times; i++) sink = step()
    return performance.now() - start
  }
  let times = 1
  while (run(times) < MEASURED_MS / ROUNDS) times *= 2
  const rounds = Array.from({ length: ROUNDS }, () => run(times))
  return { name, microseconds: (median(rounds) * 1000) / times, allocated: allocation(step) }
}

/** Bytes that a step allocates, from a few runs between which nothing is collected. */
function allocation(step: () => unknown): number {
  const runs = 5
  const used = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  collect()
  const held: unknown[] = []
  const before = used()
  for (let i = 0; i < runs; i++) held.push(step())
  return Math.max(0, used() - before) / runs
}

const SIZE = { width: 1632, height: 1224 }
const SIGNATURE: DetectionSignature = {
  name: 'serving_default',
  input: 'input_tensor',
  dtype: 'DT_UINT8',
  batched: true,
  maxBatch: 8,
  layout: 'nhwc',
  size: undefined,
  format: { boxes: { format: 'yxyx', unit: 'fraction' }, scores: { byClass: false } },
  outputs: {
    detection_boxes: 'detection_boxes',
    detection_scores: 'detection_scores',
    detection_classes: 'detection_classes',
    num_detections: 'num_detections',
  },
}

function rows(count: number): Tensors {
  const float = (shape: number[], value: (index: number) => number) => ({
    dtype: 'DT_FLOAT' as const,
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
  })
  return {
    detection_boxes: float([1, count, 4], (i) => (i % 4 < 2 ? 0.1 : 0.4) + (i % 100) / 300),
    detection_scores: float([1, count], (i) => 1 - i / count),
    detection_classes: float([1, count], (i) => 1 + (i % 10)),
    num_detections: float([1], () => count),
  }
}

async function codecSteps(side: number): Promise<Result[]> {
  const height = Math.round(side * 0.75)
  const size = { width: side, height }
  const data = Buffer.alloc(side * height * 3, 7)
  const transform = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 }
  const input = { data, size, transform }
  const tensor = await toInputTensor([input], SIGNATURE, {})
  const serialize = () => {
    const request = new PredictRequest()
    request.getInputsMap().set('input_tensor', encodeTensor(tensor))
    return serializePredict(request)
  }
  const card = { mean: 127.5, scale: 1 / 127.5 }
  const place = { at: 0, pixelStep: 3, channelStep: 1, bgr: false }
  const floats = () =>
    fillValues(new Float32Array(data.length), data, valueTables(card), [0, data.length], place)
  return [
    measure(`request of ${side}x${height} pixels to bytes`, serialize),
    measure(`${side}x${height} pixels to floats`, floats),
  ]
}

function answerSteps(count: number): Result[] {
  const outputs = rows(count)
  const response = new PredictResponse()
  for (const [name, tensor] of Object.entries(outputs)) {
    const proto = encodeTensor(tensor)
    proto.setTensorContent('')
    proto.setFloatValList([...(tensor.data as Float32Array)])
    response.getOutputsMap().set(name, proto)
  }
  const bytes = response.serializeBinary()
  const context = { name: 'output', maxBytes: 2 ** 26 }
  const decode = () => {
    const map = PredictResponse.deserializeBinary(bytes).getOutputsMap()
    return Object.keys(outputs).map((name) => decodeTensor(map.get(name)!, context))
  }
  const transform = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 }
  const image = { size: SIZE, tensor: SIZE, transform }
  const read = () => readCandidates(outputs, SIGNATURE, { index: 0, count: 1 }, image)
  const filter = createFilter({ minScore: 0.5, maxDetections: 1000 }, DEMO_CARD)
  const candidates = read()
  const kept = filter(candidates, SIZE)
  const detections = toDetections(kept, SIZE, COCO_LABELS)
  const answer = toDetectResponse({
    model: { name: 'model', version: '1', signature: 'serving_default' },
    image: { ...SIZE, format: 'jpeg', orientation: 1 },
    detections,
    redactions: [],
    timingsMs: { queue: 0, decode: 0, predict: 0, postprocess: 0, total: 0 },
  })
  const what = `${count} rows, ${kept.length} kept`
  return [
    measure(`answer of ${count} rows to tensors`, decode),
    measure(`${what}: tensors to candidates`, read),
    measure(`${what}: filter and order`, () => filter(candidates, SIZE)),
    measure(`${what}: make the filter`, () => createFilter({ minScore: 0.5 }, DEMO_CARD)),
    measure(`${what}: names and boxes`, () => toDetections(kept, SIZE, COCO_LABELS)),
    measure(`${what}: check the answer by its schema`, () => DetectResponse.parse(answer)),
    measure(`${what}: to JSON`, () => JSON.stringify(answer)),
  ]
}

const codec = await Promise.all([640, 1024].map(codecSteps))
const results = codec.flat().concat([100, 1000].flatMap(answerSteps))
console.log(
  markdownTable({
    title: 'Small steps',
    columns: ['step', 'µs', 'kB allocated'],
    rows: results.map(({ name, microseconds, allocated }) => [
      name,
      digits(microseconds),
      digits(allocated / 1000),
    ]),
  }),
)
if (sink === undefined) throw new Error('Nothing was measured')

/**
 * A model server that costs next to nothing: it speaks TensorFlow Serving's gRPC API over plain HTTP/2, looks at the first
 * bytes of a Predict call, drops the pixels unread and answers rows that were serialised before.
 *
 * Takes no arguments; tells its parent the port by IPC.
 */
import { createServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { modelMetadata, modelStatus } from '../../src/embedded/model-info.js'
import { scriptedModel } from '../../src/embedded/scripted-model.js'
import {
  GetModelMetadataRequest,
  GetModelStatusRequest,
  Int64Value,
  ModelSpec,
  PredictResponse,
} from '../../src/embedded/stubs.js'
import type { Tensors } from '../../src/embedded/tensor.js'
import { tensorToProto } from '../../src/embedded/tensor-codec.js'
import { type BenchModel, MODELS } from '../models.js'
import { HEAD_BYTES, readPredictHead } from './predict-head.js'

/** Length and compression flag before each gRPC message. */
const PREFIX_BYTES = 5
/** What the windows of gRPC's C++ servers grow to on a fast link; Node's 64 KiB would make every client wait. */
const WINDOW_BYTES = 8 * 1024 * 1024

const OUTPUTS = {
  detection_boxes: { dtype: 'DT_FLOAT', shape: [-1, -1, 4] },
  detection_scores: { dtype: 'DT_FLOAT', shape: [-1, -1] },
  detection_classes: { dtype: 'DT_FLOAT', shape: [-1, -1] },
  num_detections: { dtype: 'DT_FLOAT', shape: [-1] },
} as const

/** Rows on a grid: the first `detections` with scores from 0.95 down to 0.5, the others from 0.3 down. */
function answerRows({ rows, detections }: BenchModel, batch: number): Tensors {
  const repeat = (values: number[]) =>
    Float32Array.from(Array.from({ length: batch }, () => values).flat())
  const indices = Array.from({ length: rows }, (_, index) => index)
  const boxes = indices.flatMap((index) => {
    const [x, y] = [(index * 0.37) % 0.8, (index * 0.61) % 0.75]
    const side = 0.08 + ((index * 0.13) % 0.17)
    return [y, x, y + side, x + side]
  })
  const scores = indices.map((index) =>
    index < detections
      ? 0.95 - (0.45 * index) / Math.max(1, detections)
      : 0.3 - (0.2 * index) / rows,
  )
  const float = (shape: number[], values: number[]) =>
    ({ dtype: 'DT_FLOAT', shape, data: repeat(values) }) as const
  return {
    detection_boxes: float([batch, rows, 4], boxes),
    detection_scores: float([batch, rows], scores),
    detection_classes: float(
      [batch, rows],
      indices.map((index) => 1 + (index % 10)),
    ),
    num_detections: float([batch], [rows]),
  }
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

const answers = new Map<string, Buffer>()

/** The framed PredictResponse for a batch of a model, made once. Typed values, as TensorFlow Serving sends them. */
function predictAnswer(model: BenchModel, batch: number): Buffer {
  const key = `${model.name} ${batch}`
  const existing = answers.get(key)
  if (existing !== undefined) return existing
  const response = new PredictResponse()
  const spec = new ModelSpec()
  const version = new Int64Value()
  version.setValue(1)
  spec.setName(model.name)
  spec.setVersion(version)
  response.setModelSpec(spec)
  for (const [name, tensor] of Object.entries(answerRows(model, batch))) {
    response.getOutputsMap().set(name, tensorToProto(tensor, false))
  }
  const answer = framed(response.serializeBinary())
  answers.set(key, answer)
  return answer
}

const models = new Map(MODELS.map((model) => [model.name, model]))
const served = MODELS.map(({ name, input }) =>
  scriptedModel({
    name,
    inputs: {
      input_tensor:
        input === 'pixels'
          ? { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] }
          : { dtype: 'DT_STRING', shape: [-1] },
    },
    outputs: OUTPUTS,
    predict: {},
  }),
)

function answerMetadata(body: Buffer): Buffer {
  const request = GetModelMetadataRequest.deserializeBinary(body)
  return framed(modelMetadata(served, request).serializeBinary())
}

function answerStatus(body: Buffer): Buffer {
  return framed(
    modelStatus(served, GetModelStatusRequest.deserializeBinary(body)).serializeBinary(),
  )
}

/** Keeps the first bytes of a request and drops the rest as they come. */
function readHead(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      if (length < HEAD_BYTES) parts.push(Buffer.from(chunk.subarray(0, HEAD_BYTES)))
      length += chunk.length
    })
    stream.on('end', () => resolve(Buffer.concat(parts).subarray(PREFIX_BYTES)))
    stream.on('error', reject)
  })
}

async function answer(stream: ServerHttp2Stream, path: string): Promise<Buffer | undefined> {
  const head = await readHead(stream)
  if (path.endsWith('/GetModelMetadata')) return answerMetadata(head)
  if (path.endsWith('/GetModelStatus')) return answerStatus(head)
  const { model: name, batch } = readPredictHead(head)
  const model = models.get(name)
  if (model === undefined) return undefined
  if (model.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, model.delayMs))
  return predictAnswer(model, batch)
}

/** gRPC's NOT_FOUND, the only refusal there is. */
const NOT_FOUND = '5'

function respond(stream: ServerHttp2Stream, body: Buffer | undefined): void {
  if (stream.destroyed) return
  const headers = { ':status': 200, 'content-type': 'application/grpc' }
  if (body === undefined) {
    stream.respond({ ...headers, 'grpc-status': NOT_FOUND }, { endStream: true })
    return
  }
  stream.respond(headers, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(body)
}

const server = createServer({ settings: { initialWindowSize: WINDOW_BYTES } })
server.on('session', (session) => session.setLocalWindowSize(2 * WINDOW_BYTES))
server.on('sessionError', () => {})
server.on('stream', (stream, headers) => {
  answer(stream, headers[':path'] ?? '').then(
    (body) => respond(stream, body),
    // A caller that left is no concern of a bench.
    () => stream.destroy(),
  )
})
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
)
process.on('disconnect', () => process.exit())

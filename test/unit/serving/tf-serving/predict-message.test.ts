import t from 'tap'
import type { Tensor } from '../../../../src/serving/model-server.js'
import { encodeTensor } from '../../../../src/serving/tf-serving/codec.js'
import { toModelSpec } from '../../../../src/serving/tf-serving/model-spec.js'
import { serializePredict } from '../../../../src/serving/tf-serving/predict-message.js'
import { PredictRequest } from '../../../../src/serving/tf-serving/stubs.js'

function requestOf(inputs: Readonly<Record<string, Tensor>>, outputs: string[]): PredictRequest {
  const request = new PredictRequest()
  request.setModelSpec(toModelSpec({ model: 'm', version: '7' }, 'serving_default'))
  for (const [name, tensor] of Object.entries(inputs)) {
    request.getInputsMap().set(name, encodeTensor(tensor))
  }
  request.setOutputFilterList(outputs)
  return request
}

function pixels(count: number): Tensor {
  const data = Uint8Array.from({ length: count }, (_, index) => index)
  return { dtype: 'DT_UINT8', shape: [1, 1, count], data }
}

const ROWS: readonly [what: string, inputs: Readonly<Record<string, Tensor>>, outputs: string[]][] =
  [
    // Lengths around which a varint gets another byte, in the message and in what stands around it.
    ...[0, 1, 100, 120, 127, 128, 16_360, 16_383, 16_384, 2_097_151, 2_097_152].map(
      (count): [string, Readonly<Record<string, Tensor>>, string[]] => [
        `a tensor of ${count} bytes`,
        { input: pixels(count) },
        ['boxes', 'scores'],
      ],
    ),
    [
      'several inputs, in the order of their names',
      {
        z: { dtype: 'DT_FLOAT', shape: [2], data: Float32Array.of(1, 2) },
        a: { dtype: 'DT_HALF', shape: [2], data: Float32Array.of(1, 2) },
        'ä ✓': { dtype: 'DT_STRING', shape: [2], data: [Buffer.alloc(0), Buffer.from('photo')] },
        m: { dtype: 'DT_INT64', shape: [], data: BigInt64Array.of(-1n) },
      },
      ['boxes'],
    ],
    ['an input without elements', { '': { dtype: 'DT_STRING', shape: [0], data: [] } }, ['boxes']],
    ['no input and no output', {}, []],
  ]

t.test('serializePredict() writes what google-protobuf writes', (t) => {
  for (const [what, inputs, outputs] of ROWS) {
    const request = requestOf(inputs, outputs)
    t.ok(serializePredict(request).equals(request.serializeBinary()), what)
  }
  t.end()
})

t.test('serializePredict() leaves request and tensor as they are', (t) => {
  const tensor = pixels(1000)
  const request = requestOf({ input: tensor }, ['boxes'])
  const message = serializePredict(request)
  t.equal(message.buffer.byteLength, message.length, 'the message has its memory to itself')
  t.ok(message.equals(serializePredict(request)))
  t.end()
})

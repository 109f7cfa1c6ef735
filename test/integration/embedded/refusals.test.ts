import { type ServiceError, status } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import { DEMO_MODEL_NAME } from '../../../src/embedded/demo-model.js'
import { type RunningModelServer, startModelServer } from '../../../src/embedded/model-server.js'
import { scriptedModel } from '../../../src/embedded/scripted-model.js'
import { startEmbeddedServer } from '../../../src/embedded/server.js'
import {
  ClassificationRequest,
  InferenceTask,
  MultiInferenceRequest,
  RegressionRequest,
} from '../../../src/embedded/stubs.js'
import { bareTensor, Client, call, modelSpec, type PredictFields, pixels } from './client.js'

const { INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, UNIMPLEMENTED } = status

/** Plays tensorflow/serving's half_plus_two, with a label and a version that is still loading. */
const halfPlusTwo = scriptedModel({
  name: 'half_plus_two',
  versions: [
    { version: '1', state: 'END', error: { code: status.DATA_LOSS, message: 'Checksum' } },
    { version: '123', state: 'AVAILABLE' },
    { version: '124', state: 'LOADING' },
  ],
  labels: { stable: '123', next: '124' },
  inputs: { x: { dtype: 'DT_FLOAT', shape: [-1, 1] } },
  outputs: { y: { dtype: 'DT_FLOAT', shape: [-1, 1] } },
  predict: ({ inputs }) => ({
    y: {
      dtype: 'DT_FLOAT',
      shape: inputs.x!.shape,
      data: (inputs.x!.data as Float32Array).map((value) => value / 2 + 2),
    },
  }),
})

const loading = scriptedModel({
  name: 'loading',
  versions: [{ version: '1', state: 'LOADING' }],
  inputs: {},
  outputs: {},
  predict: {},
})

const pair = scriptedModel({
  name: 'pair',
  inputs: {
    inputs: { dtype: 'DT_UINT8', shape: [-1], tensorName: 'image_tensor:0' },
    scale: { dtype: 'DT_FLOAT', shape: [] },
  },
  outputs: { y: { dtype: 'DT_FLOAT', shape: [-1] } },
  predict: {},
})

const scripted: RunningModelServer = await startModelServer({
  models: [halfPlusTwo, loading, pair],
})
const embedded = await startEmbeddedServer()
const script = new Client(scripted.target)
const demo = new Client(embedded.target)
t.teardown(async () => {
  script.close()
  demo.close()
  await Promise.all([scripted.close(), embedded.close()])
})
await embedded.ready

const floats = (shape: readonly number[], values: number[]) => {
  const tensor = bareTensor('DT_FLOAT', shape)
  tensor.setFloatValList(values)
  return tensor
}
const content = (shape: readonly number[], bytes: number) => {
  const tensor = bareTensor('DT_FLOAT', shape)
  tensor.setTensorContent(new Uint8Array(bytes))
  return tensor
}
const x = floats([1], [1])
const known = { name: 'half_plus_two' }

type Row = readonly [name: string, call: PredictFields, code: status, details: string]

t.test('predict() refuses as TensorFlow Serving does', async (t) => {
  const sizeMismatch = 'input size does not match signature:'
  const rows: readonly Row[] = [
    ['no model_spec', { spec: null }, INVALID_ARGUMENT, 'Missing ModelSpec'],
    ['empty name', { spec: {} }, INVALID_ARGUMENT, 'ModelSpec has no name specified.'],
    [
      'unknown model',
      { spec: { name: 'nope' } },
      NOT_FOUND,
      'Servable not found for request: Latest(nope)',
    ],
    [
      'unknown version',
      { spec: { ...known, version: 7 } },
      NOT_FOUND,
      'Servable not found for request: Specific(half_plus_two, 7)',
    ],
    [
      'version 0',
      { spec: { ...known, version: 0 } },
      NOT_FOUND,
      'Servable not found for request: Specific(half_plus_two, 0)',
    ],
    [
      'version that has ended',
      { spec: { ...known, version: 1 } },
      NOT_FOUND,
      'Servable not found for request: Specific(half_plus_two, 1)',
    ],
    [
      'model that loads',
      { spec: { name: 'loading' } },
      NOT_FOUND,
      'Servable not found for request: Latest(loading)',
    ],
    [
      'unknown label',
      { spec: { ...known, label: 'canary' } },
      INVALID_ARGUMENT,
      'Unrecognized servable version label: canary',
    ],
    [
      'label of an unknown model',
      { spec: { name: 'nope', label: 'stable' } },
      INVALID_ARGUMENT,
      'Unrecognized servable version label: stable',
    ],
    [
      'empty label',
      { spec: { ...known, label: '' } },
      INVALID_ARGUMENT,
      'Unrecognized servable version label: ',
    ],
    [
      'label of a version that loads',
      { spec: { ...known, label: 'next' } },
      NOT_FOUND,
      'Servable not found for request: Specific(half_plus_two, 124)',
    ],
    [
      'unknown signature',
      { spec: { ...known, signature: 'zzz' }, inputs: { x } },
      FAILED_PRECONDITION,
      'Serving signature key "zzz" not found.',
    ],
    [
      'no input',
      { spec: known },
      INVALID_ARGUMENT,
      `${sizeMismatch} 0!=1 len({}) != len({x}). Sent extra: {}. Missing but required: {x}.`,
    ],
    [
      'one input too many',
      { spec: known, inputs: { z: x, x } },
      INVALID_ARGUMENT,
      `${sizeMismatch} 2!=1 len({x,z}) != len({x}). Sent extra: {z}. Missing but required: {}.`,
    ],
    [
      'input of another name',
      { spec: { name: 'pair' }, inputs: { image_tensor: x, scale: x } },
      INVALID_ARGUMENT,
      'Signature input alias: inputs(feed name: image_tensor:0) not found in request and no default value ' +
        'provided. Inputs expected to be in the request {image_tensor,scale}, or default input alias set: ',
    ],
    [
      'input of another type',
      { spec: known, inputs: { x: pixels([1], new Uint8Array(1)) } },
      INVALID_ARGUMENT,
      'Expects arg[0] to be float but uint8 is provided',
    ],
    [
      'second input of another type',
      {
        spec: { name: 'pair' },
        inputs: { inputs: pixels([1], new Uint8Array(1)), scale: bareTensor('DT_INT64', []) },
      },
      INVALID_ARGUMENT,
      'Expects arg[1] to be float but int64 is provided',
    ],
    ...[
      ['no dtype', bareTensor('DT_INVALID', [1])] as const,
      ['content shorter than the shape', content([2], 4)] as const,
      ['content longer than the shape', content([1], 8)] as const,
      ['content of half an element', content([1], 3)] as const,
      ['negative dimension', bareTensor('DT_FLOAT', [-1])] as const,
      ['more elements than there can be', bareTensor('DT_FLOAT', [2 ** 31, 2 ** 31])] as const,
    ].map(
      ([name, tensor]): Row => [
        name,
        { spec: known, inputs: { x: tensor } },
        INVALID_ARGUMENT,
        'tensor parsing error: x',
      ],
    ),
    [
      'output filter with an unknown name',
      { spec: known, inputs: { x }, filter: ['nope'] },
      INVALID_ARGUMENT,
      'output tensor alias not found in signature: nope Outputs expected to be in the set {y}.',
    ],
    [
      'output filter with a name twice',
      { spec: known, inputs: { x }, filter: ['y', 'y'] },
      INVALID_ARGUMENT,
      'duplicate output tensor alias: y',
    ],
    [
      'a gigabyte claimed by one number',
      { spec: known, inputs: { x: floats([1, 100_000, 100_000, 3], [1]) } },
      status.RESOURCE_EXHAUSTED,
      'OOM when allocating tensor with shape[1,100000,100000,3] and type float',
    ],
  ]
  for (const [name, fields, code, details] of rows) {
    match(t, name, await refusal(script.predict(fields)), code, details)
  }
})

t.test('predict() refuses the shapes that the graph of the demo model refuses', async (t) => {
  const resize = '\n\t [[{{node Preprocessor/map/while/ResizeImage/ResizeBilinear}}]]'
  const gather = '\n\t [[{{node Preprocessor/map/TensorArrayStack/TensorArrayGatherV3}}]]'
  const rows: readonly (readonly [name: string, shape: readonly number[], details: string])[] = [
    [
      'scalar',
      [],
      'slice index 0 of dimension 0 out of bounds.\n\t [[{{node Preprocessor/map/TensorArrayUnstack/strided_slice}}]]',
    ],
    ['rank 3', [64, 64, 3], `input must be 4-dimensional[1,64,3]${resize}`],
    ['rank 5', [1, 1, 64, 64, 3], `input must be 4-dimensional[1,1,64,64,3]${resize}`],
    [
      'no image',
      [0, 64, 64, 3],
      'input depth must be evenly divisible by filter depth: 3 vs 32\n\t [[{{node FeatureExtractor/MobilenetV2/Conv/Conv2D}}]]',
    ],
    ['no pixels', [1, 0, 0, 3], `input image must be of non-zero size${resize}`],
    [
      'four channels',
      [1, 8, 8, 4],
      `PartialTensorShape: Incompatible shapes during merge: [300,300,4] vs. [300,300,3]${gather}`,
    ],
    [
      'one channel',
      [1, 8, 8, 1],
      `PartialTensorShape: Incompatible shapes during merge: [300,300,1] vs. [300,300,3]${gather}`,
    ],
  ]
  for (const [name, shape, details] of rows) {
    const size = shape.reduce((product, dimension) => product * dimension, 1)
    const inputs = { input_tensor: pixels(shape, new Uint8Array(size)) }
    const error = await refusal(demo.predict({ spec: { name: DEMO_MODEL_NAME }, inputs }))
    match(t, name, error, INVALID_ARGUMENT, details)
  }
})

t.test('error texts are cut at 1,024 bytes', async (t) => {
  const { details } = await refusal(script.predict({ spec: { name: 'é'.repeat(1500) } }))
  t.match(details, /^Servable not found for request: Latest\(é+\.\.\.TRUNCATED$/)
  t.equal(Buffer.byteLength(details), 1023 + '...TRUNCATED'.length, 'no character is cut in two')
})

t.test('getModelMetadata() refuses as TensorFlow Serving does', async (t) => {
  const rows = [
    [() => script.metadata(null), INVALID_ARGUMENT, 'Missing ModelSpec'],
    [
      () => script.metadata(known, []),
      INVALID_ARGUMENT,
      'GetModelMetadataRequest must specify at least one metadata_field',
    ],
    [
      () => script.metadata(known, ['signature_def', 'foo']),
      INVALID_ARGUMENT,
      'Metadata field foo is not supported',
    ],
    [
      () => script.metadata({ name: 'nope' }),
      NOT_FOUND,
      'Servable not found for request: Latest(nope)',
    ],
  ] as const
  for (const [answer, code, details] of rows) {
    match(t, details, await refusal(answer()), code, details)
  }
})

t.test('getModelStatus() refuses as TensorFlow Serving does', async (t) => {
  const rows = [
    [() => script.status(null), INVALID_ARGUMENT, 'Missing ModelSpec'],
    [() => script.status({ name: 'nope' }), NOT_FOUND, 'Could not find any versions of model nope'],
    [() => script.status({}), NOT_FOUND, 'Could not find any versions of model '],
    [
      () => script.status({ ...known, version: 7 }),
      NOT_FOUND,
      'Could not find version 7 of model half_plus_two',
    ],
  ] as const
  for (const [answer, code, details] of rows) {
    match(t, details, await refusal(answer()), code, details)
  }
})

t.test('the methods for tf.Examples refuse a model that predicts', async (t) => {
  const classification = (name: string, signature = '') => {
    const request = new ClassificationRequest()
    request.setModelSpec(modelSpec({ name, signature }))
    return request
  }
  const regression = (name: string) => {
    const request = new RegressionRequest()
    request.setModelSpec(modelSpec({ name }))
    return request
  }
  const inference = (method: string, signature = '') => {
    const task = new InferenceTask()
    task.setModelSpec(modelSpec({ name: DEMO_MODEL_NAME, signature }))
    task.setMethodName(`tensorflow/serving/${method}`)
    const request = new MultiInferenceRequest()
    request.addTasks(task)
    return request
  }
  const classify = (client: Client, request: ClassificationRequest) =>
    call((...args) => client.prediction.classify(...args), request)
  const regress = (client: Client, request: RegressionRequest) =>
    call((...args) => client.prediction.regress(...args), request)
  const infer = (request: MultiInferenceRequest) =>
    call((...args) => demo.prediction.multiInference(...args), request)
  const outputs = 'Expected one or two output Tensors, found 4'
  const rows = [
    ['Classify', () => classify(demo, classification(DEMO_MODEL_NAME)), INVALID_ARGUMENT, outputs],
    [
      'Classify without a spec',
      () => classify(demo, new ClassificationRequest()),
      INVALID_ARGUMENT,
      'Missing ModelSpec',
    ],
    [
      'Classify with an unknown signature',
      () => classify(demo, classification(DEMO_MODEL_NAME, 'zzz')),
      INVALID_ARGUMENT,
      'No signature was found with the name: zzz',
    ],
    [
      'Classify with two inputs',
      () => classify(script, classification('pair')),
      INVALID_ARGUMENT,
      'Expected one input Tensor.',
    ],
    [
      'Classify with one output',
      () => classify(script, classification('half_plus_two')),
      UNIMPLEMENTED,
      'This server does not run models on tf.Examples',
    ],
    [
      'Regress',
      () => regress(demo, regression(DEMO_MODEL_NAME)),
      INVALID_ARGUMENT,
      'Expected one output Tensor.',
    ],
    [
      'Regress with one output',
      () => regress(script, regression('half_plus_two')),
      UNIMPLEMENTED,
      'This server does not run models on tf.Examples',
    ],
    [
      'MultiInference without tasks',
      () => infer(new MultiInferenceRequest()),
      INVALID_ARGUMENT,
      'Missing ModelSpec',
    ],
    [
      'MultiInference that classifies',
      () => infer(inference('classify')),
      INVALID_ARGUMENT,
      outputs,
    ],
    [
      'MultiInference that regresses',
      () => infer(inference('regress')),
      INVALID_ARGUMENT,
      'Expected one output Tensor.',
    ],
    [
      'MultiInference that predicts',
      () => infer(inference('predict')),
      UNIMPLEMENTED,
      'Unsupported signature method_name: tensorflow/serving/predict',
    ],
    [
      'MultiInference with an unknown signature',
      () => infer(inference('classify', 'zzz')),
      INVALID_ARGUMENT,
      'Requested signature not found in model graph: zzz',
    ],
  ] as const
  for (const [name, answer, code, details] of rows) {
    match(t, name, await refusal(answer()), code, details)
  }
})

async function refusal(answer: Promise<unknown>): Promise<ServiceError> {
  const error = await answer.then(
    () => undefined,
    (reason: ServiceError) => reason,
  )
  if (error === undefined) throw new Error('The call was not refused')
  return error
}

function match(t: Test, name: string, error: ServiceError, code: status, details: string) {
  t.strictSame(
    { code: status[error.code], details: error.details },
    { code: status[code], details },
    name,
  )
}

import { status } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import type { ModelServerOptions } from '../../../src/embedded/model-server.js'
import { startModelServer } from '../../../src/embedded/model-server.js'
import { scriptedModel } from '../../../src/embedded/scripted-model.js'
import type { ServerCall } from '../../../src/embedded/server-call.js'
import { StatusError } from '../../../src/embedded/status-error.js'
import {
  ModelVersionStatus,
  ReloadConfigRequest,
  SignatureDefMap,
} from '../../../src/embedded/stubs.js'
import { bareTensor, Client, outputsOf } from './client.js'

const INFO = { dtype: 'DT_FLOAT', shape: [-1] }

/** Answers its input as `same`, and its double as `double`. */
const echo = scriptedModel({
  name: 'echo',
  version: '3',
  inputs: { x: INFO },
  outputs: { same: INFO, double: INFO },
  predict: ({ inputs }) => ({
    same: inputs.x!,
    double: { ...inputs.x!, data: floatsOf(inputs.x!).map((v) => v * 2) } as never,
  }),
})

t.test('predict() echoes the model, its version and the signature', async (t) => {
  const { client } = await start(t, { models: [echo] })
  const response = await client.predict({ spec: { name: 'echo' }, inputs: { x: floats([1], [1]) } })
  const spec = response.getModelSpec()!
  t.equal(spec.getName(), 'echo')
  t.equal(spec.getVersion()?.getValue(), 3)
  t.equal(spec.getSignatureName(), 'serving_default')
  t.equal(spec.getVersionLabel(), '')
})

t.test('predict() reads values as TensorFlow does', async (t) => {
  const { client } = await start(t, { models: [echo] })
  const short = floats([4], [1, 2])
  const rows = [
    ['as many as the shape says', floats([2], [1, 2]), [1, 2]],
    ['fewer repeat the last', short, [1, 2, 2, 2]],
    ['none are zeros', floats([2], []), [0, 0]],
    ['surplus is dropped', floats([1], [1, 2, 3]), [1]],
    ['no elements', floats([0], []), []],
  ] as const
  for (const [name, x, expected] of rows) {
    const outputs = outputsOf(await client.predict({ spec: { name: 'echo' }, inputs: { x } }))
    t.strictSame([...floatsOf(outputs.same!)], expected, name)
  }
})

t.test('predict() answers the outputs that the filter names', async (t) => {
  const { client } = await start(t, { models: [echo] })
  const call = { spec: { name: 'echo' }, inputs: { x: floats([1], [4]) } }
  const all = outputsOf(await client.predict(call))
  t.strictSame(Object.keys(all).sort(), ['double', 'same'], 'all without a filter')
  const some = outputsOf(await client.predict({ ...call, filter: ['double'] }))
  t.strictSame(Object.keys(some), ['double'])
  t.strictSame([...floatsOf(some.double!)], [8])
})

t.test('predict() answers in typed fields, or in tensor_content when told to', async (t) => {
  const call = { spec: { name: 'echo' }, inputs: { x: floats([2], [1, 2]) }, filter: ['same'] }
  const typed = await start(t, { models: [echo] })
  const fields = (await typed.client.predict(call)).getOutputsMap().get('same')!
  t.strictSame(fields.getFloatValList(), [1, 2])
  t.equal(fields.getTensorContent_asU8().length, 0)
  const packed = await start(t, { models: [echo], tensorContent: true })
  const bytes = (await packed.client.predict(call)).getOutputsMap().get('same')!
  t.strictSame(bytes.getFloatValList(), [])
  t.equal(bytes.getTensorContent_asU8().length, 8)
})

t.test('predict() takes the version that is asked for, by number or label', async (t) => {
  const model = scriptedModel({
    name: 'm',
    versions: [
      { version: '9', state: 'AVAILABLE' },
      { version: '10', state: 'AVAILABLE' },
      { version: '11', state: 'LOADING' },
    ],
    labels: { old: '9' },
    inputs: {},
    outputs: { v: INFO },
    predict: ({ version }) => ({
      v: { dtype: 'DT_FLOAT', shape: [1], data: Float32Array.of(Number(version)) },
    }),
  })
  const { client } = await start(t, { models: [model] })
  const answered = async (spec: object) =>
    floatsOf(outputsOf(await client.predict({ spec: { name: 'm', ...spec } })).v!)[0]
  t.equal(await answered({}), 10, 'the latest that is available')
  t.equal(await answered({ version: 9 }), 9, 'by number')
  t.equal(await answered({ label: 'old' }), 9, 'by label')
  model.versions = [{ version: '11', state: 'AVAILABLE' }]
  t.equal(await answered({}), 11, 'after a roll-out')
})

t.test('predict() carries an error of the model', async (t) => {
  const failing = (error: Error) =>
    scriptedModel({
      name: 'm',
      inputs: {},
      outputs: {},
      predict: () => {
        throw error
      },
    })
  const rows = [
    [new StatusError(status.RESOURCE_EXHAUSTED, 'Server Threadpool Exhausted'), 8],
    [new Error('broken'), 13],
  ] as const
  for (const [error, code] of rows) {
    const { client } = await start(t, { models: [failing(error)] })
    await t.rejects(client.predict({ spec: { name: 'm' } }), { code, details: error.message })
  }
})

t.test('predict() ends at the deadline, and tells the model', async (t) => {
  let aborted: AbortSignal | undefined
  const slow = scriptedModel({
    name: 'slow',
    inputs: {},
    outputs: {},
    predict: ({ signal }) => {
      aborted = signal
      return new Promise(() => {})
    },
  })
  const { client } = await start(t, { models: [slow] })
  const options = { deadline: Date.now() + 150 }
  await t.rejects(client.predict({ spec: { name: 'slow' }, options }), {
    code: status.DEADLINE_EXCEEDED,
  })
  if (!aborted!.aborted) await new Promise((resolve) => aborted!.addEventListener('abort', resolve))
  t.equal(aborted!.aborted, true)
})

t.test('getModelMetadata() packs the signatures', async (t) => {
  const model = scriptedModel({
    name: 'm',
    versions: [
      {
        version: '2',
        state: 'AVAILABLE',
        signatures: [
          {
            name: 'encoded',
            method: 'tensorflow/serving/predict',
            inputs: { image: { dtype: 'DT_STRING', shape: [-1], tensorName: 'image_string:0' } },
            outputs: { boxes: { dtype: 'DT_FLOAT', shape: null } },
          },
        ],
      },
    ],
    inputs: {},
    outputs: {},
    predict: {},
  })
  const { client } = await start(t, { models: [model, echo] })
  const response = await client.metadata({ name: 'm' })
  t.equal(response.getModelSpec()?.getVersion()?.getValue(), 2)
  t.equal(response.getModelSpec()?.getSignatureName(), '')
  const any = response.getMetadataMap().get('signature_def')!
  t.equal(any.getTypeUrl(), 'type.googleapis.com/tensorflow.serving.SignatureDefMap')
  const map = SignatureDefMap.deserializeBinary(any.getValue_asU8()).getSignatureDefMap()
  const encoded = map.get('encoded')!
  t.equal(encoded.getMethodName(), 'tensorflow/serving/predict')
  t.match(encoded.getInputsMap().get('image')!.toObject(), {
    name: 'image_string:0',
    dtype: 7,
    tensorShape: { dimList: [{ size: -1 }], unknownRank: false },
  })
  t.match(encoded.getOutputsMap().get('boxes')!.toObject(), {
    name: 'boxes:0',
    tensorShape: { dimList: [], unknownRank: true },
  })
  const own = (await client.metadata({ name: 'echo' })).getMetadataMap().get('signature_def')!
  const ownMap = SignatureDefMap.deserializeBinary(own.getValue_asU8()).getSignatureDefMap()
  t.strictSame([...ownMap.keys()], ['serving_default'], "the model's own signatures")
})

t.test('getModelStatus() lists versions, newest first', async (t) => {
  const model = scriptedModel({
    name: 'm',
    versions: [
      { version: '9', state: 'END', error: { code: status.DATA_LOSS, message: 'Checksum' } },
      { version: '10', state: 'AVAILABLE' },
      { version: '11', state: 'LOADING' },
    ],
    inputs: {},
    outputs: {},
    predict: {},
  })
  const { client } = await start(t, { models: [model] })
  const { AVAILABLE, END, LOADING } = ModelVersionStatus.State
  const ok = { errorCode: 0, errorMessage: '' }
  const all = [
    { version: '11', state: LOADING, status: ok },
    { version: '10', state: AVAILABLE, status: ok },
    { version: '9', state: END, status: { errorCode: 15, errorMessage: 'Checksum' } },
  ]
  const listed = async (spec: object) =>
    (await client.status({ name: 'm', ...spec })).toObject().modelVersionStatusList
  t.strictSame(await listed({}), all)
  t.strictSame(await listed({ version: 10 }), [all[1]], 'one by number')
  t.strictSame(await listed({ label: 'nope' }), all, 'a label is ignored')
})

t.test('intercept sees each call and can answer it', async (t) => {
  const calls: ServerCall<unknown>[] = []
  let failure: StatusError | undefined
  const { client } = await start(t, {
    models: [echo],
    intercept: (call) => {
      calls.push(call)
      if (failure !== undefined) throw failure
    },
  })
  await client.status({ name: 'echo' })
  failure = new StatusError(status.UNAVAILABLE, 'on purpose')
  await t.rejects(client.predict({ spec: { name: 'echo' } }), { code: 14, details: 'on purpose' })
  t.strictSame(
    calls.map((call) => call.method),
    ['GetModelStatus', 'Predict'],
  )
  t.equal(calls[0]?.deadline, Number.POSITIVE_INFINITY)
  t.type(calls[0]?.metadata['user-agent'], 'string')
})

t.test('handleReloadConfigRequest() is not implemented', async (t) => {
  const { client } = await start(t, { models: [] })
  await t.rejects(
    new Promise((_, reject) => {
      client.model.handleReloadConfigRequest(new ReloadConfigRequest(), (error) => reject(error))
    }),
    { code: status.UNIMPLEMENTED },
  )
})

t.test('messages above 4 MiB are taken and sent', async (t) => {
  const { client } = await start(t, { models: [echo], tensorContent: true })
  const x = bareTensor('DT_FLOAT', [1_500_000])
  x.setTensorContent(new Uint8Array(6_000_000))
  const outputs = outputsOf(await client.predict({ spec: { name: 'echo' }, inputs: { x } }))
  t.equal(outputs.same?.data.length, 1_500_000)
})

t.test('startModelServer() rejects when the port is taken', async (t) => {
  const { server } = await start(t, { models: [] })
  await t.rejects(startModelServer({ port: server.port, models: [] }))
})

t.test('close() cuts the calls in flight and frees the port', async (t) => {
  let entered = () => {}
  const inside = new Promise<void>((resolve) => {
    entered = resolve
  })
  const hanging = scriptedModel({
    name: 'hanging',
    inputs: {},
    outputs: {},
    predict: () => {
      entered()
      return new Promise(() => {})
    },
  })
  const { client, server } = await start(t, { models: [hanging] })
  const answer = client.predict({ spec: { name: 'hanging' } })
  const rejected = t.rejects(answer)
  await inside
  await server.close()
  await rejected
  const again = await startModelServer({ port: server.port, models: [] })
  t.teardown(() => again.close())
  t.equal(again.port, server.port)
})

async function start(t: Test, options: ModelServerOptions) {
  const server = await startModelServer(options)
  const client = new Client(server.target)
  t.teardown(async () => {
    client.close()
    await server.close()
  })
  return { server, client }
}

function floats(shape: readonly number[], values: number[]) {
  const tensor = bareTensor('DT_FLOAT', shape)
  tensor.setFloatValList(values)
  return tensor
}

function floatsOf(tensor: { readonly data: unknown }): Float32Array {
  return tensor.data as Float32Array
}

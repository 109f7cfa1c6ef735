import { type ServerUnaryCall, status } from '@grpc/grpc-js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import t from 'tap'
import statuses from '../../../../generated/tensorflow_serving/apis/status_pb.js'
import type { ErrorCode } from '../../../../src/errors.js'
import type { PredictCall } from '../../../../src/serving/model-server.js'
import { isSignatureSuspect } from '../../../../src/serving/signature-suspect.js'
import { TfServingClient } from '../../../../src/serving/tf-serving/client.js'
import { encodeTensor } from '../../../../src/serving/tf-serving/codec.js'
import {
  DataTypeEnum,
  type GetModelMetadataRequest,
  GetModelMetadataResponse,
  GetModelStatusResponse,
  Int64Value,
  ModelSpec,
  ModelVersionStatus,
  type PredictRequest,
  PredictResponse,
  SignatureDef,
  SignatureDefMap,
  TensorInfoProto,
  TensorShapeProto,
} from '../../../../src/serving/tf-serving/stubs.js'
import type { UpstreamOptions } from '../../../../src/serving/upstream.js'
import {
  failure,
  makeUpstream,
  type PredictCallback,
  type PredictServerCall,
  soon,
  startServer,
  type Teardown,
} from '../grpc-server.js'

type Methods = Parameters<typeof startServer>[1]

const PIXELS = new Uint8Array([1, 2, 3, 4, 5, 6])
const CALL: PredictCall = {
  selector: { model: 'm' },
  signature: 'serving_default',
  inputs: { inputs: { dtype: 'DT_UINT8', shape: [1, 1, 2, 3], data: PIXELS } },
  outputs: ['detection_scores'],
}

async function makeClient(t: Teardown, methods: Methods, options?: UpstreamOptions) {
  const port = await startServer(t, methods)
  return new TfServingClient(makeUpstream(t, options).channel('tf-serving', `127.0.0.1:${port}`))
}

function scores(version: number): PredictResponse {
  const response = new PredictResponse()
  response.setModelSpec(modelSpec(version))
  const data = Float32Array.of(0.5, 0.25)
  response
    .getOutputsMap()
    .set('detection_scores', encodeTensor({ dtype: 'DT_FLOAT', shape: [1, 2], data }))
  return response
}

function modelSpec(version: number): ModelSpec {
  const spec = new ModelSpec()
  spec.setName('m')
  const value = new Int64Value()
  value.setValue(version)
  spec.setVersion(value)
  return spec
}

function versions(...rows: [version: string, state: number, message?: string][]) {
  const response = new GetModelStatusResponse()
  for (const [version, state, message] of rows) {
    const each = new ModelVersionStatus()
    each.setVersion(version)
    each.setState(state as 30)
    const reason = new statuses.StatusProto()
    if (message !== undefined) reason.setErrorMessage(message)
    each.setStatus(reason)
    response.addModelVersionStatus(each)
  }
  return response
}

const answerStatus =
  (response: GetModelStatusResponse) =>
  (_: unknown, done: (error: null, response: GetModelStatusResponse) => void) =>
    done(null, response)

t.test('predict() sends the tensors and gives back the outputs asked for', async (t) => {
  const requests: PredictRequest[] = []
  const client = await makeClient(t, {
    predict: ({ request }: PredictServerCall, done: PredictCallback) => {
      requests.push(request)
      done(null, scores(7))
    },
  })
  const selector = { model: 'm', version: '7' }
  const outputs = ['detection_scores', 'detection_scores']
  const prediction = await client.predict({ ...CALL, selector, outputs }, { deadline: soon() })
  t.strictSame(prediction, {
    version: '7',
    outputs: {
      detection_scores: { dtype: 'DT_FLOAT', shape: [1, 2], data: Float32Array.of(0.5, 0.25) },
    },
  })
  const [request] = requests
  t.strictSame(request?.getOutputFilterList(), ['detection_scores'])
  t.strictSame(request?.getModelSpec()?.toObject(), {
    name: 'm',
    version: { value: 7 },
    versionLabel: '',
    signatureName: 'serving_default',
  })
  const sent = request?.getInputsMap().get('inputs')
  t.equal(sent?.getDtype(), DataTypeEnum.DT_UINT8)
  t.strictSame([...(sent?.getTensorContent_asU8() ?? [])], [...PIXELS])
})

t.test('predict() names the version label, and reports the version that answered', async (t) => {
  const labels: (string | undefined)[] = []
  const client = await makeClient(t, {
    predict: ({ request }: PredictServerCall, done: PredictCallback) => {
      labels.push(request.getModelSpec()?.getVersionLabel())
      done(null, scores(3))
    },
  })
  const selector = { model: 'm', versionLabel: 'stable' }
  t.match(await client.predict({ ...CALL, selector }, { deadline: soon() }), { version: '3' })
  t.strictSame(labels, ['stable'])
})

t.test('predict() sends the deadline and the trace context', async (t) => {
  const seen: unknown[] = []
  const client = await makeClient(t, {
    predict: (call: PredictServerCall, done: PredictCallback) => {
      seen.push(
        Number(call.getDeadline()) < Number.POSITIVE_INFINITY,
        call.metadata.get('traceparent'),
      )
      done(null, scores(1))
    },
  })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await client.predict(CALL, { deadline: soon(), traceparent })
  await client.predict(CALL, { deadline: soon(), traceparent: 'no trace\n' })
  t.strictSame(seen, [true, [traceparent], true, []])
})

t.test('predict() gives up at the deadline', async (t) => {
  const client = await makeClient(t, { predict: () => {} })
  const call = client.predict(CALL, { deadline: Date.now() + 50 })
  await t.rejects(call, { code: 'deadline_exceeded', message: /REQUEST_TIMEOUT_MS/ })
  const late = client.predict(CALL, { deadline: Date.now() - 1 })
  await t.rejects(late, { code: 'deadline_exceeded', message: /before the model server/ })
})

t.test('predict() is cancelled at the server when its signal aborts', async (t) => {
  const left = new Error('client left')
  const cancelled = new Promise<void>((resolve, reject) => {
    const abort = new AbortController()
    makeClient(t, {
      predict: (call: PredictServerCall) => {
        call.on('cancelled', () => resolve())
        abort.abort(left)
      },
    })
      .then((client) => client.predict(CALL, { deadline: soon(), signal: abort.signal }))
      .then(reject, (error) => t.equal(error, left))
  })
  await cancelled
})

t.test('predict() refuses a version that cannot be asked for', async (t) => {
  const client = await makeClient(t, {})
  const rows = [
    ['9007199254740993', 'version_not_found'],
    ...['1.5', '-1', 'latest', ''].map((text) => [text, 'invalid_parameter'] as const),
  ] as const
  for (const [version, code] of rows) {
    const call = client.predict(
      { ...CALL, selector: { model: 'm', version } },
      { deadline: soon() },
    )
    await t.rejects(call, { code }, version)
  }
})

t.test('predict() explains failures', async (t) => {
  const missing = failure(status.NOT_FOUND, 'Servable not found for request: Latest(m)')
  const noLabel = failure(status.INVALID_ARGUMENT, 'Unrecognized servable version label: x')
  const none = failure(status.NOT_FOUND, 'Could not find any versions of model m')
  const rows: [string, object, GetModelStatusResponse | object, ErrorCode][] = [
    ['unknown model', missing, none, 'model_not_found'],
    ['loading model', missing, versions(['1', 20]), 'model_not_ready'],
    ['failed model', missing, versions(['1', 50, 'bad bytes']), 'model_not_ready'],
    ['no server for the state', missing, failure(status.INTERNAL, ''), 'upstream_rejected'],
    [
      'a graph’s NOT_FOUND',
      failure(status.NOT_FOUND, 'no table'),
      versions(['1', 30]),
      'upstream_rejected',
    ],
    ['unknown label', noLabel, versions(['1', 30]), 'version_not_found'],
    ['wrong input', failure(status.INVALID_ARGUMENT, 'x'), none, 'upstream_rejected'],
    ['server’s deadline', failure(status.DEADLINE_EXCEEDED, 'x'), none, 'deadline_exceeded'],
  ]
  for (const [name, predict, state, code] of rows) {
    const client = await makeClient(t, {
      predict: (_: PredictServerCall, done: PredictCallback) => done(predict, null),
      getModelStatus: (_: unknown, done: (error: object | null, response?: unknown) => void) =>
        state instanceof GetModelStatusResponse ? done(null, state) : done(state),
    })
    const selector = name === 'unknown label' ? { model: 'm', versionLabel: 'x' } : { model: 'm' }
    await t.rejects(client.predict({ ...CALL, selector }, { deadline: soon() }), { code }, name)
  }
})

t.test('a model that one server of several lacks is asked for again', async (t) => {
  let calls = 0
  const lacking = (times: number) =>
    makeClient(t, {
      predict: (_: PredictServerCall, done: PredictCallback) => {
        calls += 1
        const missing = failure(status.NOT_FOUND, 'Servable not found for request: Latest(m)')
        done(calls <= times ? missing : null, calls <= times ? null : scores(3))
      },
      getModelStatus: (_: unknown, done: (error: null, response: unknown) => void) =>
        done(null, versions(['3', 30])),
    })
  const passing = await lacking(2)
  t.match(await passing.predict(CALL, { deadline: soon() }), { version: '3' })
  t.equal(calls, 3)
  calls = 0
  const lasting = await lacking(Number.POSITIVE_INFINITY)
  const expected = { code: 'model_not_ready', message: /changing versions; try again/ }
  await t.rejects(lasting.predict(CALL, { deadline: soon() }), expected)
  t.equal(calls, 3)
})

t.test('predict() lets a suspect signature be told from other failures', async (t) => {
  const client = await makeClient(t, {
    predict: (_: PredictServerCall, done: PredictCallback) =>
      done(failure(status.INVALID_ARGUMENT, 'Expects arg[0] to be string'), null),
  })
  const error: unknown = await client.predict(CALL, { deadline: soon() }).catch((error) => error)
  t.ok(isSignatureSuspect(error))
})

t.test('predict() refuses an answer without an output asked for', async (t) => {
  const client = await makeClient(t, {
    predict: (_: PredictServerCall, done: PredictCallback) => done(null, new PredictResponse()),
  })
  await t.rejects(client.predict(CALL, { deadline: soon() }), {
    code: 'upstream_invalid_response',
    message: /left out the output "detection_scores"/,
  })
})

t.test('predict() refuses a call that names no output', async (t) => {
  const client = await makeClient(t, {})
  await t.rejects(client.predict({ ...CALL, outputs: [] }, { deadline: soon() }), TypeError)
})

t.test('predict() names the setting when the answer is over the receive limit', async (t) => {
  const client = await makeClient(
    t,
    {
      predict: (_: PredictServerCall, done: PredictCallback) => {
        const response = scores(1)
        const data = new Uint8Array(100_000)
        response
          .getOutputsMap()
          .set('x', encodeTensor({ dtype: 'DT_UINT8', shape: [100_000], data }))
        done(null, response)
      },
    },
    { maxResponseBytes: 50_000 },
  )
  await t.rejects(client.predict(CALL, { deadline: soon() }), {
    code: 'upstream_response_too_large',
    message: /50000 bytes.*UPSTREAM_RESPONSE_MAX_BYTES/,
  })
})

t.test('predict() takes a request over the server’s own limit for a refusal', async (t) => {
  const port = await startServer(t, {}, { options: { 'grpc.max_receive_message_length': 1000 } })
  const client = new TfServingClient(makeUpstream(t).channel('tf-serving', `127.0.0.1:${port}`))
  const data = new Uint8Array(3000)
  const inputs = { inputs: { dtype: 'DT_UINT8', shape: [3000], data } } as const
  await t.rejects(client.predict({ ...CALL, inputs }, { deadline: soon() }), {
    code: 'upstream_rejected',
    message: /WIRE_MAX_SIDE_PIXELS/,
  })
})

t.test('metadata() unpacks the signatures', async (t) => {
  const requests: GetModelMetadataRequest[] = []
  const client = await makeClient(t, {
    getModelMetadata: (
      { request }: ServerUnaryCall<GetModelMetadataRequest, GetModelMetadataResponse>,
      done: (error: null, response: GetModelMetadataResponse) => void,
    ) => {
      requests.push(request)
      done(null, described())
    },
  })
  const { version, signatures } = await client.metadata({ model: 'm' }, { deadline: soon() })
  t.equal(version, '4')
  t.strictSame(
    [...signatures.values()],
    [
      {
        name: 'serving_default',
        method: 'tensorflow/serving/predict',
        inputs: { inputs: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
        outputs: {
          detection_boxes: { dtype: 'DT_FLOAT', shape: null },
          no_shape: { dtype: 'DT_FLOAT', shape: null },
        },
      },
    ],
  )
  t.strictSame(requests[0]?.getMetadataFieldList(), ['signature_def'])
})

t.test('metadata() refuses an answer without readable signatures', async (t) => {
  const packed = (value: Uint8Array, type: string) => {
    const response = new GetModelMetadataResponse()
    const wrapped = new any.Any()
    wrapped.pack(value, type)
    response.getMetadataMap().set('signature_def', wrapped)
    return response
  }
  const rows: [string, GetModelMetadataResponse][] = [
    ['nothing', new GetModelMetadataResponse()],
    ['another type', packed(new Uint8Array(0), 'tensorflow.Other')],
    ['rubbish', packed(new Uint8Array([0xff, 0xff]), 'tensorflow.serving.SignatureDefMap')],
  ]
  for (const [name, response] of rows) {
    const client = await makeClient(t, {
      getModelMetadata: (_: unknown, done: (error: null, response: unknown) => void) =>
        done(null, response),
    })
    const call = client.metadata({ model: 'm' }, { deadline: soon() })
    await t.rejects(call, { code: 'upstream_invalid_response' }, name)
  }
})

t.test('status() lists the versions, newest first', async (t) => {
  const big = '1700000000000000001'
  const response = versions(['2', 20], [big, 30], ['10', 50, 'bad bytes'])
  const client = await makeClient(t, { getModelStatus: answerStatus(response) })
  t.strictSame(await client.status('m', { deadline: soon() }), [
    { version: big, state: 'AVAILABLE', message: '' },
    { version: '10', state: 'END', message: 'bad bytes' },
    { version: '2', state: 'LOADING', message: '' },
  ])
})

t.test('status() explains failures', async (t) => {
  const rows: [status, ErrorCode][] = [
    [status.NOT_FOUND, 'model_not_found'],
    [status.UNIMPLEMENTED, 'upstream_rejected'],
  ]
  for (const [code, expected] of rows) {
    const client = await makeClient(t, {
      getModelStatus: (_: unknown, done: (error: object) => void) => done(failure(code, 'x')),
    })
    await t.rejects(client.status('m', { deadline: soon() }), { code: expected }, status[code])
  }
})

t.test('close() lets a call in flight end and refuses the next', async (t) => {
  const client = await makeClient(t, {
    predict: (_: PredictServerCall, done: PredictCallback) => {
      client.close()
      done(null, scores(1))
    },
  })
  t.match(await client.predict(CALL, { deadline: soon() }), { version: '1' })
  await t.rejects(client.predict(CALL, { deadline: soon() }), { code: 'shutting_down' })
  client.close()
})

function described(): GetModelMetadataResponse {
  const definition = new SignatureDef()
  definition.setMethodName('tensorflow/serving/predict')
  definition.getInputsMap().set('inputs', info('DT_UINT8', [-1, -1, -1, 3]))
  definition.getOutputsMap().set('detection_boxes', info('DT_FLOAT', null))
  const shapeless = new TensorInfoProto()
  shapeless.setDtype(DataTypeEnum.DT_FLOAT)
  definition.getOutputsMap().set('no_shape', shapeless)
  const map = new SignatureDefMap()
  map.getSignatureDefMap().set('serving_default', definition)
  const wrapped = new any.Any()
  wrapped.pack(map.serializeBinary(), 'tensorflow.serving.SignatureDefMap')
  const response = new GetModelMetadataResponse()
  response.setModelSpec(modelSpec(4))
  response.getMetadataMap().set('signature_def', wrapped)
  return response
}

function info(dtype: keyof typeof DataTypeEnum, sizes: number[] | null): TensorInfoProto {
  const shape = new TensorShapeProto()
  shape.setUnknownRank(sizes === null)
  for (const size of sizes ?? []) {
    const dim = new TensorShapeProto.Dim()
    dim.setSize(size)
    shape.addDim(dim)
  }
  const result = new TensorInfoProto()
  result.setDtype(DataTypeEnum[dtype])
  result.setTensorShape(shape)
  return result
}

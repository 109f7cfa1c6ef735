import { status } from '@grpc/grpc-js'
import t from 'tap'
import { type ErrorCode, GatewayError } from '../../../../src/errors.js'
import type { ModelSelector, PredictCall } from '../../../../src/serving/model-server.js'
import { OipClient } from '../../../../src/serving/oip/client.js'
import type { ModelInferRequest } from '../../../../src/serving/oip/stubs.js'
import { isSignatureSuspect } from '../../../../src/serving/signature-suspect.js'
import type { UpstreamOptions } from '../../../../src/serving/upstream.js'
import { makeUpstream, soon, type Teardown } from '../grpc-server.js'
import {
  failure,
  index,
  inferred,
  metadata,
  modelReady,
  type OipScript,
  serverReady,
  startOipServer,
} from './oip-server.js'

const SCORES = { dtype: 'DT_FLOAT', shape: [1, 2], data: Float32Array.of(0.5, 0.25) } as const
const CALL: PredictCall = {
  selector: { model: 'm' },
  signature: 'serving_default',
  inputs: { image: { dtype: 'DT_UINT8', shape: [1, 1, 1, 3], data: Uint8Array.of(1, 2, 3) } },
  outputs: ['scores', 'scores'],
}
const DECLARED = metadata(
  [['image', 'UINT8', [-1, -1, -1, 3]]],
  [
    ['scores', 'FP32', [-1, -1]],
    ['name', 'BYTES', []],
    ['odd', 'FP8', [2]],
  ],
  ['9', '10'],
)

/** What a server does that says of model `m` what Triton says of one that serves. */
const SERVES: OipScript = {
  serverReady: () => serverReady(),
  modelReady: (request) => modelReady(['', '9', '10'].includes(request.getVersion())),
  modelMetadata: () => DECLARED,
  repositoryIndex: () => index(['m', '9', 'READY'], ['m', '10', 'READY'], ['other', '1', 'READY']),
  modelInfer: () => inferred({ scores: SCORES, more: SCORES }, '10'),
}

async function makeClient(t: Teardown, script: OipScript, options?: UpstreamOptions) {
  const target = await startOipServer(t, script)
  return new OipClient(makeUpstream(t, options).channel('oip', target))
}

async function errorOf(work: Promise<unknown>): Promise<GatewayError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  )
  if (error instanceof GatewayError) return error
  throw error
}

t.test('predict() sends raw tensors, names each output once and gives back those', async (t) => {
  const requests: ModelInferRequest[] = []
  const client = await makeClient(t, {
    modelInfer: (request) => {
      requests.push(request)
      return inferred({ more: SCORES, scores: SCORES }, '10')
    },
  })
  const selector = { model: 'm', version: '10' }
  t.strictSame(await client.predict({ ...CALL, selector }, { deadline: soon() }), {
    version: '10',
    outputs: { scores: SCORES },
  })
  t.match(requests[0]?.toObject(), {
    modelName: 'm',
    modelVersion: '10',
    inputsList: [{ name: 'image', datatype: 'UINT8', shapeList: [1, 1, 1, 3] }],
    outputsList: [{ name: 'scores' }],
    rawInputContentsList: [Buffer.from([1, 2, 3]).toString('base64')],
  })
})

t.test('predict() sends deadline and trace context', async (t) => {
  const seen: unknown[] = []
  const client = await makeClient(t, {
    modelInfer: (_request, call) => {
      const bounded = Number(call.getDeadline()) < Number.POSITIVE_INFINITY
      seen.push(bounded, call.metadata.get('traceparent'))
      return inferred({ scores: SCORES })
    },
  })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const { version } = await client.predict(CALL, { deadline: soon(), traceparent })
  t.equal(version, '', 'the server named none')
  t.strictSame(seen, [true, [traceparent]])
})

t.test('metadata() is one signature under the usual names', async (t) => {
  const client = await makeClient(t, SERVES)
  const { version, signatures } = await client.metadata({ model: 'm' }, { deadline: soon() })
  t.equal(version, '10', 'the highest as a number')
  t.strictSame(
    [...signatures.values()],
    [
      {
        name: 'serving_default',
        method: 'tensorflow/serving/predict',
        inputs: { image: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
        outputs: {
          scores: { dtype: 'DT_FLOAT', shape: [-1, -1] },
          name: { dtype: 'DT_STRING', shape: [] },
          odd: { dtype: 'DT_FP8', shape: [2] },
        },
      },
    ],
  )
})

t.test('a version of a server that has none is refused instead of ignored', async (t) => {
  const kserve = { modelMetadata: () => metadata([], []), modelReady: () => modelReady() }
  const ask = (client: OipClient, selector: ModelSelector) =>
    client.metadata(selector, { deadline: soon() })
  const client = await makeClient(t, kserve)
  t.match(await ask(client, { model: 'm' }), { version: '' })
  t.match(await errorOf(ask(client, { model: 'm', version: '7' })), {
    code: 'version_not_found',
    message: /no version 7: its server knows no versions/,
  })
  const mlserver = await makeClient(t, { ...kserve, repositoryIndex: () => index() })
  t.match(await ask(mlserver, { model: 'm', version: '7' }), { version: '7' })
})

t.test('labels do not exist', async (t) => {
  const client = await makeClient(t, SERVES)
  const selector = { model: 'm', versionLabel: 'stable' }
  for (const work of [
    client.predict({ ...CALL, selector }, { deadline: soon() }),
    client.metadata(selector, { deadline: soon() }),
  ]) {
    const error = await errorOf(work)
    t.match(error, { code: 'version_not_found', message: /label "stable".*has no labels/ })
  }
})

t.test('status() lists the versions of a model, newest first, in words of its own', async (t) => {
  const traceback = 'Internal: File "/models/m/1/model.py", line 3'
  const client = await makeClient(t, {
    ...SERVES,
    repositoryIndex: () =>
      index(
        ['m', '9', 'READY'],
        ['m', '10', 'UNAVAILABLE', traceback],
        ['m', '8', 'UNAVAILABLE', 'unloaded'],
        ['m', '11', 'State.LOADING'],
        ['m', '12', 'State.UNKNOWN'],
        ['m', '13', 'ODD'],
        ['other', '1', 'READY'],
      ),
  })
  t.strictSame(await client.status('m', { deadline: soon() }), [
    { version: '13', state: 'UNKNOWN', message: '' },
    { version: '12', state: 'LOADING', message: '' },
    { version: '11', state: 'LOADING', message: '' },
    {
      version: '10',
      state: 'END',
      message: 'it could not be loaded; the log of the model server tells why',
    },
    { version: '9', state: 'AVAILABLE', message: '' },
    { version: '8', state: 'END', message: '' },
  ])
})

t.test('status() of a server without a list goes by metadata and readiness', async (t) => {
  const deadline = soon()
  const versioned = await makeClient(t, {
    modelReady: () => modelReady(),
    ...only('modelMetadata'),
  })
  t.match(await versioned.status('m', { deadline }), [{ version: '10' }, { version: '9' }])
  const versionless = await makeClient(t, {
    modelReady: () => modelReady(),
    modelMetadata: () => metadata([], []),
  })
  t.strictSame(await versionless.status('m', { deadline }), [
    { version: '', state: 'AVAILABLE', message: '' },
  ])
  const loading = await makeClient(t, { modelReady: () => modelReady(false) })
  t.match(await loading.status('m', { deadline }), [{ version: '', state: 'LOADING' }])
})

function only(name: keyof OipScript): OipScript {
  return { [name]: SERVES[name] }
}

const fails = (code: status, details: string) => () => {
  throw failure(code, details)
}

/** What each server says of a model that cannot answer, and what is made of it. */
const FACES: [string, OipScript, Partial<ModelSelector>, ErrorCode, RegExp][] = [
  [
    'Triton, unknown',
    {
      modelInfer: fails(status.NOT_FOUND, "Request for unknown model: 'm' is not found"),
      modelReady: () => modelReady(false),
      repositoryIndex: () => index(['other', '1', 'READY']),
      serverReady: () => serverReady(false),
    },
    {},
    'model_not_found',
    /no model "m"/,
  ],
  [
    'Triton, loading',
    {
      modelInfer: fails(status.NOT_FOUND, "unknown model: 'm' has no available versions"),
      modelReady: () => modelReady(false),
      repositoryIndex: () => index(['m', '1', 'LOADING']),
    },
    {},
    'model_not_ready',
    /Version 1 .*still being loaded \(LOADING\)/,
  ],
  [
    'Triton, failed to load',
    {
      modelInfer: fails(status.NOT_FOUND, "unknown model: 'm' has no available versions"),
      modelReady: () => modelReady(false),
      repositoryIndex: () => index(['m', '1', 'UNAVAILABLE', 'File "/secret/model.py"']),
    },
    {},
    'model_not_ready',
    /Version 1 .*failed to load \(END\); the reason is in the gateway log$/,
  ],
  [
    'Triton, never loaded',
    {
      modelInfer: fails(status.NOT_FOUND, "Request for unknown model: 'm' is not found"),
      modelReady: () => modelReady(false),
      repositoryIndex: () => index(['m', '', '']),
    },
    {},
    'model_not_found',
    /no model "m"/,
  ],
  [
    'Triton, unknown version',
    {
      ...SERVES,
      modelInfer: fails(status.NOT_FOUND, "unknown model: 'm' version 7 is not found"),
    },
    { version: '7' },
    'version_not_found',
    /no version 7 .*10, 9 can be asked for/,
  ],
  [
    'Triton, about to end',
    {
      modelInfer: fails(status.NOT_FOUND, "unknown model: 'm' has no available versions"),
      modelReady: () => modelReady(false),
      repositoryIndex: fails(status.UNAVAILABLE, 'Server not ready'),
    },
    {},
    'upstream_unavailable',
    /shutting down/,
  ],
  [
    'MLServer, unknown',
    {
      modelInfer: fails(status.NOT_FOUND, 'Model m with version  not found'),
      modelReady: fails(status.UNKNOWN, 'Unexpected ModelNotFound'),
      repositoryIndex: () => index(['other', '', 'State.READY']),
    },
    {},
    'model_not_found',
    /no model "m"/,
  ],
  [
    'MLServer, not ready',
    {
      modelInfer: fails(status.INVALID_ARGUMENT, 'Model m with version  is not ready yet.'),
      modelReady: () => modelReady(false),
      repositoryIndex: () => index(['m', '', 'State.UNKNOWN']),
    },
    {},
    'model_not_ready',
    /^Model "m" is still being loaded/,
  ],
  [
    'KServe, unknown',
    {
      modelInfer: fails(status.NOT_FOUND, 'Model with name m does not exist.'),
      modelReady: fails(status.NOT_FOUND, 'Model with name m does not exist.'),
      serverReady: () => serverReady(),
    },
    {},
    'model_not_found',
    /no model "m"/,
  ],
  [
    'a server without a list that is starting',
    {
      modelInfer: fails(status.NOT_FOUND, 'no'),
      modelReady: fails(status.NOT_FOUND, 'no'),
      serverReady: () => serverReady(false),
    },
    {},
    'model_not_ready',
    /server is loading its models/,
  ],
  [
    'OpenVINO Model Server, loading',
    {
      modelInfer: fails(status.UNAVAILABLE, 'Model with requested version is not loaded yet'),
      modelReady: () => modelReady(false),
    },
    {},
    'model_not_ready',
    /still being loaded/,
  ],
  [
    'an exception in the model',
    {
      ...SERVES,
      modelInfer: fails(status.INTERNAL, 'ValueError: boom, File "/secret/model.py"'),
    },
    {},
    'upstream_rejected',
    /failed to run the model \(INTERNAL\); its reason is in the gateway log$/,
  ],
  [
    'a request over MLServer’s limit',
    {
      ...SERVES,
      modelInfer: fails(
        status.RESOURCE_EXHAUSTED,
        'SERVER: Received message larger than max (5242917 vs. 4194304)',
      ),
    },
    {},
    'upstream_rejected',
    /4194304 bytes.*input\.max_side.*WIRE_MAX_SIDE_PIXELS.*grpc_max_message_length/,
  ],
  [
    'a request over KServe’s limit, which is as large as our own',
    {
      ...SERVES,
      modelInfer: fails(
        status.RESOURCE_EXHAUSTED,
        'SERVER: Received message larger than max (11520122 vs. 8388608)',
      ),
    },
    {},
    'upstream_rejected',
    /8388608 bytes.*--grpc_max_receive_message_length/,
  ],
  [
    'a full queue',
    { ...SERVES, modelInfer: fails(status.UNAVAILABLE, 'Exceeds maximum queue size') },
    {},
    'upstream_unavailable',
    /queue of the model server is full/,
  ],
  [
    'a server of another protocol',
    {},
    {},
    'upstream_invalid_response',
    /does not know the question; OIP_TARGET/,
  ],
]

for (const [name, script, selector, code, message] of FACES) {
  t.test(`predict() explains: ${name}`, async (t) => {
    const client = await makeClient(t, script)
    const call = { ...CALL, selector: { ...CALL.selector, ...selector } }
    const error = await errorOf(client.predict(call, { deadline: soon() }))
    t.match(error, { code, message })
    t.notMatch(error.message, /secret/)
  })
}

t.test(
  'an argument that is refused of a model that serves makes its signature suspect',
  async (t) => {
    const asked: string[] = []
    const client = await makeClient(t, {
      ...SERVES,
      modelReady: (request) => {
        asked.push(request.getVersion())
        return modelReady()
      },
      modelInfer: fails(status.INVALID_ARGUMENT, 'unexpected shape for input'),
    })
    const selector = { model: 'm', version: '9' }
    const error = await errorOf(client.predict({ ...CALL, selector }, { deadline: soon() }))
    t.match(error, { code: 'upstream_rejected', message: /its reason is in the gateway log$/ })
    t.ok(isSignatureSuspect(error))
    t.strictSame(asked, ['9'])
  },
)

t.test('a model that one server of several has given up is asked for again', async (t) => {
  let calls = 0
  const ending = (times: number): OipScript => ({
    ...SERVES,
    modelInfer: () => {
      calls++
      if (calls <= times) throw failure(status.NOT_FOUND, 'has no available versions')
      return inferred({ scores: SCORES }, '10')
    },
  })
  const client = await makeClient(t, ending(2))
  t.match(await client.predict(CALL, { deadline: soon() }), { version: '10' })
  t.equal(calls, 3)
  calls = 0
  const gone = await makeClient(t, ending(100))
  t.match(await errorOf(gone.predict(CALL, { deadline: soon() })), {
    code: 'model_not_ready',
    message: /changing versions; try again/,
  })
  t.equal(calls, 4)
})

t.test(
  'a server that cannot even say what it has is no reason to give up on the others',
  async (t) => {
    let calls = 0
    const client = await makeClient(t, {
      ...SERVES,
      modelInfer: () => {
        calls++
        if (calls === 1) throw failure(status.NOT_FOUND, 'has no available versions')
        return inferred({ scores: SCORES }, '10')
      },
      repositoryIndex: fails(status.UNAVAILABLE, 'Server not ready'),
    })
    t.match(await client.predict(CALL, { deadline: soon() }), { version: '10' })
    t.equal(calls, 2)
  },
)

t.test('of two servers the one that is about to end fails no request', async (t) => {
  const ending = await startOipServer(t, {
    serverReady: fails(status.UNAVAILABLE, 'Server exiting'),
    modelReady: () => modelReady(false),
    repositoryIndex: fails(status.UNAVAILABLE, 'Server not ready'),
    modelInfer: fails(status.NOT_FOUND, "unknown model: 'm' has no available versions"),
  })
  const staying = await startOipServer(t, {
    ...SERVES,
    // At once is only what fails: it looks like the server with the least to do.
    modelInfer: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return inferred({ scores: SCORES }, '10')
    },
  })
  const client = new OipClient(makeUpstream(t).channel('oip', `${ending},${staying}`))
  const ask = async () => {
    for (let i = 0; i < 5; i++) await client.predict(CALL, { deadline: soon() })
  }
  await t.resolves(Promise.all(Array.from({ length: 6 }, ask)))
})

t.test('an answer over our own limit is not the server’s', async (t) => {
  const big = { dtype: 'DT_FLOAT', shape: [2000], data: new Float32Array(2000) } as const
  const script = { ...SERVES, modelInfer: () => inferred({ scores: big }) }
  const client = await makeClient(t, script, { maxResponseBytes: 5000 })
  t.match(await errorOf(client.predict(CALL, { deadline: soon() })), {
    code: 'upstream_response_too_large',
    message: /5000 bytes.*UPSTREAM_RESPONSE_MAX_BYTES/,
  })
})

t.test('nothing that listens, and nothing that answers in time', async (t) => {
  const channel = makeUpstream(t).channel('oip', '127.0.0.1:1')
  const nobody = new OipClient(channel)
  t.match(await errorOf(nobody.status('m', { deadline: soon() })), {
    code: 'upstream_unavailable',
    message: /cannot be reached; OIP_TARGET, or server\.target on the card/,
  })
  const slow = await makeClient(t, SERVES)
  t.match(await errorOf(slow.status('m', { deadline: Date.now() - 1 })), {
    code: 'deadline_exceeded',
  })
})

t.test('close() ends the channel', async (t) => {
  const client = await makeClient(t, SERVES)
  client.close()
  t.match(await errorOf(client.predict(CALL, { deadline: soon() })), { code: 'shutting_down' })
})

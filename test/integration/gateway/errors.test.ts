import { connect } from 'node:net'
import sharp from 'sharp'
import t from 'tap'
import { buildApp } from '../../../src/app.js'
import { loadConfig } from '../../../src/config.js'
import { invalidArgument } from '../../../src/embedded/status-error.js'
import type { ErrorCode } from '../../../src/errors.js'
import { createHttpServer } from '../../../src/http-server.js'
import { Problem } from '../../../src/schemas/problem.js'
import type { ModelServer } from '../../../src/serving/model-server.js'
import { connectRaw } from '../plugins/raw-client.js'
import {
  DOG,
  detections,
  detector,
  form,
  photo,
  post,
  type Setup,
  start,
  untilGauge,
} from './harness.js'

const image = await photo('chelsea')
const json = { 'content-type': 'application/json' }
const raw = { 'content-type': 'image/jpeg' }

interface Row {
  code: ErrorCode
  status: number
  detail: RegExp
  path?: string
  body?: BodyInit
  headers?: Record<string, string>
  setup?: Setup
}

const failing = (predict: NonNullable<Parameters<typeof detector>[0]>['predict'] & {}) => ({
  models: [detector({ predict })],
})

const failed = { code: 11, message: 'Read less bytes than requested' }
const version = (state: 'LOADING' | 'END') => ({
  models: [
    detector({ versions: [{ version: '1', state, ...(state === 'END' && { error: failed }) }] }),
  ],
})

const ROWS: Row[] = [
  { code: 'malformed_request', status: 400, detail: /JSON/, body: '{"image":', headers: json },
  {
    code: 'malformed_request',
    status: 400,
    detail: /boundary/i,
    body: 'x',
    headers: { 'content-type': 'multipart/form-data' },
  },
  {
    code: 'invalid_parameter',
    status: 400,
    detail: /min_score.*percentage/,
    path: '?min_score=50',
  },
  {
    code: 'invalid_parameter',
    status: 400,
    detail: /min_scroe.*min_score/,
    path: '?min_scroe=0.5',
  },
  { code: 'invalid_parameter', status: 400, detail: /did you mean "dog"/, path: '?labels=dgo' },
  {
    code: 'invalid_parameter',
    status: 400,
    detail: /REQUEST_TIMEOUT_MS/,
    path: '?timeout_ms=999999',
  },
  { code: 'invalid_parameter', status: 400, detail: /version number/, path: '?version=latest' },
  {
    code: 'parameter_conflict',
    status: 400,
    detail: /min_score/,
    path: '?min_score=0.4',
    body: form([image], { min_score: '0.5' }),
  },
  {
    code: 'parameter_conflict',
    status: 400,
    detail: /version_label/,
    path: '?version=1&version_label=stable',
  },
  { code: 'missing_image', status: 400, detail: /image/, body: form([]) },
  { code: 'missing_image', status: 400, detail: /0 bytes|empty/i, body: form([Buffer.alloc(0)]) },
  { code: 'too_many_images', status: 400, detail: /batch/, body: form([image, image]) },
  {
    code: 'too_many_images',
    status: 400,
    detail: /MAX_BATCH_IMAGES/,
    path: '/batch',
    body: form([image, image]),
    setup: { env: { MAX_BATCH_IMAGES: '1' } },
  },
  {
    code: 'invalid_base64',
    status: 400,
    detail: /base64/,
    body: '{"image":{"b64":"***"}}',
    headers: json,
  },
  { code: 'model_not_found', status: 404, detail: /nope/, path: '?model=nope' },
  { code: 'version_not_found', status: 404, detail: /77/, path: '?version=77' },
  { code: 'version_not_found', status: 404, detail: /stable/, path: '?version_label=stable' },
  {
    code: 'not_acceptable',
    status: 406,
    detail: /text\/csv.*application\/json/,
    headers: { accept: 'text/csv' },
  },
  {
    code: 'image_too_large',
    status: 413,
    detail: /MAX_IMAGE_BYTES/,
    setup: { env: { MAX_IMAGE_BYTES: '1000' } },
  },
  {
    code: 'body_too_large',
    status: 413,
    detail: /MAX_JSON_BYTES/,
    body: `{"image":{"b64":"${'A'.repeat(2000)}"}}`,
    headers: json,
    setup: { env: { MAX_JSON_BYTES: '1000' } },
  },
  {
    code: 'unsupported_media_type',
    status: 415,
    detail: /SVG/,
    body: '<svg/>',
    headers: { 'content-type': 'image/svg+xml' },
  },
  {
    code: 'unsupported_media_type',
    status: 415,
    detail: /multipart\/form-data/,
    body: 'x',
    headers: { 'content-type': 'text/plain' },
  },
  {
    code: 'image_undecodable',
    status: 422,
    detail: /jpeg/,
    body: image.subarray(0, 9000),
    headers: raw,
  },
  {
    code: 'image_undecodable',
    status: 422,
    detail: /jpeg/,
    body: image.subarray(0, 9000),
    headers: raw,
    setup: {
      models: [
        detector({
          inputs: { image_bytes: { dtype: 'DT_STRING', shape: [-1] } },
          predict: ({ inputs }) => {
            const [bytes] = inputs.image_bytes!.data as readonly Uint8Array[]
            if (bytes!.length === 9000) throw invalidArgument('secret: Invalid JPEG data')
            return detections([DOG])
          },
        }),
      ],
    },
  },
  {
    code: 'too_many_pixels',
    status: 422,
    detail: /451 x 300.*MAX_IMAGE_PIXELS/,
    setup: { env: { MAX_IMAGE_PIXELS: '1000' } },
  },
  {
    code: 'upstream_rejected',
    status: 502,
    detail: /refused/i,
    setup: failing(() => {
      throw invalidArgument('secret shape')
    }),
  },
  {
    code: 'upstream_invalid_response',
    status: 502,
    detail: /NaN or infinite/,
    setup: failing(() => detections([{ ...DOG, score: Number.NaN }])),
  },
  {
    code: 'signature_mismatch',
    status: 502,
    detail: /DT_INT64/,
    setup: { models: [detector({ inputs: { x: { dtype: 'DT_INT64', shape: [-1] } } })] },
  },
  {
    code: 'upstream_response_too_large',
    status: 502,
    detail: /UPSTREAM_RESPONSE_MAX_BYTES/,
    setup: {
      ...failing(() => detections(Array.from({ length: 1000 }, () => DOG))),
      env: { UPSTREAM_RESPONSE_MAX_BYTES: '2000' },
    },
  },
  { code: 'model_not_ready', status: 503, detail: /LOADING/, setup: version('LOADING') },
  { code: 'model_not_ready', status: 503, detail: /END/, setup: version('END') },
  {
    code: 'upstream_unavailable',
    status: 503,
    detail: /TF_SERVING_TARGET/,
    setup: { env: { TF_SERVING_TARGET: '127.0.0.1:1' } },
  },
  {
    code: 'deadline_exceeded',
    status: 504,
    detail: /REQUEST_TIMEOUT_MS/,
    path: '?timeout_ms=300',
    setup: failing(() => new Promise(() => {})),
  },
]

t.test('each error over HTTP', { jobs: 4 }, async (t) => {
  for (const [i, row] of ROWS.entries()) {
    const { code, status, detail, path = '', body = form([image]), headers = {}, setup = {} } = row
    t.test(`${code} ${i}`, async (t) => {
      const { url } = await start(t, setup)
      const answer = await post(`${url}/v1/detect${path}`, body, {
        'x-request-id': `row-${i}`,
        ...headers,
      })
      t.equal(answer.status, status)
      t.match(answer.headers.get('content-type'), 'application/problem+json')
      t.match(answer.body, {
        code,
        status,
        detail,
        request_id: `row-${i}`,
        type: `urn:detection-gateway:error:${code}`,
      })
      t.ok(Problem.safeParse(answer.body).success)
      t.notMatch(answer.body.detail, /secret/)
      t.equal(answer.headers.has('retry-after'), status === 503 || status === 429)
    })
  }
})

t.test('errors that need more than a request', async (t) => {
  t.test('route_not_found and method_not_allowed', async (t) => {
    const { url } = await start(t)
    t.match(await post(`${url}/v2/detect`, 'x'), {
      status: 404,
      body: { code: 'route_not_found', detail: /\/docs/ },
    })
    const wrong = await fetch(`${url}/v1/detect`)
    t.equal(wrong.status, 405)
    t.equal(wrong.headers.get('allow'), 'POST')
    t.match(await wrong.json(), { code: 'method_not_allowed' })
  })

  t.test('queue_full', async (t) => {
    const arrived = deferred()
    const released = deferred()
    const slow = detector({
      name: 'slow',
      predict: async () => {
        arrived.resolve()
        await released.promise
        return detections([DOG])
      },
    })
    const env = {
      SLOTS: '1',
      UPSTREAM_IN_FLIGHT: '1',
      QUEUE_LENGTH: '0',
      DEFAULT_MODEL: 'other',
    }
    const { url } = await start(t, { models: [slow], env })
    const first = post(`${url}/v1/detect?model=slow`, form([image]))
    await arrived.promise
    // One is with the model, one may use the slot; there is no place to wait.
    const other = post(`${url}/v1/detect?model=slow`, form([image]))
    await untilGauge(url, 'requests_admitted', 2)
    const second = await post(`${url}/v1/detect?model=slow`, form([image]))
    t.match(second, { status: 429, body: { code: 'queue_full', detail: /QUEUE_LENGTH/ } })
    t.equal(second.headers.get('retry-after'), '1')
    const before = timers()
    for (let i = 0; i < 20; i++) await post(`${url}/v1/detect?model=slow`, form([image]))
    for (let i = 0; i < 20; i++) await post(`${url}/v1/detect/batch?model=slow`, form([image]))
    t.ok(timers() - before < 20, 'a refused request leaves no deadline behind')
    released.resolve()
    t.equal((await first).status, 200)
    t.equal((await other).status, 200)
    t.equal(
      (await post(`${url}/v1/detect?model=slow`, form([image]))).status,
      200,
      'its place is free again',
    )
  })

  t.test('request_timeout of a slow body', async (t) => {
    const { gateway } = await start(t, { env: { BODY_TIMEOUT_MS: '200' } })
    const client = connectRaw(t, portOf(gateway.url))
    client.write(
      'POST /v1/detect HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: 1000\r\n\r\nabc',
    )
    const answer = await client.answer()
    t.equal(answer.status, 408)
    t.match(JSON.parse(answer.body), { code: 'request_timeout', detail: /BODY_TIMEOUT_MS/ })
  })

  t.test('request_timeout of slow headers', async (t) => {
    const { gateway } = await start(t, { env: { HEADERS_TIMEOUT_MS: '300' } })
    const client = connectRaw(t, portOf(gateway.url))
    client.write('POST /v1/detect HTTP/1.1\r\nhost: x\r\n')
    t.match(JSON.parse((await client.answer()).body), { code: 'request_timeout', status: 408 })
  })

  t.test('headers_too_large and what is no HTTP', async (t) => {
    const { gateway } = await start(t)
    const large = connectRaw(t, portOf(gateway.url))
    large.write(`GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`)
    t.match(JSON.parse((await large.answer()).body), { code: 'headers_too_large', status: 431 })
    const nonsense = connectRaw(t, portOf(gateway.url))
    nonsense.write('hello\r\n\r\n')
    t.match(JSON.parse((await nonsense.answer()).body), { code: 'malformed_request', status: 400 })
  })

  t.test('shutting_down', async (t) => {
    const { gateway } = await start(t)
    const client = connectRaw(t, portOf(gateway.url))
    await new Promise((resolve) => client.socket.once('connect', resolve))
    client.write('GET /v1/models HTTP/1.1\r\nhost: x\r\n')
    await nextTurn(gateway.url)
    const closing = gateway.close()
    client.write('\r\n')
    const answer = await client.answer()
    t.equal(answer.status, 503)
    t.match(answer.head, /retry-after: 1/)
    t.match(JSON.parse(answer.body), { code: 'shutting_down' })
    await closing
  })

  t.test('an end that no unused connection holds up', async (t) => {
    const { gateway } = await start(t)
    const client = connectRaw(t, portOf(gateway.url))
    await new Promise((resolve) => client.socket.once('connect', resolve))
    await nextTurn(gateway.url)
    await gateway.close()
    await client.closed
    t.pass('closed')
  })

  t.test('internal_error says nothing of its cause', async (t) => {
    const config = loadConfig({ LOG_LEVEL: 'silent' })
    const fail = async () => {
      throw new TypeError('secret detail')
    }
    const server: ModelServer = { predict: fail, metadata: fail, status: fail, close() {} }
    const app = await buildApp(createHttpServer(config), config, {
      server,
      models: { names: () => [], card: () => undefined },
      defaultModel: 'm',
    })
    t.teardown(() => app.close())
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const { status, body } = await post(`${url}/v1/detect`, form([image]))
    t.equal(status, 500)
    t.match(body, { code: 'internal_error' })
    t.notMatch(JSON.stringify(body), /secret/)
  })
})

t.test('a client that leaves', async (t) => {
  t.test('ends the call to the model server', async (t) => {
    const called = deferred()
    const aborted = deferred()
    const models = [
      detector({
        name: 'slow',
        predict: ({ signal }) => {
          signal.addEventListener('abort', () => aborted.resolve())
          called.resolve()
          return new Promise(() => {})
        },
      }),
    ]
    const { gateway, url } = await start(t, { models, env: { DEFAULT_MODEL: 'other' } })
    const bytes = await sharp(image).resize(32).png().toBuffer()
    const socket = connect({ host: '127.0.0.1', port: portOf(gateway.url) })
    t.teardown(() => socket.destroy())
    socket.write(
      `POST /v1/detect?model=slow HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    )
    socket.write(bytes)
    await called.promise
    socket.destroy()
    await aborted.promise
    t.equal((await fetch(`${url}/livez`)).status, 200)
  })

  t.test('makes no error of the images of its batch, streamed or not', async (t) => {
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const called = deferred()
      const aborted = deferred()
      const models = [
        detector({
          name: 'slow',
          inputs: { inputs: { dtype: 'DT_UINT8', shape: [1, -1, -1, 3] } },
          predict: ({ signal }) => {
            signal.addEventListener('abort', () => aborted.resolve())
            called.resolve()
            return new Promise(() => {})
          },
        }),
      ]
      const { url } = await start(t, { models, env: { DEFAULT_MODEL: 'other' } })
      const client = new AbortController()
      const answer = fetch(`${url}/v1/detect/batch?model=slow`, {
        method: 'POST',
        body: form([image, image, image]),
        headers: { accept },
        signal: client.signal,
      })
      await called.promise
      client.abort()
      await t.rejects(answer)
      await aborted.promise
      let metrics = ''
      while (!metrics.includes('\ndetection_gateway_requests_admitted 0\n'))
        metrics = await (await fetch(`${url}/metrics`)).text()
      t.match(metrics, '\ndetection_gateway_errors_total{code="internal_error"} 0\n', accept)
    }
  })
})

function deferred() {
  let resolve!: () => void
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** Lets the server see what was written before: a whole request after it has been answered. */
async function nextTurn(url: string): Promise<void> {
  await (await fetch(`${url}/livez`)).arrayBuffer()
}

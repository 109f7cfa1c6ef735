import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import t from 'tap'
import WsSocket from 'ws'
import { keyLine, makeKey } from '../../../src/access/api-key.js'
import { type BatchItem, DetectionClient, GatewayProblem } from '../../../src/client/client.js'
import { parseRetryAfter } from '../../../src/client/gateway-problem.js'
import { retryDelay } from '../../../src/client/retry.js'
import { DOG, detections, detector, PERSON, photo, start, untilGauge } from '../gateway/harness.js'

/** The error that a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<GatewayProblem> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof GatewayProblem) return error
  throw new Error(`not a GatewayProblem: ${error}`)
}

t.test('a client and a gateway', async (t) => {
  const { url } = await start(t)
  const client = new DetectionClient(`${url}/`)
  const chelsea = await photo('chelsea')

  t.test('detect takes bytes, views, blobs and files', async (t) => {
    const view = new DataView(chelsea.buffer, chelsea.byteOffset, chelsea.byteLength)
    const file = new File([chelsea], 'cat.jpg')
    for (const image of [chelsea, new Uint8Array(chelsea), view, new Blob([chelsea]), file]) {
      const { detections, image: facts } = await client.detect(image)
      t.strictSame([facts.width, facts.height], [451, 300])
      t.strictSame(
        detections.map(({ label }) => label),
        ['dog', 'person'],
      )
    }
  })

  t.test('parameters arrive as they were meant', async (t) => {
    const labelsOf = async (parameters: Parameters<typeof client.detect>[1]) =>
      (await client.detect(chelsea, parameters)).detections.map(({ label }) => label)
    t.strictSame(await labelsOf({ min_score: 0.8 }), ['dog'])
    t.strictSame(await labelsOf({ labels: ['person', 'cat'] }), ['person'])
    t.strictSame(await labelsOf({ exclude_labels: ['person'] }), ['dog'])
    t.strictSame(await labelsOf({ thresholds: { person: 0.7, dog: 0.1 } }), ['dog'])
    t.strictSame(await labelsOf({ max_detections: 1 }), ['dog'])
    const region = { x_min: 0, y_min: 0, x_max: 0.5, y_max: 0.45, unit: 'fraction' } as const
    t.strictSame(await labelsOf({ regions: [region] }), ['dog'])
    const { message } = await failure(client.detect(chelsea, { labels: ['Salt, "pepper"', 'dog'] }))
    t.match(message, 'Salt, ')
    t.notMatch(message, '"dog"', 'a comma and quotes in a label do not split it')
  })

  t.test('detectFile gives the picture', async (t) => {
    const blob = await client.detectFile(chelsea, { format: 'png', picture_max_side: 64 })
    t.equal(blob.type, 'image/png')
    t.strictSame([...new Uint8Array(await blob.arrayBuffer()).subarray(1, 4)], [0x50, 0x4e, 0x47])
  })

  t.test('detectBatch gives each result; one bad image fails alone', async (t) => {
    const images = [new File([chelsea], 'a.jpg'), new Blob(['no picture']), await photo('coffee')]
    const items: BatchItem[] = []
    for await (const item of client.detectBatch(images, { labels: ['dog'] })) items.push(item)
    items.sort((a, b) => a.index - b.index)
    t.match(items, [
      { index: 0, filename: 'a.jpg', status: 200, detections: [{ label: 'dog' }] },
      { index: 1, filename: 'image-1', status: 415, error: { code: 'unsupported_media_type' } },
      { index: 2, filename: 'image-2', status: 200, detections: [{ label: 'dog' }] },
    ])
    for await (const item of client.detectBatch([chelsea, chelsea])) {
      t.equal(item.status, 200, 'the loop can be left')
      break
    }
    const nothing = failure(client.detectBatch([]).next())
    t.equal((await nothing).code, 'missing_image', 'what fails as a whole rejects')
  })

  t.test('models and labels', async (t) => {
    const [model] = await client.models()
    t.match(model, { name: 'ssdlite_mobilenet_v2_coco', default: true, state: 'AVAILABLE' })
    t.match(await client.model(model!.name), { signature: { name: 'serving_default' } })
    t.match((await client.labels(model!.name))[0], { id: 1, name: 'person' })
    t.match(await failure(client.model('no such/model')), {
      status: 400,
      code: 'invalid_parameter',
    })
    t.match(await failure(client.labels('nobody')), { status: 404, code: 'model_not_found' })
  })

  t.test('errors have code, status, request id and the whole problem', async (t) => {
    const error = await failure(client.detect(chelsea, { min_score: 50 }))
    t.match(error, { name: 'GatewayProblem', code: 'invalid_parameter', status: 400 })
    t.match(error.message, /not a percentage/)
    t.equal(error.requestId, error.problem?.request_id)
    t.match(error.problem?.errors, [{ field: 'min_score' }])
    const elsewhere = new DetectionClient(url, {
      fetch: async () => new Response('<p>', { status: 502 }),
    })
    t.match(await failure(elsewhere.models()), { code: 'unexpected_answer', status: 502 })
    const page = new DetectionClient(url, { fetch: async () => new Response('<p>') })
    t.match(await failure(page.models()), { code: 'unexpected_answer', status: 200 })
  })

  t.test('an aborted signal ends a call with its reason', async (t) => {
    const reason = new Error('enough')
    await t.rejects(client.detect(chelsea, {}, { signal: AbortSignal.abort(reason) }), reason)
  })
})

t.test('a gateway that does not answer', async (t) => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let calls = 0
  const { url } = await start(t, {
    models: [
      detector({
        predict: async () => {
          calls += 1
          await held
          return detections([DOG, PERSON])
        },
      }),
    ],
  })
  t.teardown(release)
  const client = new DetectionClient(url, { timeoutMs: 100 })
  const chelsea = await photo('chelsea')
  t.match(await failure(client.detect(chelsea)), { code: 'timeout', status: 0 })
  t.match(await failure(client.detectBatch([chelsea]).next()), { code: 'timeout' })
  const controller = new AbortController()
  const before = calls
  const call = client.detect(chelsea, {}, { signal: controller.signal, timeoutMs: Infinity })
  const rejects = t.rejects(call, { name: 'AbortError' })
  while (calls === before) await new Promise((resolve) => setTimeout(resolve, 5))
  controller.abort()
  await rejects
})

t.test('nobody there, and a connection that breaks', async (t) => {
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ncontent-length: 99\r\n\r\n{"index":0}\n',
      )
      setImmediate(() => socket.destroy())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const client = new DetectionClient(`http://127.0.0.1:${port}`)
  const items: unknown[] = []
  const read = async () => {
    for await (const item of client.detectBatch([new Blob(['x'])])) items.push(item)
  }
  t.match(await failure(read()), { code: 'connection_failed', message: /cannot be reached/ })
  await new Promise((resolve) => server.close(resolve))
  t.match(await failure(client.models()), { code: 'connection_failed', status: 0 })
})

t.test('keys and busy gateways', async (t) => {
  const key = makeKey()
  const { url } = await start(t, {
    env: {
      API_KEYS: keyLine('tests', key),
      RATE_LIMIT_KEY_REQUESTS: '1',
      RATE_LIMIT_WINDOW_MS: '1000',
    },
  })
  t.match(await failure(new DetectionClient(url).models()), {
    status: 401,
    code: 'unauthenticated',
  })
  const impatient = new DetectionClient(url, { apiKey: key, retries: 0 })
  await impatient.models()
  const refused = await failure(impatient.models())
  t.match(refused, { status: 429, code: 'rate_limited', retryAfterSeconds: 1 })
  const client = new DetectionClient(url, { apiKey: key })
  t.equal((await client.models()).length, 1, 'is asked again, after retry-after')
  const hurried = new DetectionClient(url, { apiKey: key, maxRetryDelayMs: 10 })
  t.equal((await failure(hurried.models())).code, 'rate_limited', 'longer waits are not waited')
})

t.test('when is tried again', async (t) => {
  const options = { retries: 2, maxRetryDelayMs: 1000 }
  const busy = (status: number, retryAfterSeconds?: number) =>
    new GatewayProblem('busy', { code: 'queue_full', status, retryAfterSeconds })
  t.equal(retryDelay(busy(429, 1), 0, options, 0), 1000, 'what the gateway asks for')
  t.equal(retryDelay(busy(503, 1), 0, options, 1), 1250, 'and up to a quarter more')
  t.equal(retryDelay(busy(503), 1, options, 0), 500, 'twice as long each time')
  t.equal(retryDelay(busy(503, 1), 2, options, 0), undefined, 'not for ever')
  t.equal(retryDelay(busy(503, 2), 0, options, 0), undefined, 'not for so long')
  t.equal(retryDelay(busy(500), 0, options, 0), undefined, 'only 429 and 503')
  t.equal(retryDelay(new Error('x'), 0, options, 0), undefined)
  t.equal(parseRetryAfter('Thu, 01 Jan 1970 00:00:05 GMT', 2000), 3)
  t.equal(parseRetryAfter('soon'), undefined)
  t.equal(parseRetryAfter(null), undefined)
})

/** Node has one of its own from 22 on; it must do as well. */
const SOCKETS = { ws: WsSocket as unknown as typeof WebSocket, own: globalThis.WebSocket }

for (const [name, Socket] of Object.entries(SOCKETS)) {
  t.test(`a stream, by the WebSocket that is ${name}`, { skip: !Socket }, async (t) => {
    const key = makeKey()
    const line = keyLine('page', key)
    const { url, gateway } = await start(t, { env: { API_KEYS: line, OPERATIONS_PORT: '0' } })
    const client = new DetectionClient(`${url}/`, { apiKey: key })
    const chelsea = await photo('chelsea')
    const options = { WebSocket: Socket! }

    const stream = await client.stream({ labels: ['dog'] }, options)
    t.equal(stream.send(chelsea), 0)
    const seen: unknown[] = []
    for await (const message of stream) {
      seen.push(message)
      if (seen.length === 1) t.equal(stream.send(new Blob(['no picture'])), 1)
      if (seen.length === 2) stream.change({ labels: ['person'] })
      if (seen.length === 3) t.equal(stream.send(new Uint8Array(chelsea)), 2)
      if (seen.length === 4) break
    }
    t.match(seen, [
      { frame: 0, dropped: 0, detections: [{ label: 'dog' }] },
      { frame: 1, error: { code: 'unsupported_media_type' } },
      { frame: 2, changed: ['labels'] },
      { frame: 2, detections: [{ label: 'person' }] },
    ])
    await untilGauge(gateway.operationsUrl!, 'streams_open', 0)

    const stopping = new AbortController()
    const stopped = await client.stream({}, { ...options, signal: stopping.signal })
    stopping.abort()
    for await (const message of stopped) t.fail(JSON.stringify(message))
    t.notOk(stopped.isOpen)
    const never = client.stream({}, { ...options, signal: AbortSignal.abort(new Error('not now')) })
    await t.rejects(never, /not now/)

    const stranger = new DetectionClient(url, { apiKey: 'wrong' })
    t.equal((await failure(stranger.stream({}, options))).code, 'connection_failed')

    const cut = await client.stream({}, options)
    const reading = (async () => {
      for await (const message of cut) t.fail(JSON.stringify(message))
    })()
    const failed = failure(reading)
    await gateway.close()
    t.match((await failed).message, 'the gateway is shutting down')
  })
}

t.test('a browser can load it', async (t) => {
  const entry = fileURLToPath(new URL('../../../src/client/client.ts', import.meta.url))
  const { metafile, outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    write: false,
    metafile: true,
  })
  const outside = Object.keys(metafile.inputs).filter((path) => !path.startsWith('src/client/'))
  t.strictSame(outside, [], 'nothing but itself')
  t.notMatch(outputFiles[0]!.text, /\b(process|Buffer|require)\b/)
})

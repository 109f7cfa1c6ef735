import sharp from 'sharp'
import t from 'tap'
import { connectRaw, type RawClient } from '../plugins/raw-client.js'
import {
  DOG,
  detections,
  detector,
  form,
  gauge,
  photo,
  post,
  start,
  untilGauge,
} from './harness.js'
import { manyScans } from './hostile-jpeg.js'

const image = await photo('coffee')

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** A request as it travels. */
function message(path: string, body: Buffer, headers: readonly string[] = []): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: test',
    `content-length: ${body.length}`,
    ...headers,
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}

t.test('a client that does not read its answer', async (t) => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...DOG, score: 0.9 - i / 10_000 }))
  const model = detector({
    predict: ({ inputs }) => detections(many, Object.values(inputs)[0]!.shape[0] ?? 1),
  })
  const { url } = await start(t, { models: [model], env: { ANSWER_TIMEOUT_MS: '600' } })
  const unread = () => {
    const client = connectRaw(t, portOf(url))
    client.socket.pause()
    return client
  }
  /** Waits for an answer that is not read, with nothing held but itself, and for the end of the connection. */
  const isCut = async (client: RawClient) => {
    while ((await gauge(url, 'answer_bytes_unread')) < 2_000_000) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    for (const name of ['requests_admitted', 'slots_in_use', 'call_bytes_reserved']) {
      await untilGauge(url, name, 0)
    }
    await untilGauge(url, 'answer_bytes_unread', 0)
    await untilGauge(url, 'upload_bytes_reserved', 0)
    // What is in the system's own buffers arrives, and then the end.
    client.socket.resume()
    await client.closed
  }

  t.test('a picture holds no slot and is cut off in time', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const background = '#888'
    const large = await sharp({
      create: { width: 2200, height: 2200, channels: 3, background, noise },
    })
      .jpeg()
      .toBuffer()
    const client = unread()
    client.write(
      message('/v1/detect?format=png&max_detections=1', large, ['content-type: image/jpeg']),
    )
    await isCut(client)
  })

  t.test('lines hold no slot and are cut off in time', async () => {
    const b64 = (await sharp(image).resize(16, 16).png().toBuffer()).toString('base64')
    const body = Buffer.from(
      JSON.stringify({
        images: Array.from({ length: 32 }, () => ({ b64 })),
        max_detections: 1000,
        min_score: 0,
      }),
    )
    const headers = ['content-type: application/json', 'accept: application/x-ndjson']
    const client = unread()
    for (let i = 0; i < 3; i++) client.write(message('/v1/detect/batch', body, headers))
    await isCut(client)
  })

  t.test('others are answered meanwhile and after', async (t) => {
    t.equal((await post(`${url}/v1/detect?max_detections=1`, form([image]))).status, 200)
  })
})

t.test('an image that cannot be stopped decoding', async (t) => {
  const env = { SLOTS: '2', DECODE_TIMEOUT_MS: '300' }
  const { url } = await start(t, { env })
  const slow = manyScans(6500)
  const refused = post(`${url}/v1/detect`, new Uint8Array(slow), { 'content-type': 'image/jpeg' })
  t.match(await refused, {
    status: 422,
    body: { code: 'image_undecodable', detail: /DECODE_TIMEOUT_MS/ },
  })
  t.equal(await gauge(url, 'slots_in_use'), 1, 'the decoder still runs')
  const other = await post(`${url}/v1/detect`, form([image]))
  t.equal(other.status, 200, 'and takes no slot but its own')
  await untilGauge(url, 'slots_in_use', 0)
  await untilGauge(url, 'decoder_bytes_reserved', 0)
})

t.test('pipelined requests', async (t) => {
  let release = () => {}
  let held: Promise<void> | undefined
  const model = detector({
    predict: async () => {
      await held
      return detections([DOG])
    },
  })
  const { url } = await start(t, { models: [model] })
  const tiny = await sharp(image).resize(16, 16).png().toBuffer()
  const one = message('/v1/detect', tiny, ['content-type: image/png'])

  t.test('are answered in their order', async (t) => {
    const client = connectRaw(t, portOf(url))
    let received = ''
    client.socket.on('data', (chunk: string) => {
      received += chunk
    })
    const unknown = Buffer.from('GET /v1/nowhere HTTP/1.1\r\nhost: test\r\n\r\n')
    const last = message('/v1/detect', tiny, ['content-type: image/png', 'connection: close'])
    client.write(Buffer.concat([one, unknown, one, last]))
    await client.closed
    const statuses = [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map((it) => it[1])
    t.strictSame(statuses, ['200', '404', '200', '200'])
  })

  t.test('are no more than a connection may send ahead', async (t) => {
    held = new Promise((resolve) => {
      release = resolve
    })
    t.teardown(() => release())
    const next = 'GET /v1/nowhere HTTP/1.1\r\nhost: test\r\n\r\n'
    const polite = connectRaw(t, portOf(url))
    polite.write(Buffer.concat([one, Buffer.from(next.repeat(63))]))
    await untilGauge(url, 'requests_admitted', 1)
    const flood = connectRaw(t, portOf(url))
    flood.write(Buffer.concat([one, Buffer.from(next.repeat(64))]))
    const first = await Promise.race([flood.closed.then(() => 'closed'), polite.answer()])
    t.equal(first, 'closed', 'while the first is worked on')
    await untilGauge(url, 'requests_admitted', 1)
    release()
    t.equal((await polite.answer()).status, 200, 'up to the bound all is well')
  })

  t.test('end with their client', async (t) => {
    held = new Promise((resolve) => {
      release = resolve
    })
    t.teardown(() => release())
    const client = connectRaw(t, portOf(url))
    client.write(Buffer.concat(Array.from({ length: 5 }, () => one)))
    await untilGauge(url, 'requests_admitted', 5)
    client.socket.destroy()
    for (const name of ['requests_admitted', 'call_bytes_reserved', 'upload_bytes_reserved']) {
      await untilGauge(url, name, 0)
    }
    t.pass('nothing is held for them, though the model has not answered')
  })
})

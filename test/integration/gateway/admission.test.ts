import type { Socket } from 'node:net'
import t from 'tap'
import { connectRaw } from '../plugins/raw-client.js'
import {
  DOG,
  detections,
  detector,
  form,
  gauge,
  photo,
  post,
  ready,
  start,
  untilGauge,
} from './harness.js'

const MIB = 1024 * 1024
const image = await photo('coffee')

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** The head of an upload of bare bytes. */
function head(length: number | 'chunked', more: readonly string[] = []): string {
  const framing = length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`
  const lines = ['POST /v1/detect HTTP/1.1', 'host: test', 'content-type: image/jpeg', framing]
  return `${[...lines, ...more].join('\r\n')}\r\n\r\n`
}

function deferred() {
  let resolve!: () => void
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

t.test('bytes in flight', async (t) => {
  // 256 MiB less 128 of the process and 64 of answers: 15 % of 64 MiB for uploads, 9.6 MiB.
  const memory = { MEMORY_LIMIT_BYTES: String(256 * MIB) }
  const { url } = await start(t, { env: { ...memory, MAX_IMAGE_BYTES: String(4 * MIB) } })
  const port = portOf(url)

  t.test('are set aside before a byte of the body comes, and given back', async (t) => {
    const client = connectRaw(t, port)
    client.write(head(3 * MIB))
    await untilGauge(url, 'upload_bytes_reserved', 3 * MIB)
    client.socket.destroy()
    await untilGauge(url, 'upload_bytes_reserved', 0)
  })

  t.test('a body of unknown length counts as the largest', async (t) => {
    const client = connectRaw(t, port)
    client.write(head('chunked'))
    // The largest form with its fields, and one image that is held twice while it is put together.
    await untilGauge(url, 'upload_bytes_reserved', 8 * MIB + 64 * 10 * 1024 + 256 * 1024)
    client.socket.destroy()
    await untilGauge(url, 'upload_bytes_reserved', 0)
  })

  t.test('what finds no room is refused before its body is asked for', async (t) => {
    const holders = [1, 2, 3].map(() => connectRaw(t, port))
    for (const it of holders) it.write(head(3 * MIB))
    await untilGauge(url, 'upload_bytes_reserved', 9 * MIB)
    const late = connectRaw(t, port)
    late.write(head(MIB, ['expect: 100-continue']))
    const answer = await late.answer()
    t.equal(answer.status, 429)
    t.match(answer.head, /^retry-after: 1$/im)
    t.match(JSON.parse(answer.body), { code: 'queue_full', detail: /MEMORY_LIMIT_BYTES/ })
    const small = await post(`${url}/v1/detect`, form([image]))
    t.equal(small.status, 200, 'a small one still fits')
    for (const it of holders) it.socket.destroy()
    await untilGauge(url, 'upload_bytes_reserved', 0)
  })

  t.test('a body that no memory is large enough for is a 413', async (t) => {
    const client = connectRaw(t, port)
    client.write(head(3 * MIB, ['x: y']).replace('image/jpeg', 'application/json'))
    const answer = await client.answer()
    t.equal(answer.status, 413)
    t.match(JSON.parse(answer.body), { code: 'body_too_large', detail: /MEMORY_LIMIT_BYTES/ })
  })

  t.test('nothing stays reserved after answers of every kind', async (t) => {
    await post(`${url}/v1/detect`, form([image]))
    await post(`${url}/v1/detect`, form([Buffer.from('no image')]))
    await post(`${url}/v1/detect/batch`, form([image, Buffer.from('no image'), image]))
    await post(`${url}/v1/detect?timeout_ms=1`, form([image]))
    for (const name of ['upload', 'decoder', 'call']) {
      await untilGauge(url, `${name}_bytes_reserved`, 0)
    }
    await untilGauge(url, 'answer_bytes_unread', 0)
    t.equal(await gauge(url, 'slots_in_use'), 0)
    const load = await gauge(url, 'slots_load')
    t.ok(load > 0 && load < 1, `what was done a moment ago is load: ${load}`)
  })
})

t.test('memory of decoders and calls', async (t) => {
  const { url } = await start(t, {
    models: [detector({ name: 'all_pixels' })],
    env: {
      MEMORY_LIMIT_BYTES: String(256 * MIB),
      WIRE_MAX_SIDE_PIXELS: '0',
      DEFAULT_MODEL: 'all_pixels',
    },
  })
  const sharp = (await import('sharp')).default
  const canvas = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#357' } })

  t.test('an image that takes more than all decoders have is a 422', async (t) => {
    const avif = await canvas(1025, 1025).avif({ effort: 0 }).toBuffer()
    t.match(await post(`${url}/v1/detect`, form([avif])), {
      status: 422,
      body: { code: 'too_many_pixels', detail: /avif .* to decode; .*MEMORY_LIMIT_BYTES/ },
    })
  })

  t.test('a tensor that takes more than all calls have is a 422, alone in its batch', async (t) => {
    const large = await canvas(1200, 1000).jpeg().toBuffer()
    t.match(await post(`${url}/v1/detect`, form([large])), {
      status: 422,
      body: { code: 'too_many_pixels', detail: /to send to the model/ },
    })
    const small = await canvas(500, 400).jpeg().toBuffer()
    const { body } = await post(`${url}/v1/detect/batch`, form([small, large, small, small, small]))
    t.strictSame(
      body.results.map((it: { status: number }) => it.status),
      [200, 422, 200, 200, 200],
    )
  })
})

t.test('clients take turns', async (t) => {
  const order: string[] = []
  const first = deferred()
  const release = deferred()
  const model = detector({
    predict: async ({ inputs }) => {
      const [, height, width] = Object.values(inputs)[0]!.shape
      order.push(`${width}x${height}`)
      if (order.length === 2) first.resolve()
      await release.promise
      return detections([DOG])
    },
  })
  const env = { SLOTS: '1', UPSTREAM_IN_FLIGHT: '1', QUEUE_LENGTH: '6' }
  const { url } = await start(t, { models: [model], env })
  const warm = ready(url)
  release.resolve()
  await warm
  order.length = 0
  const held = deferred()
  release.promise = held.promise
  const sharp = (await import('sharp')).default
  const picture = (width: number) =>
    sharp({ create: { width, height: 8, channels: 3, background: '#357' } })
      .png()
      .toBuffer()
  const sent: Socket[] = []
  const send = async (width: number, localAddress: string) => {
    const bytes = await picture(width)
    const client = connectRaw(t, portOf(url), localAddress)
    sent.push(client.socket)
    client.write(Buffer.concat([Buffer.from(head(bytes.length)), bytes]))
    return client
  }
  const flood = []
  for (let i = 0; i < 8; i++) {
    flood.push(await send(10 + i, '127.0.0.1'))
    await untilGauge(url, 'requests_admitted', i + 1)
  }
  const other = await send(99, '127.0.0.2')
  // The queue was full of the flood, whose newest request makes room.
  const evicted = await flood[7]!.answer()
  t.equal(evicted.status, 429)
  t.match(JSON.parse(evicted.body), { code: 'queue_full' })
  held.resolve()
  t.equal((await other.answer()).status, 200)
  await Promise.all(flood.map((it) => it.answer()))
  t.ok(order.indexOf('99x8') <= 3, `the other's turn came early: ${order}`)
  await untilGauge(url, 'requests_admitted', 0)
})

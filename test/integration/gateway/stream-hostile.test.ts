import { once } from 'node:events'
import t, { type Test } from 'tap'
import { connectRaw, type RawClient } from '../plugins/raw-client.js'
import { DOG, detections, detector, gauge, photo, start, untilGauge } from './harness.js'
import { openRaw, openStream, piece, upgradeRequest } from './stream-client.js'

const image = await photo('chelsea')

const TEXT = 1
const BINARY = 2
const CONTINUATION = 0
const PING = 9

const MAX_IMAGE_BYTES = 200_000
const MAX_FIELD_BYTES = 300

/** Reads what the server sends until it closes: the texts of its messages and the code of its closing frame. */
async function untilClosed({ socket, closed }: RawClient) {
  const chunks: Buffer[] = []
  socket.removeAllListeners('data')
  socket.on('data', (chunk: string | Buffer) => chunks.push(Buffer.from(chunk as string, 'latin1')))
  await closed
  const bytes = Buffer.concat(chunks)
  const texts: string[] = []
  let at = 0
  while (at < bytes.length) {
    const short = bytes[at + 1]!
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short
    const start = at + (short === 126 ? 4 : 2)
    const payload = bytes.subarray(start, start + length)
    const opcode = bytes[at]! & 0x0f
    if (opcode === 8) {
      return { texts, code: length < 2 ? undefined : payload.readUInt16BE(0) }
    }
    texts.push(payload.toString())
    at = start + length
  }
  return { texts, code: undefined }
}

/** Tells that a gateway holds nothing more for streams, and still answers. */
async function isUnharmed(t: Test, url: string): Promise<void> {
  for (const held of ['streams_open', 'upload_bytes_reserved', 'answer_bytes_unread']) {
    await untilGauge(url, held, 0)
  }
  const { socket, next } = await openStream(t, url)
  socket.send(image)
  t.match(await next(), { frame: 0, detections: [{ label: 'dog' }, {}] })
  socket.terminate()
  await untilGauge(url, 'streams_open', 0)
}

t.test('hostile streams', async (t) => {
  const { url } = await start(t, {
    env: {
      MAX_IMAGE_BYTES: String(MAX_IMAGE_BYTES),
      MAX_FIELD_BYTES: String(MAX_FIELD_BYTES),
      BODY_TIMEOUT_MS: '400',
      MAX_STREAMS: '1000',
    },
  })

  const half = Buffer.alloc(MAX_IMAGE_BYTES / 2 + 1)
  const fail: [name: string, sent: Buffer[], code: number, told?: string][] = [
    ['a frame that is not masked', [piece(BINARY, image, { masked: false })], 1002],
    ['text that is no UTF-8', [piece(TEXT, Buffer.from([0xc3, 0x28]))], 1007],
    ['a reserved kind of frame', [piece(3)], 1002],
    ['a compressed frame', [Buffer.concat([Buffer.from([0xc2]), piece(BINARY).subarray(1)])], 1002],
    ['a control frame in pieces', [piece(PING, Buffer.alloc(1), { final: false })], 1002],
    ['a control frame that is too long', [piece(PING, Buffer.alloc(126))], 1002],
    ['a continuation of nothing', [piece(CONTINUATION, Buffer.alloc(1))], 1002],
    ['a message within another', [piece(BINARY, half, { final: false }), piece(BINARY)], 1002],
    [
      'a picture that is too large, by its head alone',
      [piece(BINARY, Buffer.alloc(0), { length: MAX_IMAGE_BYTES + 1 })],
      1009,
      'image_too_large',
    ],
    [
      'a picture of 2^62 bytes',
      [piece(BINARY, Buffer.alloc(0), { length: 2 ** 62 })],
      1009,
      'image_too_large',
    ],
    [
      'a picture that is too large in pieces',
      [piece(BINARY, half, { final: false }), piece(CONTINUATION, half)],
      1009,
      'image_too_large',
    ],
    ['parameters that are too long', [piece(TEXT, Buffer.alloc(301, ' '))], 1009, 'body_too_large'],
    [
      'pieces without end',
      [
        piece(BINARY, Buffer.alloc(1), { final: false }),
        ...Array.from({ length: 5000 }, () =>
          piece(CONTINUATION, Buffer.alloc(1), { final: false }),
        ),
      ],
      1008,
    ],
    [
      'a picture that never ends',
      [piece(BINARY, Buffer.alloc(10), { length: 1000 })],
      1008,
      'request_timeout',
    ],
  ]
  for (const [name, sent, code, told] of fail) {
    t.test(`${name} closes the stream`, async (t) => {
      const client = await openRaw(t, url)
      for (const bytes of sent) client.write(bytes)
      const end = await untilClosed(client)
      t.equal(end.code, code)
      if (told !== undefined) {
        t.match(JSON.parse(end.texts.at(-1)!), { frame: null, error: { code: told } })
      }
    })
  }

  t.test('frames that came before are answered', async (t) => {
    const { socket, next, closed } = await openStream(t, url)
    socket.send(image)
    t.match(await next(), { frame: 0 })
    socket.send(Buffer.alloc(MAX_IMAGE_BYTES + 1))
    t.match(await next(), { frame: null, error: { code: 'image_too_large', status: 413 } })
    t.equal((await closed).code, 1009)
  })

  t.test('a picture in many small pieces, with pings between them, is a picture', async (t) => {
    const client = await openRaw(t, url)
    const size = 61
    const count = Math.ceil(image.length / size)
    const pieces = Array.from({ length: count }, (_, i) => {
      const part = image.subarray(i * size, (i + 1) * size)
      const sent = piece(i === 0 ? BINARY : CONTINUATION, part, { final: i === count - 1 })
      return i % 7 === 3 ? Buffer.concat([sent, piece(PING, Buffer.from('?'))]) : sent
    })
    t.ok(count > 300)
    let received = ''
    client.socket.on('data', (chunk: string) => {
      received += chunk
    })
    client.write(Buffer.concat(pieces))
    while (!received.includes('"timings_ms"')) await once(client.socket, 'data')
    t.match(received, '"frame":0')
    t.match(received, '\x8a\x01?', 'and the pings are answered')
  })

  t.test('ten thousand empty frames in one write are two', async (t) => {
    const client = await openRaw(t, url)
    let received = ''
    client.socket.on('data', (chunk: string) => {
      received += chunk
    })
    client.write(Buffer.concat(Array.from({ length: 10_000 }, () => piece(BINARY))))
    while (!received.includes('"frame":9999')) await once(client.socket, 'data')
    t.ok(received.split('missing_image').length < 100)
  })

  t.test('two hundred at once', async (t) => {
    const streams = await Promise.all(Array.from({ length: 200 }, () => openStream(t, url)))
    t.equal(await gauge(url, 'streams_open'), 200)
    for (const { socket } of streams.slice(0, 20)) socket.send(image)
    for (const { next } of streams.slice(0, 20)) t.match(await next(), { frame: 0 })
    for (const { socket } of streams) socket.terminate()
  })

  t.test('and nothing is left of any of them', (t) => isUnharmed(t, url))
})

t.test('a client that does not read', async (t) => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...DOG, score: 0.9 - i / 10_000 }))
  let calls = 0
  const model = detector({
    predict: () => {
      calls += 1
      return detections(many)
    },
  })
  const { url } = await start(t, {
    models: [model],
    env: { ANSWER_TIMEOUT_MS: '1000', DEFAULT_MODEL: 'ssdlite_mobilenet_v2_coco' },
  })

  t.test('is not worked for, holds up nobody, and is cut off', async (t) => {
    const client = await openRaw(t, url, '?max_detections=1000')
    client.socket.pause()
    const frame = piece(BINARY, image)
    let sending = true
    client.socket.once('close', () => {
      sending = false
    })
    const feed = () => {
      while (sending && client.socket.write(frame)) {}
    }
    client.socket.on('drain', feed)
    feed()
    while ((await gauge(url, 'answer_bytes_unread')) === 0) {}
    const other = await openStream(t, url, '?max_detections=1')
    other.socket.send(image)
    t.match(await other.next(), { frame: 0 })
    await untilGauge(url, 'streams_open', 1)
    t.ok(calls < 100, 'what cannot be read is not worked out')
    client.socket.resume()
    await client.closed
    await untilGauge(url, 'answer_bytes_unread', 0)
    await untilGauge(url, 'upload_bytes_reserved', 0)
  })

  t.test('nor answered pings without bound', async (t) => {
    const client = await openRaw(t, url)
    client.socket.pause()
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => piece(PING, Buffer.alloc(125))))
    let sent = 0
    const feed = () => {
      while (!client.socket.destroyed) {
        sent += pings.length
        if (!client.socket.write(pings)) return
      }
    }
    client.socket.on('drain', feed)
    feed()
    await untilGauge(url, 'streams_open', 0)
    t.ok(sent > 0)
  })
})

t.test('a client that has vanished', async (t) => {
  const { url } = await start(t, { env: { KEEP_ALIVE_TIMEOUT_MS: '300' } })
  const silent = await openRaw(t, url)
  const alive = await openStream(t, url)
  let pings = 0
  await new Promise<void>((resolve) => {
    alive.socket.on('ping', () => {
      pings += 1
      if (pings === 8) resolve()
    })
  })
  await silent.closed
  t.equal(await gauge(url, 'streams_open'), 1, 'who answers pings stays')
})

t.test('frames are held within the memory for uploads', async (t) => {
  const MEBIBYTE = 1024 * 1024
  // Uploads have 17 % of what the process and the model server's answers leave of it: some 11 MiB.
  const env = { DEFAULT_MODEL: 'none', MEMORY_LIMIT_BYTES: String(256 * MEBIBYTE) }
  const { url } = await start(t, { env })
  /** Opens a stream and sends the head of a picture, which is counted twice while it arrives. */
  const announce = async (mebibytes: number, address = '127.0.0.1') => {
    const client = connectRaw(t, Number(new URL(url).port), address)
    client.write(upgradeRequest())
    await client.answer()
    const held = await gauge(url, 'upload_bytes_reserved')
    const end = untilClosed(client)
    client.write(piece(BINARY, Buffer.alloc(10), { length: mebibytes * MEBIBYTE }))
    while ((await gauge(url, 'upload_bytes_reserved')) === held) {}
    return { client, end, held }
  }
  const first = await announce(1.5)
  await announce(1.5)
  const third = await announce(1.5)
  t.equal(await gauge(url, 'upload_bytes_reserved'), 9 * MEBIBYTE)
  const other = await announce(1, '127.0.0.3')
  const end = await third.end
  t.equal(end.code, 1013, 'who has most of it loses its newest')
  const problem = { code: 'queue_full', detail: /MEMORY_LIMIT_BYTES/ }
  t.match(JSON.parse(end.texts[0]!), { frame: null, error: problem, retry_after: 1 })
  t.equal(await gauge(url, 'upload_bytes_reserved'), 8 * MEBIBYTE)
  for (const { client } of [first, other]) client.socket.destroy()
  await untilGauge(url, 'upload_bytes_reserved', 3 * MEBIBYTE)
})

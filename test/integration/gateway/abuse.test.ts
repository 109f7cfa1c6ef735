import sharp from 'sharp'
import t, { type Test } from 'tap'
import { connectRaw, type RawClient } from '../plugins/raw-client.js'
import { gauge, start, untilGauge } from './harness.js'

/** Sets that each part of a form has in common. */
const BOUNDARY = 'limit'
const FORM = `content-type: multipart/form-data; boundary=${BOUNDARY}`

const tiny = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#357' } })
  .png()
  .toBuffer()

const { url } = await start(t, {
  env: { HEADERS_TIMEOUT_MS: '300', BODY_TIMEOUT_MS: '600', MAX_IMAGE_BYTES: '100000' },
})
const port = Number(new URL(url).port)

function head(...lines: readonly string[]): string {
  return ['POST /v1/detect HTTP/1.1', 'host: test', ...lines].join('\r\n').concat('\r\n\r\n')
}

function filePart(bytes: Buffer, name = 'image'): Buffer {
  const disposition = `content-disposition: form-data; name="${name}"; filename="a.png"`
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ])
}

function textPart(name: string, value: string): Buffer {
  const disposition = `content-disposition: form-data; name="${name}"`
  return Buffer.from(`--${BOUNDARY}\r\n${disposition}\r\n\r\n${value}\r\n`)
}

const END = Buffer.from(`--${BOUNDARY}--\r\n`)

function chunk(bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes)
  return Buffer.concat([
    Buffer.from(`${content.length.toString(16)}\r\n`),
    content,
    Buffer.from('\r\n'),
  ])
}

/** Nothing is held any more, and a good request is answered. */
async function isWell(t: Test): Promise<void> {
  for (const name of ['requests_admitted', 'slots_in_use', 'upload_bytes_reserved']) {
    await untilGauge(url, name, 0)
  }
  const answer = await fetch(`${url}/v1/detect`, { method: 'POST', body: new Uint8Array(tiny) })
  await answer.arrayBuffer()
  t.equal(answer.status, 200, 'a good request is answered')
}

async function isAnswered(
  t: Test,
  client: RawClient,
  status: number | RegExp,
  code: string | RegExp,
): Promise<void> {
  const answer = await client.answer()
  t.match(`${answer.status}`, status instanceof RegExp ? status : `${status}`)
  t.match(JSON.parse(answer.body), { code })
  t.ok(answer.body.length < 2000, 'an answer does not repeat what is huge')
}

t.test('forms', async (t) => {
  const whole = (...parts: readonly Buffer[]) => {
    const body = Buffer.concat(parts)
    return { body, length: body.length }
  }
  const image = filePart(tiny)
  interface Case {
    readonly name: string
    readonly type?: string
    readonly body: Buffer
    readonly length: number
    readonly status: number | RegExp
    readonly code: string | RegExp
  }
  const cases: readonly Case[] = [
    {
      name: 'no boundary in the type',
      type: 'content-type: multipart/form-data',
      ...whole(image, END),
      status: 400,
      code: 'malformed_request',
    },
    {
      name: 'no boundary in the body',
      ...whole(Buffer.from('no form at all\r\n'.repeat(100))),
      status: 400,
      code: 'malformed_request',
    },
    {
      name: 'an end that never comes',
      ...whole(image),
      status: 400,
      code: 'malformed_request',
    },
    {
      name: 'a name of the image that comes twice',
      ...whole(image, image, END),
      status: 400,
      code: 'too_many_images',
    },
    {
      name: 'a field that comes twice differently',
      ...whole(textPart('min_score', '0.1'), textPart('min_score', '0.2'), image, END),
      status: 400,
      code: 'parameter_conflict',
    },
    {
      name: 'a huge field',
      ...whole(textPart('labels', 'x'.repeat(50_000)), image, END),
      status: 413,
      code: 'body_too_large',
    },
    {
      name: 'a huge name of a field',
      ...whole(textPart('x'.repeat(50_000), '1'), image, END),
      status: 400,
      code: 'invalid_parameter',
    },
    {
      name: 'a hundred fields',
      ...whole(...Array.from({ length: 100 }, (_, i) => textPart(`f${i}`, '1')), image, END),
      status: 413,
      code: 'body_too_large',
    },
    {
      name: 'an announced length that is too short',
      body: Buffer.concat([image, END]),
      // The rest is then the next request, which is no HTTP.
      length: image.length - 10,
      status: /400|405/,
      code: /malformed_request|method_not_allowed/,
    },
    {
      name: 'an announced length that never comes',
      body: Buffer.concat([image, END]),
      length: image.length + END.length + 1000,
      status: 408,
      code: 'request_timeout',
    },
    {
      name: 'an announced length far beyond the limit',
      body: image,
      length: 10 ** 12,
      status: 413,
      code: 'image_too_large',
    },
  ]
  for (const { name, type = FORM, body, length, status, code } of cases) {
    t.test(name, async (t) => {
      const client = connectRaw(t, port)
      client.write(Buffer.concat([Buffer.from(head(type, `content-length: ${length}`)), body]))
      await isAnswered(t, client, status, code)
    })
  }
  await isWell(t)
})

t.test('parts without end', async (t) => {
  const fields = Buffer.concat(Array.from({ length: 20 }, () => textPart('labels', 'dog')))
  const cases = [
    { name: 'of fields', part: fields, code: 'body_too_large' },
    { name: 'of images', part: filePart(tiny), code: 'too_many_images' },
    { name: 'of an image', part: Buffer.alloc(10_000, 'A'), code: 'image_too_large' },
    { name: 'of headers', part: Buffer.from('x: y\r\n'.repeat(9000)), code: 'image_too_large' },
    { name: 'of nothing', part: Buffer.alloc(50_000, 'A'), code: 'image_too_large' },
  ]
  for (const { name, part, code } of cases) {
    t.test(name, async (t) => {
      const client = connectRaw(t, port)
      client.write(head(FORM, 'transfer-encoding: chunked'))
      if (name === 'of an image') client.write(chunk(filePart(Buffer.alloc(0)).subarray(0, -2)))
      if (name === 'of headers') client.write(chunk(`--${BOUNDARY}\r\n`))
      const sending = setInterval(() => client.write(chunk(part)), 1)
      t.teardown(() => clearInterval(sending))
      const answer = await client.answer()
      t.match(JSON.parse(answer.body), { code, status: answer.status })
    })
  }
  await isWell(t)
})

t.test('a body that is cut off', async (t) => {
  const body = Buffer.concat([filePart(tiny), END])
  for (const kept of [0, 10, body.length - 10]) {
    const client = connectRaw(t, port)
    client.write(head(FORM, `content-length: ${body.length}`))
    client.write(body.subarray(0, kept))
    await untilGauge(url, 'upload_bytes_reserved', body.length)
    client.socket.end()
    await client.closed
  }
  await isWell(t)
})

t.test('a client that sends a byte now and then', async (t) => {
  const drip = (client: RawClient, text: string) => {
    let at = 0
    const sending = setInterval(() => client.write(text[at++ % text.length] ?? ''), 20)
    t.teardown(() => clearInterval(sending))
  }

  t.test('of its headers is a request_timeout', async (t) => {
    const client = connectRaw(t, port)
    client.write('GET /livez HTTP/1.1\r\nhost: test\r\n')
    drip(client, 'x: y\r\n')
    await isAnswered(t, client, 408, 'request_timeout')
    await client.closed
  })

  t.test('of its body is a request_timeout, and holds no slot', async (t) => {
    const slow = connectRaw(t, port)
    slow.write(head('content-type: image/jpeg', 'content-length: 50000'))
    drip(slow, 'A')
    await untilGauge(url, 'upload_bytes_reserved', 50_000)
    t.equal(await gauge(url, 'requests_admitted'), 0)
    await isAnswered(t, slow, 408, 'request_timeout')
    await isWell(t)
  })
})

t.test('a request that names no host, or several', async (t) => {
  // RFC 9112, 3.2: proxies might take it for another host's.
  const cases = {
    'without one': [],
    'with two': ['host: a', 'host: b'],
    'with the same twice': ['host: a', 'Host: a'],
  }
  for (const [name, hosts] of Object.entries(cases)) {
    t.test(name, async (t) => {
      const client = connectRaw(t, port)
      client.write(`${['GET /livez HTTP/1.1', ...hosts].join('\r\n')}\r\n\r\n`)
      await isAnswered(t, client, 400, 'malformed_request')
      t.match((await client.answer()).head, /^x-request-id: \S+$/im)
    })
  }
  t.test('of HTTP/1.0 needs none', async (t) => {
    const client = connectRaw(t, port)
    client.write('GET /livez HTTP/1.0\r\n\r\n')
    t.equal((await client.answer()).status, 200)
  })
})

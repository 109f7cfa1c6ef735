import { once } from 'node:events'
import t from 'tap'
import { buildEcho, listen } from './echo-app.js'
import { connectRaw } from './raw-client.js'

const head = (type: string, ...more: string[]) =>
  ['POST /v1/detect HTTP/1.1', 'host: test', `content-type: ${type}`, ...more].join('\r\n') +
  '\r\n\r\n'

const PART = '--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n'

t.test('a body that is announced too large', async (t) => {
  t.test('is refused before it has been sent, and the connection closes', async (t) => {
    const port = await listen(await buildEcho(t, { lingerMs: 50 }))
    const client = connectRaw(t, port)
    client.write(head('image/jpeg', 'content-length: 100000000'))
    const { status, head: answered, body } = await client.answer()
    t.equal(status, 413)
    t.match(answered, /connection: close/i)
    t.match(JSON.parse(body), { code: 'image_too_large' })
    await client.closed
  })

  t.test('costs no upload when the client waits for 100 Continue', async (t) => {
    const client = connectRaw(t, await listen(await buildEcho(t)))
    client.write(head('image/jpeg', 'content-length: 100000000', 'expect: 100-continue'))
    t.equal((await client.answer()).status, 413)
  })
})

t.test('a body of the right size is asked for with 100 Continue', async (t) => {
  const client = connectRaw(t, await listen(await buildEcho(t)))
  client.write(head('image/jpeg', 'content-length: 4', 'expect: 100-continue', 'connection: close'))
  t.equal((await client.answer()).status, 100)
  const rest = once(client.socket, 'data')
  client.write('abcd')
  t.match(String((await rest)[0]), /^HTTP\/1\.1 200 OK/)
})

t.test('a body that grows too large is refused while the client still sends', async (t) => {
  const port = await listen(await buildEcho(t, { lingerMs: 5_000 }))
  const bodies = [
    { name: 'bare bytes', type: 'image/jpeg', start: '' },
    { name: 'a form', type: 'multipart/form-data; boundary=x', start: PART },
    { name: 'JSON', type: 'application/json', start: '{"image": {"b64": "' },
  ]
  for (const { name, type, start } of bodies) {
    t.test(name, async (t) => {
      const client = connectRaw(t, port)
      client.write(head(type, 'transfer-encoding: chunked'))
      const send = (bytes: string) =>
        client.write(`${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`)
      if (start !== '') send(start)
      for (let sent = 0; sent < 300_000; sent += 10_000) send('A'.repeat(10_000))
      const { status, head: answered } = await client.answer()
      t.equal(status, 413)
      t.match(answered, /connection: close/i)
      for (let sent = 0; sent < 1_000_000; sent += 10_000) send('A'.repeat(10_000))
      client.write('0\r\n\r\n')
      await client.closed
    })
  }
})

t.test('a body that does not arrive in time is a request_timeout', async (t) => {
  const port = await listen(await buildEcho(t, { limits: { bodyTimeoutMs: 50 }, lingerMs: 50 }))
  const bodies = [
    { name: 'bare bytes', type: 'image/jpeg', start: 'abc' },
    { name: 'a form in its image', type: 'multipart/form-data; boundary=x', start: PART },
    { name: 'a form before its first part', type: 'multipart/form-data; boundary=x', start: '-' },
    { name: 'JSON', type: 'application/json', start: '{' },
    { name: 'nothing of it', type: 'image/jpeg', start: '' },
  ]
  for (const { name, type, start } of bodies) {
    t.test(name, async (t) => {
      const client = connectRaw(t, port)
      client.write(head(type, 'content-length: 1000') + start)
      const { status, body } = await client.answer()
      t.equal(status, 408)
      t.match(JSON.parse(body), { code: 'request_timeout', detail: /BODY_TIMEOUT_MS/ })
      await client.closed
    })
  }
})

t.test('a client that leaves in the middle of its body does no harm', async (t) => {
  const app = await buildEcho(t)
  const port = await listen(app)
  for (const type of ['image/jpeg', 'multipart/form-data; boundary=x', 'application/json']) {
    const received = once(app.server, 'request')
    const client = connectRaw(t, port)
    client.write(head(type, 'content-length: 1000') + PART)
    const [request] = await received
    const closed = new Promise((resolve) => request.once('close', resolve))
    client.socket.destroy()
    await closed
  }
  const response = await fetch(`http://127.0.0.1:${port}/livez`, {
    headers: { connection: 'close' },
  })
  t.match(await response.json(), { code: 'route_not_found' })
})

t.test('a refusal that nobody reads the body of is answered at any route', async (t) => {
  const client = connectRaw(t, await listen(await buildEcho(t, { lingerMs: 50 })))
  client.write('POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-length: 1000000\r\n\r\n')
  const { status, head: answered } = await client.answer()
  t.equal(status, 404)
  t.match(answered, /connection: close/i)
  await client.closed
})

t.test('a connection is kept when the whole body has been read', async (t) => {
  const client = connectRaw(t, await listen(await buildEcho(t)))
  client.write(`${head('image/jpeg', 'content-length: 4')}abcd`)
  const { status, head: answered } = await client.answer()
  t.equal(status, 200)
  t.match(answered, /connection: keep-alive/i)
})

t.test('an expectation that nobody knows is ignored', async (t) => {
  const client = connectRaw(t, await listen(await buildEcho(t)))
  client.write(head('image/jpeg', 'content-length: 4', 'expect: wonders', 'connection: close'))
  client.write('abcd')
  t.equal((await client.answer()).status, 200)
})

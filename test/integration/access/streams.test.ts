import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { photo, start, untilGauge } from '../gateway/harness.js'
import { askForStream, openStream, refusalOf } from '../gateway/stream-client.js'
import { lineOf } from './clients.js'

const image = await photo('chelsea')
const SUBPROTOCOL = 'detection-gateway.v1'
const KEY = 'right+key/of=somebody'

/** The subprotocols by which a page sends a key. */
function withKey(key: string): { protocols: string[] } {
  return { protocols: [SUBPROTOCOL, `key.${Buffer.from(key).toString('base64url')}`] }
}

t.test('a stream needs a key where a request does', async (t) => {
  const { url } = await start(t, { env: { API_KEYS: lineOf('somebody', KEY) } })
  const refused = [
    { name: 'no key', options: {} },
    { name: 'the protocol only', options: { protocols: [SUBPROTOCOL] } },
    { name: 'a wrong key', options: withKey('wrong') },
    { name: 'an empty key', options: { protocols: [SUBPROTOCOL, 'key.'] } },
    { name: 'a key that is not in base64url', options: { protocols: [SUBPROTOCOL, `key.${'~'}`] } },
    { name: 'a wrong key by header', options: { headers: { 'x-api-key': 'wrong' } } },
  ]
  for (const { name, options } of refused) {
    const refusal = await refusalOf(askForStream(t, url, '', options))
    t.match(refusal, { status: 401, body: { code: 'unauthenticated' } }, name)
    t.match(refusal.headers['www-authenticate'], /^Bearer/)
  }
  const allowed = [
    withKey(KEY),
    { headers: { 'x-api-key': KEY } },
    { headers: { authorization: `Bearer ${KEY}` }, protocols: [SUBPROTOCOL] },
  ]
  for (const options of allowed) {
    const { socket, next } = await openStream(t, url, '', options)
    t.equal(socket.protocol, 'protocols' in options ? SUBPROTOCOL : '', 'never the key')
    socket.send(image)
    t.match(await next(), { frame: 0 })
  }
  const elsewhere = await fetch(`${url}/v1/models`, {
    headers: { 'sec-websocket-protocol': withKey(KEY).protocols.join(', ') },
  })
  t.equal(elsewhere.status, 401, 'no other route takes it from there')
})

t.test('a stream ends when its key does', async (t) => {
  // Beside the models, where it is written before the gateway starts.
  const file = join(t.testdirName, 'keys')
  const keys = `${lineOf('gone', 'gone-key')}\n${lineOf('kept', 'kept-key')}\n`
  const { url } = await start(t, { env: { API_KEYS_FILE: file }, repository: { keys } })
  const [gone, kept] = await Promise.all(
    ['gone-key', 'kept-key'].map((key) => openStream(t, url, '', withKey(key))),
  )
  for (const { socket, next } of [gone!, kept!]) {
    socket.send(image)
    t.match(await next(), { frame: 0 })
  }
  await writeFile(file, `${lineOf('gone', 'another-key')}\n${lineOf('kept', 'kept-key')}\n`)
  const answers = async () => {
    gone!.socket.send(image)
    return gone!.next()
  }
  let last = await answers()
  while (last.error === undefined) last = await answers()
  t.match(last, { frame: null, error: { code: 'unauthenticated', status: 401 } })
  t.strictSame(await gone!.closed, { code: 1008, reason: 'unauthenticated' })
  kept!.socket.send(image)
  t.match(await kept!.next(), { frame: 1 })
})

t.test('pages of other origins open no stream', async (t) => {
  const { url } = await start(t, {
    env: { CORS_ORIGINS: 'https://app.example.com', TRUSTED_PROXIES: '127.0.0.2' },
  })
  const { host, port } = new URL(url)
  const opens = async (headers: Record<string, string>, localAddress = '127.0.0.1') => {
    const { socket } = await openStream(t, url, '', { headers, localAddress })
    socket.terminate()
  }
  const isRefused = async (headers: Record<string, string>, localAddress = '127.0.0.1') => {
    const refusal = await refusalOf(askForStream(t, url, '', { headers, localAddress }))
    t.match(refusal, { status: 403, body: { code: 'forbidden', detail: /CORS_ORIGINS/ } })
  }
  await opens({ origin: `http://${host}` })
  await opens({ origin: `https://${host}` })
  await opens({ origin: 'https://app.example.com' })
  await opens({ origin: 'https://shop.example.com', host: 'shop.example.com' })
  await opens({ origin: 'https://shop.example.com', host: 'shop.example.com:443' })
  await isRefused({ origin: 'https://evil.example.com' })
  await isRefused({ origin: 'http://app.example.com' })
  await isRefused({ origin: `http://127.0.0.1:${Number(port) + 1}` })
  await isRefused({ origin: 'null' })
  await isRefused({ origin: 'nonsense' })
  await isRefused({ origin: `file://${host}` })

  const proxied = { origin: 'https://shop.example.com', 'x-forwarded-host': 'shop.example.com' }
  await opens(proxied, '127.0.0.2')
  await isRefused(proxied, '127.0.0.3')
  const overTls = { ...proxied, 'x-forwarded-proto': 'https' }
  await isRefused({ ...overTls, origin: 'http://shop.example.com' }, '127.0.0.2')
  await untilGauge(url, 'streams_open', 0)

  const open = await start(t, { env: { CORS_ORIGINS: '*' } })
  await openStream(t, open.url, '', { headers: { origin: 'https://evil.example.com' } })
})

t.test('the opening and each frame that is worked on count as a request', async (t) => {
  const { url } = await start(t, {
    env: { RATE_LIMIT_ADDRESS_REQUESTS: '4', RATE_LIMIT_WINDOW_MS: '60000' },
  })
  const localAddress = '127.0.0.2'
  const { socket, next } = await openStream(t, url, '', { localAddress })
  for (const frame of [0, 1, 2]) {
    socket.send(image)
    t.match(await next(), { frame, detections: [{}, {}] })
  }
  socket.send(image)
  const refused = await next()
  t.match(refused, { frame: 3, error: { code: 'rate_limited', status: 429 } })
  t.ok(refused.retry_after! > 50)
  const other = await refusalOf(askForStream(t, url, '', { localAddress }))
  t.match(other, { status: 429, body: { code: 'rate_limited' } })
  t.equal(other.headers['ratelimit-remaining'], '0')
  t.equal(socket.readyState, socket.OPEN)
})

t.test('a stream over TLS', async (t) => {
  const file = (name: string) => fileURLToPath(new URL(`../serving/tls/${name}`, import.meta.url))
  const { url, gateway } = await start(t, {
    env: { TLS_CERT_FILE: file('server.pem'), TLS_KEY_FILE: file('server.key') },
  })
  const options = { ca: readFileSync(file('ca.pem')) }
  const { socket, next, closed } = await openStream(t, url, '', {
    ...options,
    headers: { origin: url },
  })
  socket.send(image)
  t.match(await next(), { frame: 0, detections: [{}, {}] })
  const plain = url.replace('https', 'http')
  const refusal = await refusalOf(
    askForStream(t, url, '', { ...options, headers: { origin: plain } }),
  )
  t.equal(refusal.status, 403)
  await gateway.close()
  t.equal((await closed).code, 1001)
})

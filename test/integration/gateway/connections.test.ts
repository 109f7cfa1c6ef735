import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { connectRaw, type RawClient } from '../plugins/raw-client.js'
import { gauge, type Running, start, startOn, untilGauge } from './harness.js'

const MOST = 3

const tiny = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#357' } })
  .png()
  .toBuffer()

const HEAD = `POST /v1/detect HTTP/1.1\r\nhost: test\r\ncontent-length: ${tiny.length}\r\n\r\n`
const PROBE = 'GET /livez HTTP/1.1\r\nhost: test\r\n\r\n'

// Asked on a port of their own, the metrics take no connection from the tests.
const { gateway } = await start(t, {
  env: { MAX_CONNECTIONS: `${MOST}`, OPERATIONS_PORT: '0', OPERATIONS_HOST: '127.0.0.1' },
})
const operations = gateway.operationsUrl!
const port = portOf(gateway.url)

function portOf(url: string): number {
  return Number(new URL(url).port)
}

function closed(which: string): Promise<number> {
  return gauge(operations, `connections_closed_total{outcome="${which}"}`)
}

/** Connects, and waits until the gateway has so many connections. */
async function join(t: Test, open: number, address?: string): Promise<RawClient> {
  const client = connectRaw(t, port, address)
  await untilGauge(operations, 'connections_open', open)
  return client
}

/** Sends a request but its body, and waits until the gateway has so many of them. */
async function keepBusy(client: RawClient, requests: number): Promise<void> {
  client.write(HEAD)
  await untilGauge(operations, 'upload_bytes_reserved', requests * tiny.length)
}

t.beforeEach(() => untilGauge(operations, 'connections_open', 0))

t.test('a newcomer takes the place of what is idle longest, and of no request', async (t) => {
  const before = await closed('idle')
  const busy = await join(t, 1)
  await keepBusy(busy, 1)
  const idle = await join(t, 2)
  const slow = await join(t, 3)
  slow.write('GET /livez HTTP/1.1\r\nx-slow:')

  const first = connectRaw(t, port)
  await idle.closed
  first.write(PROBE)
  t.equal((await first.answer()).status, 200)

  const second = connectRaw(t, port)
  await slow.closed
  t.pass('headers on their way are no request')
  second.write(PROBE)
  t.equal((await second.answer()).status, 200)

  busy.write(tiny)
  t.equal((await busy.answer()).status, 200)
  t.equal(await gauge(operations, 'connections_open'), MOST)
  t.equal((await closed('idle')) - before, 2)
})

t.test('whose request is over is idle from then on', async (t) => {
  const used = await join(t, 1)
  const unused = await join(t, 2)
  const other = await join(t, 3)
  used.write(PROBE)
  t.equal((await used.answer()).status, 200)
  connectRaw(t, port)
  await unused.closed
  connectRaw(t, port)
  await other.closed
  connectRaw(t, port)
  await used.closed
})

t.test('where none is idle, who has most gives way to who has less', async (t) => {
  const [newest, refused] = [await closed('newest'), await closed('refused')]
  const clients: RawClient[] = []
  for (let n = 1; n <= MOST; n++) {
    const client = await join(t, n)
    await keepBusy(client, n)
    clients.push(client)
  }
  const [first, second, third] = clients as [RawClient, RawClient, RawClient]

  await connectRaw(t, port).closed
  t.equal((await closed('refused')) - refused, 1, 'who has all of them gets no more')

  const other = connectRaw(t, port, '127.0.0.2')
  await third.closed
  await untilGauge(operations, 'upload_bytes_reserved', 2 * tiny.length)
  other.write(PROBE)
  t.equal((await other.answer()).status, 200, 'who has none gets one')
  t.equal((await closed('newest')) - newest, 1)

  for (const client of [first, second]) {
    client.write(tiny)
    t.equal((await client.answer()).status, 200)
  }
})

t.test('a stream is not idle', async (t) => {
  const stream = await join(t, 1)
  const handshake = [
    'GET /v1/detect/stream HTTP/1.1',
    'host: test',
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  stream.write(`${handshake.join('\r\n')}\r\n\r\n`)
  t.equal((await stream.answer()).status, 101)
  const idle = await join(t, 2)
  await join(t, 3)
  const newcomer = connectRaw(t, port)
  await idle.closed
  newcomer.write(PROBE)
  t.equal((await newcomer.answer()).status, 200)
  t.equal(await gauge(operations, 'streams_open'), 1)
})

t.test('over TLS', async (t) => {
  const pem = (name: string) => fileURLToPath(new URL(`../serving/tls/${name}`, import.meta.url))
  const { gateway }: Omit<Running, 'server'> = await startOn(t, {
    TF_SERVING_TARGET: '127.0.0.1:1',
    DEFAULT_MODEL: 'none',
    MAX_CONNECTIONS: '2',
    OPERATIONS_PORT: '0',
    OPERATIONS_HOST: '127.0.0.1',
    TLS_CERT_FILE: pem('server.pem'),
    TLS_KEY_FILE: pem('server.key'),
  })
  const operations = gateway.operationsUrl!
  const port = portOf(gateway.url)
  const connect = async () => {
    const socket = connectTls({ port, host: '127.0.0.1', ca: readFileSync(pem('ca.pem')) })
    t.teardown(() => socket.destroy())
    socket.on('error', () => {})
    await once(socket, 'secureConnect')
    return socket
  }
  const first = await connect()
  const shaking = connectRaw(t, port)
  await untilGauge(operations, 'connections_open', 2)

  const firstClosed = once(first, 'close')
  const second = await connect()
  await firstClosed
  t.pass('one that has shaken hands is closed')
  second.write(PROBE)
  t.match(`${await once(second, 'data')}`, /^HTTP\/1.1 200 /)

  const third = await connect()
  await shaking.closed
  third.write(PROBE)
  t.match(`${await once(third, 'data')}`, /^HTTP\/1.1 200 /, 'one that has not, too')
})

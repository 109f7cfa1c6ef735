import { readFileSync } from 'node:fs'
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { ServerCredentials } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import { healthcheck } from '../../../src/commands/healthcheck.js'
import { startModelServer } from '../../../src/embedded/model-server.js'
import {
  DOG,
  detections,
  detector,
  form,
  photo,
  post,
  ready,
  start,
  startOn,
} from '../gateway/harness.js'

const PEM = new URL('../serving/tls/', import.meta.url)
const pem = (name: string) => readFileSync(new URL(name, PEM))

// Where nobody asks the model server.
const TARGET = { TF_SERVING_TARGET: '127.0.0.1:1', DEFAULT_MODEL: 'none' }

/** Sends a request over TLS to a server that must show a certificate of the tests' authority. */
async function ask(url: string, options: RequestOptions = {}, body?: Buffer) {
  const sent = request(url, { ca: pem('ca.pem'), agent: false, ...options })
  sent.end(body)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject)
  })
  const { statusCode: status, headers } = response
  return { status, headers, body: await text(response) }
}

/** The settings of TLS, by files that a test may replace. */
async function tlsFiles(t: Test): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
  const folder = `${t.testdirName}-tls`
  await mkdir(folder, { recursive: true })
  t.teardown(() => rm(folder, { recursive: true }))
  for (const name of ['server.pem', 'server.key'])
    await copyFile(new URL(name, PEM), join(folder, name))
  return {
    folder,
    env: { TLS_CERT_FILE: join(folder, 'server.pem'), TLS_KEY_FILE: join(folder, 'server.key') },
  }
}

/** Reads the fingerprint of the certificate that a server shows. */
function fingerprint(url: string): Promise<string> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false })
    socket.on('error', reject).on('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
  })
}

t.test('HTTPS', async (t) => {
  const { folder, env } = await tlsFiles(t)
  const { url, gateway } = await start(t, { env })
  t.match(url, /^https:/)

  t.test('is spoken where certificates are named', async (t) => {
    const livez = await ask(`${url}/livez`)
    t.equal(livez.status, 200)
    t.match(livez.headers['strict-transport-security'], /max-age=/)
    const headers = { 'content-type': 'image/jpeg', expect: '100-continue' }
    const options = { method: 'POST', headers }
    const answer = await ask(`${url}/v1/detect`, options, await photo('chelsea'))
    t.equal(answer.status, 200)
    t.equal(JSON.parse(answer.body).detections.length, 2)
  })

  t.test('has its health checked', async (t) => {
    await healthcheck({ ...env, PORT: new URL(url).port })
    await t.rejects(healthcheck({ PORT: new URL(url).port }), 'by HTTPS only')
  })

  t.test('closes on who speaks something else, and goes on', async (t) => {
    const socket = connectTcp(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n')
    t.notMatch(await text(socket).catch(() => ''), 'HTTP/1.1 200')
    t.equal((await ask(`${url}/livez`)).status, 200)
  })

  t.test('takes renewed certificates without a restart, and no broken ones', async (t) => {
    const before = await fingerprint(url)
    await writeFile(join(folder, 'server.key'), 'nothing')
    await copyFile(new URL('client.pem', PEM), join(folder, 'server.pem'))
    await new Promise((resolve) => setTimeout(resolve, 1200))
    t.equal(await fingerprint(url), before, 'the last good one stays in force')
    await copyFile(new URL('client.key', PEM), join(folder, 'server.key'))
    while ((await fingerprint(url)) === before)
      await new Promise((resolve) => setTimeout(resolve, 50))
  })

  t.test('ends at once, whatever connections are open', async () => {
    const { port } = new URL(url)
    const silent = connectTcp(Number(port), '127.0.0.1')
    const shaking = connectTcp(Number(port), '127.0.0.1')
    const idle = connectTls({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false })
    for (const socket of [silent, shaking, idle]) socket.on('error', () => {})
    await Promise.all([
      new Promise((resolve) => silent.once('connect', resolve)),
      // The beginning of a handshake that says it has 512 bytes.
      new Promise((resolve) => shaking.write(Buffer.from('160301020001', 'hex'), resolve)),
      new Promise((resolve) => idle.once('secureConnect', resolve)),
    ])
    const closed = [silent, shaking, idle].map(
      (it) => new Promise((resolve) => it.once('close', resolve)),
    )
    await gateway.close()
    await Promise.all(closed)
  })
})

t.test('clients must show certificates where their authority is named', async (t) => {
  const { folder, env } = await tlsFiles(t)
  const authority = join(folder, 'ca.pem')
  await copyFile(new URL('ca.pem', PEM), authority)
  const settings = { ...env, TLS_CLIENT_CA_FILE: authority }
  const { url } = await startOn(t, { ...TARGET, ...settings })
  const own = { cert: pem('client.pem'), key: pem('client.key') }
  t.equal((await ask(`${url}/livez`, own)).status, 200)
  await t.rejects(ask(`${url}/livez`), 'without one nobody gets as far as HTTP')
  await healthcheck({ ...settings, PORT: new URL(url).port })
})

t.test(
  'a file without an authority is an error: it would let in whom public authorities know',
  async (t) => {
    const { folder, env } = await tlsFiles(t)
    const TLS_CLIENT_CA_FILE = join(folder, 'ca.pem')
    const broken = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
    for (const content of ['', '\n', 'no certificate', broken]) {
      await writeFile(TLS_CLIENT_CA_FILE, content)
      await t.rejects(startOn(t, { ...TARGET, ...env, TLS_CLIENT_CA_FILE }), {
        message: /TLS_CLIENT_CA_FILE: the file of authorities holds no certificate/,
      })
      const UPSTREAM_TLS_CA_FILE = TLS_CLIENT_CA_FILE
      await t.rejects(startOn(t, { ...TARGET, UPSTREAM_TLS_CA_FILE }), {
        message: /UPSTREAM_TLS_CA_FILE.*: the file of authorities holds no certificate/,
      })
    }
  },
)

t.test('the model server is spoken to by TLS, each with a certificate', async (t) => {
  const pair = { private_key: pem('server.key'), cert_chain: pem('server.pem') }
  const credentials = ServerCredentials.createSsl(pem('ca.pem'), [pair], true)
  const server = await startModelServer({ models: [detector()], credentials })
  t.teardown(() => server.close())
  const path = (name: string) => fileURLToPath(new URL(name, PEM))
  const trusting = {
    TF_SERVING_TARGET: server.target,
    UPSTREAM_TLS_CA_FILE: path('ca.pem'),
    UPSTREAM_TLS_SERVER_NAME: 'serving.test',
  }
  const own = {
    UPSTREAM_TLS_CERT_FILE: path('client.pem'),
    UPSTREAM_TLS_KEY_FILE: path('client.key'),
  }
  const { url } = await startOn(t, { ...trusting, ...own })
  t.equal((await post(`${url}/v1/detect`, form([await photo('chelsea')]))).status, 200)
  for (const env of [
    trusting,
    { ...trusting, ...own, UPSTREAM_TLS_CA_FILE: path('other-ca.pem') },
  ]) {
    const { url } = await startOn(t, env)
    const { body } = await post(`${url}/v1/detect`, form([await photo('chelsea')]))
    t.match(body, { code: 'upstream_unavailable' })
  }
  const broken = { ...trusting, ...own, UPSTREAM_TLS_KEY_FILE: path('server.key') }
  await t.rejects(startOn(t, broken), { message: /UPSTREAM_TLS_KEY_FILE/ })
})

t.test('files that cannot be used are named at start', async (t) => {
  const { folder, env } = await tlsFiles(t)
  const clientKey = new URL('client.key', PEM).pathname
  for (const [broken, message] of [
    [{ TLS_CERT_FILE: join(folder, 'missing') }, /TLS_CERT_FILE.*no such file.*missing/],
    [{ TLS_CERT_FILE: join(folder, 'server.key') }, /TLS_CERT_FILE.*certificate holds none in PEM/],
    [{ TLS_KEY_FILE: join(folder, 'server.pem') }, /TLS_KEY_FILE.*key holds none in PEM/],
    [{ TLS_KEY_FILE: clientKey }, /TLS_CERT_FILE.*not that of the certificate/],
  ] as const) {
    await t.rejects(startOn(t, { ...TARGET, ...env, ...broken }), { message })
  }
})

t.test('the operations endpoints on a port of their own', async (t) => {
  const { env } = await tlsFiles(t)
  const settings = { ...env, API_KEYS: `a:${'0'.repeat(64)}`, OPERATIONS_PORT: '0' }
  const { url, gateway } = await start(t, { env: settings })
  const operations = gateway.operationsUrl!
  t.match(operations, /^http:/, 'plain HTTP beside HTTPS')
  await ready(operations)
  const metrics = await fetch(`${operations}/metrics`)
  t.equal(metrics.status, 200, 'without a key')
  t.match(await metrics.text(), 'detection_gateway_errors_total')
  t.equal((await fetch(`${operations}/livez`)).status, 200)
  for (const path of ['/v1/models', '/docs/', '/']) {
    t.equal((await fetch(`${operations}${path}`)).status, 404, path)
  }
  t.equal((await ask(`${url}/livez`)).status, 200, 'health stays on the main port too')
  const port = new URL(operations).port
  await healthcheck({ ...settings, PORT: '1', OPERATIONS_PORT: port })
})

t.test(
  'readiness is told on the operations port until the last request has been answered',
  async (t) => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let arrived = () => {}
    const asked = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const predict = async () => {
      arrived()
      await held
      return detections([DOG])
    }
    const models = [detector(), detector({ name: 'slow', predict })]
    const { url, gateway } = await start(t, { models, env: { OPERATIONS_PORT: '0' } })
    await ready(gateway.operationsUrl!)
    const answer = post(`${url}/v1/detect?model=slow`, form([await photo('chelsea')]))
    await asked
    const closed = gateway.close()
    let readiness = await fetch(`${gateway.operationsUrl}/readyz`)
    while (readiness.ok) readiness = await fetch(`${gateway.operationsUrl}/readyz`)
    t.match(await readiness.json(), { status: 'shutting_down' })
    release()
    t.equal((await answer).status, 200)
    await closed
  },
)

t.test('metrics leave the main port when they have another', async (t) => {
  const { url } = await startOn(t, { ...TARGET, OPERATIONS_PORT: '0' })
  t.equal((await fetch(`${url}/metrics`)).status, 404)
})

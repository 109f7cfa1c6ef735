import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startModelServer } from '../../../src/embedded/model-server.js'
import { detector, form, photo } from '../gateway/harness.js'
import { askForStream, openStream, refusalOf } from '../gateway/stream-client.js'
import { lineOf } from './clients.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

t.test('logs tell who asked, and no secret nor image', async (t) => {
  let failing = false
  const server = await startModelServer({
    models: [detector()],
    intercept: () => {
      if (failing) throw new Error('the model server fails')
    },
  })
  t.teardown(() => server.close())
  const env = {
    ...process.env,
    PORT: '0',
    LOG_LEVEL: 'trace',
    NODE_ENV: 'production',
    TF_SERVING_TARGET: server.target,
    MODEL_REPOSITORY: t.testdir({}),
    API_KEYS: lineOf('camera-1', 'sesame-key'),
    TRUSTED_PROXIES: '127.0.0.1',
    RATE_LIMIT_REDIS_URL: 'redis://user:sesame-redis@127.0.0.1:1',
    RATE_LIMIT_KEY_REQUESTS: '1000',
  }
  const args = ['--import=./scripts/typescript.js', 'src/server.ts']
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk
    })
  }
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const listening = /listening at (http:\/\/[\d.:]+)/
  while (!listening.test(output)) {
    if (child.exitCode !== null) throw new Error(output)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const url = listening.exec(output)![1]!

  const bytes = await photo('chelsea')
  const b64 = bytes.toString('base64')
  const secrets = { cookie: 'session=sesame-cookie', 'x-forwarded-for': '192.0.2.7' }
  const json = { 'content-type': 'application/json' }
  const bodies: (readonly [BodyInit, Record<string, string>])[] = [
    [form([bytes]), {}],
    [JSON.stringify({ image: { b64 } }), json],
    [JSON.stringify({ image: { b64: `${b64}!` } }), json],
    [JSON.stringify({ image: { b64 }, nonsense: 1 }), json],
    [`{"image": {"b64": "${b64}"`, json],
    [bytes, { 'content-type': 'image/jpeg' }],
    [bytes.subarray(0, 3000), { 'content-type': 'image/jpeg' }],
  ]
  const keys = [
    { authorization: 'Bearer sesame-key' },
    { 'x-api-key': 'sesame-key' },
    { 'x-api-key': 'sesame-wrong' },
  ]
  const statuses = new Set<number>()
  const send = async (target: string) => {
    for (const [body, type] of bodies) {
      for (const key of keys) {
        const headers = { ...secrets, ...type, ...key }
        const response = await fetch(`${url}${target}`, { method: 'POST', body, headers })
        statuses.add(response.status)
        await response.arrayBuffer()
      }
    }
  }
  await send('/v1/detect')
  await send('/v1/detect?api_key=sesame-query')
  const protocolsOf = (key: string) => [
    'detection-gateway.v1',
    `key.${Buffer.from(key).toString('base64url')}`,
  ]
  const { socket, next } = await openStream(t, url, '?min_score=0.1', {
    headers: secrets,
    protocols: protocolsOf('sesame-key'),
  })
  for (const sent of [bytes, bytes.subarray(0, 3000), '{"min_score": 50}']) {
    socket.send(sent)
    await next()
  }
  socket.close()
  await refusalOf(askForStream(t, url, '', { protocols: protocolsOf('sesame-wrong') }))
  failing = true
  await send('/v1/detect?format=png')
  child.kill('SIGTERM')
  await exited

  const kinds = [200, 400, 401, 422].every((status) => statuses.has(status))
  t.ok(kinds && Math.max(...statuses) >= 500, `answers of many kinds: ${[...statuses]}`)
  t.match(output, /"key_id":"camera-1".*"request answered"/, 'whose key it was')
  t.match(output, /"address":"192\.0\.2\.7"/, 'from where, as a trusted proxy says')
  t.match(output, 'Redis is away')
  t.match(
    output,
    /"key_id":"camera-1","method":"GET","path":"\/v1\/detect\/stream","status":101,"ms":[\d.]+,"address":"192\.0\.2\.7","frames":2,"answered":1,"failed":1,"dropped":0,"left":0,"msg":"stream ended"/,
    'what became of a stream',
  )
  for (const key of ['sesame-key', 'sesame-wrong']) {
    t.notOk(output.includes(Buffer.from(key).toString('base64url')), 'nor a key as it was sent')
  }
  t.notMatch(output, /sesame/, 'no key, no cookie, no password')
  for (const at of [0, 400, 4000]) t.notOk(output.includes(b64.slice(at, at + 40)), 'no image data')
  t.notMatch(output, /ÿØÿ|\\u00ff\\u00d8|JFIF|,255,216,|"type":"Buffer"/, 'in no form')
})

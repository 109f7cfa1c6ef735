import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { start } from '../gateway/harness.js'
import { announceUpload, lineOf } from './clients.js'

const API_KEYS = [lineOf('a', 'one'), lineOf('a', 'another'), lineOf('b', 'two')].join()

/** Asks once, and tells what the answer says of the limit. */
async function ask(url: string, headers: Record<string, string> = {}, path = '/v1/models') {
  const response = await fetch(`${url}${path}`, { headers })
  const body = await response.text()
  const numberOf = (name: string) => {
    const value = response.headers.get(name)
    return value === null ? undefined : Number(value)
  }
  return {
    status: response.status,
    limit: numberOf('ratelimit-limit'),
    remaining: numberOf('ratelimit-remaining'),
    reset: numberOf('ratelimit-reset'),
    retryAfter: numberOf('retry-after'),
    body,
  }
}

t.test('a limit for each key', async (t) => {
  const env = { API_KEYS, RATE_LIMIT_KEY_REQUESTS: '2', RATE_LIMIT_WINDOW_MS: '600000' }
  const { url } = await start(t, { env })
  t.match(await ask(url, { 'x-api-key': 'one' }), { status: 200, limit: 2, remaining: 1 })
  t.match(await ask(url, { 'x-api-key': 'another' }), { status: 200, remaining: 0 }, 'the same id')
  const refused = await ask(url, { 'x-api-key': 'one' })
  t.match(refused, { status: 429, limit: 2, remaining: 0 })
  t.match(JSON.parse(refused.body), { code: 'rate_limited', detail: /RATE_LIMIT_KEY_REQUESTS/ })
  t.ok(refused.retryAfter! > 500 && refused.retryAfter! <= 600, 'says when to come again')
  t.equal(refused.reset, refused.retryAfter)
  for (const expect of [true, false]) {
    const answer = await announceUpload(t, url, { headers: ['x-api-key: one'], expect })
    t.equal(answer.status, 429, 'before a byte of the body has been sent')
  }
  t.match(await ask(url, { 'x-api-key': 'two' }), { status: 200, remaining: 1 }, 'not the others')
  t.match(await ask(url), { status: 401, limit: undefined }, 'nor who has none')
  t.match(await ask(url, {}, '/livez'), { status: 200, limit: undefined }, 'nor probes')
})

t.test('a limit for each address', async (t) => {
  const env = {
    API_KEYS,
    RATE_LIMIT_ADDRESS_REQUESTS: '3',
    RATE_LIMIT_KEY_REQUESTS: '2',
    RATE_LIMIT_WINDOW_MS: '600000',
    TRUSTED_PROXIES: '127.0.0.1',
  }
  const { url } = await start(t, { env })
  const from = (address: string, key?: string) =>
    ask(url, { 'x-forwarded-for': address, ...(key !== undefined && { 'x-api-key': key }) })

  t.test('bounds who guesses keys', async (t) => {
    for (let i = 0; i < 3; i++) t.equal((await from('192.0.2.1', `guess ${i}`)).status, 401)
    t.match(await from('192.0.2.1', 'one'), { status: 429 }, 'right or wrong')
    t.match(await from('192.0.2.2', 'two'), { status: 200 }, 'not the others')
  })

  t.test('tells of the narrowest limit', async (t) => {
    t.match(await from('192.0.2.3', 'one'), { limit: 2, remaining: 1 })
    t.match(await from('192.0.2.4', 'another'), { limit: 2, remaining: 0 })
    t.match(await from('192.0.2.3', 'two'), { limit: 2, remaining: 0 }, 'the key, on a par')
    t.match(await from('192.0.2.3', 'guess'), { status: 401, limit: 3, remaining: 0 })
  })

  t.test('takes an IPv6 network for one address', async (t) => {
    for (const last of [':1', ':2:3', 'f:f:f:f']) await from(`2001:db8:0:1:${last}`)
    t.equal((await from('2001:db8:0:1:aaaa::1')).status, 429)
    t.equal((await from('2001:db8:0:2::1')).status, 401, 'another network')
    await from('::ffff:192.0.2.9')
    t.equal((await from('192.0.2.9')).remaining, 1, 'an IPv4 address in IPv6 is the same one')
  })
})

t.test('who is no trusted proxy cannot choose its address', async (t) => {
  const env = { RATE_LIMIT_ADDRESS_REQUESTS: '1', RATE_LIMIT_WINDOW_MS: '600000' }
  const { url } = await start(t, { env })
  t.equal((await ask(url, { 'x-forwarded-for': '192.0.2.1' })).status, 200)
  t.equal((await ask(url, { 'x-forwarded-for': '192.0.2.2' })).status, 429)
})

t.test('requests are not limited until that is set', async (t) => {
  const { url } = await start(t)
  t.match(await ask(url), { status: 200, limit: undefined, remaining: undefined })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function startRedis(t: Test, port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', t.testdirName]
  const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => redis.kill('SIGKILL'))
  let text = ''
  for await (const chunk of redis.stdout) {
    text += chunk
    if (text.includes('Ready to accept connections')) break
  }
  return redis
}

const hasRedis = spawnSync('redis-server', ['--version']).status === 0
if (!hasRedis) t.comment('NOT TESTED: limits in Redis. Install redis-server to have them tested.')

t.test(
  'gateways count together in Redis',
  { skip: hasRedis ? false : 'redis-server is not installed' },
  async (t) => {
    t.testdir({})
    const port = await freePort()
    const redis = await startRedis(t, port)
    const env = {
      API_KEYS,
      RATE_LIMIT_KEY_REQUESTS: '3',
      RATE_LIMIT_ADDRESS_REQUESTS: '100',
      RATE_LIMIT_WINDOW_MS: '600000',
      RATE_LIMIT_REDIS_URL: `redis://127.0.0.1:${port}`,
    }
    const [one, two] = await Promise.all([start(t, { env }), start(t, { env })])
    const headers = { 'x-api-key': 'one' }
    t.match(await ask(one.url, headers), { status: 200, limit: 3, remaining: 2 })
    t.match(await ask(two.url, headers), { status: 200, limit: 3, remaining: 1 })
    t.match(await ask(one.url, headers), { status: 200, limit: 3, remaining: 0 })
    const refused = await ask(two.url, headers)
    t.equal(refused.status, 429)
    t.ok(refused.retryAfter! > 500 && refused.retryAfter! <= 600)
    t.match(await ask(one.url, { 'x-api-key': 'two' }), { status: 200, remaining: 2 })

    redis.kill('SIGSTOP')
    const hung = await ask(one.url, headers)
    t.match(hung, { status: 200, limit: undefined }, 'nobody waits for a Redis that hangs')
    redis.kill('SIGKILL')
    await once(redis, 'exit')
    const open = await ask(two.url, headers)
    t.match(open, { status: 200, limit: undefined }, 'nobody is refused while Redis is away')

    await startRedis(t, port)
    let answer = open
    while (answer.limit === undefined) {
      answer = await ask(two.url, headers)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    t.match(answer, { status: 200, limit: 3 }, 'counted again when it is back')
  },
)

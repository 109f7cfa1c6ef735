import t from 'tap'
import { startOn } from '../gateway/harness.js'
import { lineOf } from './clients.js'

// Nobody asks the model server here.
const TARGET = { TF_SERVING_TARGET: '127.0.0.1:1', DEFAULT_MODEL: 'none' }
const APP = 'https://app.example.com'

/** Asks, and reads the answer to its end: a gateway does not close on one that is unread. */
async function ask(url: string | URL, init: RequestInit = {}) {
  const response = await fetch(url, init)
  return { status: response.status, headers: response.headers, body: await response.text() }
}

t.test('pages of listed origins may call the gateway', async (t) => {
  const env = {
    ...TARGET,
    API_KEYS: lineOf('page', 'one'),
    CORS_ORIGINS: `${APP}, http://localhost:5173`,
    RATE_LIMIT_ADDRESS_REQUESTS: '3',
  }
  const { url } = await startOn(t, env)
  const preflight = (origin: string, path = '/v1/detect') =>
    ask(`${url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })

  t.test('a preflight needs no key, and counts for no limit', async (t) => {
    for (let i = 0; i < 5; i++) {
      const { status, headers } = await preflight(APP)
      t.equal(status, 204)
      t.equal(headers.get('access-control-allow-origin'), APP)
      t.match(headers.get('access-control-allow-methods'), 'POST')
      t.equal(headers.get('access-control-allow-headers'), 'authorization,content-type')
      t.match(headers.get('vary'), /origin/i)
    }
    const other = await preflight('https://evil.example.com')
    t.equal(other.headers.get('access-control-allow-origin'), null)
  })

  t.test('an answer can be read with its headers, an error too', async (t) => {
    const response = await ask(`${url}/v1/models`, { headers: { origin: APP } })
    t.equal(response.status, 401)
    t.equal(response.headers.get('access-control-allow-origin'), APP)
    const exposed = response.headers.get('access-control-expose-headers')
    for (const name of [
      'x-request-id',
      'x-detections-count',
      'ratelimit-remaining',
      'retry-after',
    ]) {
      t.match(exposed, name)
    }
    t.equal(response.headers.get('access-control-allow-credentials'), null)
    const other = await ask(`${url}/livez`, { headers: { origin: 'http://localhost:5174' } })
    t.equal(other.headers.get('access-control-allow-origin'), null)
  })

  t.test('methods are still told apart', async (t) => {
    const response = await ask(`${url}/v1/detect`, { headers: { 'x-api-key': 'one' } })
    t.equal(response.status, 405)
    t.equal(response.headers.get('allow'), 'POST')
  })
})

t.test('without listed origins', async (t) => {
  const { url } = await startOn(t, TARGET)

  t.test('no page of another origin reads anything', async (t) => {
    const headers = { origin: APP, 'access-control-request-method': 'POST' }
    const response = await ask(`${url}/v1/detect`, { method: 'OPTIONS', headers })
    t.equal(response.status, 405)
    t.equal(response.headers.get('access-control-allow-origin'), null)
  })

  t.test('answers take from browsers what they do not need', async (t) => {
    for (const path of ['/livez', '/nowhere']) {
      const { headers } = await ask(`${url}${path}`)
      t.match(headers.get('content-security-policy'), /default-src 'none'.*frame-ancestors 'none'/)
      t.equal(headers.get('x-content-type-options'), 'nosniff')
      t.equal(headers.get('referrer-policy'), 'no-referrer')
      t.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
      t.match(headers.get('permissions-policy'), 'camera=(self)')
      t.equal(headers.get('strict-transport-security'), null, 'nothing is promised over plain HTTP')
    }
  })

  t.test('the reference may load its own scripts, and is framed by nobody', async (t) => {
    const response = await ask(`${url}/docs/`)
    t.equal(response.status, 200)
    const policy = response.headers.get('content-security-policy')
    t.match(policy, /script-src 'self'/)
    t.match(policy, "frame-ancestors 'none'")
    t.notMatch(policy, "default-src 'none'")
    const [, script] = /src="\.?\/?([^"]*swagger-ui-bundle\.js)"/.exec(response.body) ?? []
    t.equal((await ask(new URL(script!, `${url}/docs/`))).status, 200)
  })
})

t.test('behind a trusted proxy that speaks TLS, browsers are held to it', async (t) => {
  const { url } = await startOn(t, { ...TARGET, TRUSTED_PROXIES: 'loopback' })
  const { headers } = await ask(`${url}/livez`, { headers: { 'x-forwarded-proto': 'https' } })
  t.match(headers.get('strict-transport-security'), /max-age=\d{8}/)
})

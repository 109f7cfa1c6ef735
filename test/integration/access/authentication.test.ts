import { join } from 'node:path'
import t from 'tap'
import { start } from '../gateway/harness.js'
import { announceUpload, lineOf } from './clients.js'

t.test('a gateway with keys', async (t) => {
  const keys = `# ours\n${lineOf('camera', 'one')}\n${lineOf('lab', 'two')}\n`
  const env = { API_KEYS_FILE: join(t.testdirName, 'keys'), API_KEYS: lineOf('fixed', 'three') }
  const { url } = await start(t, { env, repository: { keys } })
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { headers, redirect: 'manual' })

  t.test('lets in who has one, by either header', async (t) => {
    for (const key of ['one', 'two', 'three']) {
      for (const headers of [
        { authorization: `Bearer ${key}` },
        { authorization: `bearer  ${key} ` },
        { 'x-api-key': key },
        { 'x-api-key': key, authorization: 'Basic Zm9yOnByb3h5' },
      ]) {
        t.equal((await get('/v1/models', headers)).status, 200, JSON.stringify(headers))
      }
    }
  })

  t.test('refuses everybody else, wherever they ask', async (t) => {
    for (const path of ['/v1/models', '/metrics', '/docs/', '/openapi.json', '/no/such/path']) {
      const response = await get(path)
      t.equal(response.status, 401, path)
      t.equal(response.headers.get('www-authenticate'), 'Bearer realm="detection-gateway"')
      t.equal(response.headers.get('content-type'), 'application/problem+json')
      t.match(await response.json(), { code: 'unauthenticated', detail: /x-api-key/ })
    }
    for (const headers of [
      { authorization: 'Bearer four' },
      { 'x-api-key': 'One' },
      { 'x-api-key': lineOf('camera', 'one').split(':')[1]! },
      { authorization: 'Bearer four', 'x-api-key': 'one' },
    ]) {
      const response = await get('/v1/models', headers)
      t.equal(response.status, 401, JSON.stringify(headers))
      t.match(response.headers.get('www-authenticate'), 'error="invalid_token"')
      await response.arrayBuffer()
    }
    for (const authorization of ['Basic b25lOg==', 'Bearer', 'one']) {
      t.equal((await get('/v1/models', { authorization })).status, 401, authorization)
    }
  })

  t.test('refuses what is no path of any route too', async (t) => {
    for (const path of ['/%zz', '/%ff', `/v1/models/${'m'.repeat(300)}`]) {
      const response = await get(path)
      t.equal(response.status, 401, path)
      t.match(await response.json(), { code: 'unauthenticated' })
      t.equal(response.headers.get('x-content-type-options'), 'nosniff')
    }
    const headers = { 'x-api-key': 'one', 'x-request-id': 'mine' }
    const bad = await get('/%zz', headers)
    t.equal(bad.headers.get('x-request-id'), 'mine')
    t.match(await bad.json(), { status: 400, code: 'malformed_request' })
    const long = await get(`/v1/models/${'m'.repeat(300)}`, headers)
    t.match(await long.json(), { status: 404, code: 'route_not_found', detail: /too long/ })
  })

  t.test('answers probes without a key', async (t) => {
    for (const path of ['/livez', '/readyz']) t.not((await get(path)).status, 401, path)
  })

  t.test('refuses before a byte of the body has been sent', async (t) => {
    for (const path of ['/v1/detect', '/v1/detect/batch', '/nowhere']) {
      for (const expect of [true, false]) {
        const { status, body } = await announceUpload(t, url, { path, expect })
        t.equal(status, 401, `${path}, ${expect ? 'asking' : 'not asking'} first`)
        t.match(JSON.parse(body), { code: 'unauthenticated' })
      }
    }
    const { status } = await announceUpload(t, url, { headers: ['x-api-key: one'] })
    t.equal(status, 100, 'who is let in is told to go on')
  })
})

t.test('a gateway without keys is open', async (t) => {
  const { url } = await start(t)
  const headers = { authorization: 'Bearer anything' }
  t.equal((await fetch(`${url}/v1/models`, { headers })).status, 200)
})

t.test('a gateway does not begin on a key file that lets nobody in', async (t) => {
  const env = { API_KEYS_FILE: join(t.testdirName, 'missing') }
  await t.rejects(start(t, { env }), { message: /API_KEYS_FILE: .*ENOENT/ })
})

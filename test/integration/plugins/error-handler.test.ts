import t from 'tap'
import { z } from 'zod'
import { GatewayError } from '../../../src/errors.js'
import { buildEcho, listen } from './echo-app.js'
import { connectRaw } from './raw-client.js'

t.test('every error is a problem', async (t) => {
  const app = await buildEcho(t, {
    routes: (app) => {
      app.get('/crash', async () => {
        throw new Error('secret')
      })
      app.get('/throw-text', async () => {
        throw 'secret'
      })
      app.get('/full', async () => {
        throw new GatewayError('queue_full', 'The queue is full (QUEUE_LENGTH)', {
          retryAfterSeconds: 1.2,
        })
      })
      const querystring = z.object({ n: z.coerce.number({ error: 'must be a number' }) })
      app.get('/checked', { schema: { querystring } }, async () => ({}))
      const response = { 200: z.object({ n: z.number() }) }
      app.get('/wrong-answer', { schema: { response } }, async () => ({ n: 'secret' }))
      app.get('/models/:model', async () => ({}))
      app.get('/words/:word(^[a-z]+$)', async () => ({}))
    },
  })
  const cases = [
    { method: 'GET', url: '/nowhere', status: 404, code: 'route_not_found' },
    { method: 'POST', url: '/nowhere', status: 404, code: 'route_not_found' },
    { method: 'GET', url: '/words/1', status: 404, code: 'route_not_found' },
    { method: 'GET', url: '/v1/detect', status: 405, code: 'method_not_allowed', allow: 'POST' },
    {
      method: 'PUT',
      url: '/models/a',
      status: 405,
      code: 'method_not_allowed',
      allow: 'GET, HEAD',
    },
    { method: 'GET', url: '/%zz', status: 400, code: 'malformed_request' },
    { method: 'GET', url: `/models/${'x'.repeat(51)}`, status: 404, code: 'route_not_found' },
    { method: 'GET', url: '/crash', status: 500, code: 'internal_error' },
    { method: 'GET', url: '/throw-text', status: 500, code: 'internal_error' },
    { method: 'GET', url: '/wrong-answer', status: 500, code: 'internal_error' },
    { method: 'GET', url: '/full', status: 429, code: 'queue_full', retryAfter: '2' },
    { method: 'GET', url: '/checked?n=x', status: 400, code: 'invalid_parameter' },
  ] as const
  for (const row of cases) {
    const { method, url, status, code } = row
    const name = `${method} ${url.slice(0, 40)}`
    const response = await app.inject({ method, url, headers: { 'x-request-id': 'mine' } })
    t.equal(response.statusCode, status, name)
    t.equal(response.headers['content-type'], 'application/problem+json', name)
    t.equal(response.headers['x-request-id'], 'mine', name)
    t.match(response.json(), { status, code, request_id: 'mine', type: /./, title: /./ }, name)
    t.notMatch(response.body, 'secret', name)
    t.equal(response.headers.allow, 'allow' in row ? row.allow : undefined, name)
    t.equal(response.headers['retry-after'], 'retryAfter' in row ? row.retryAfter : undefined, name)
  }
  const checked = await app.inject('/checked?n=x')
  t.same(checked.json().errors, [{ field: 'n', message: 'must be a number' }])
})

t.test('what is no HTTP is a problem too', async (t) => {
  const port = await listen(await buildEcho(t))
  const cases = [
    { name: 'no request line', text: 'hello\r\n\r\n', status: 400, code: 'malformed_request' },
    {
      name: 'headers of 100 KiB',
      text: `GET / HTTP/1.1\r\nhost: test\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
      status: 431,
      code: 'headers_too_large',
    },
  ]
  for (const { name, text, status, code } of cases) {
    t.test(name, async (t) => {
      const client = connectRaw(t, port)
      client.write(text)
      const answer = await client.answer()
      t.equal(answer.status, status)
      t.match(JSON.parse(answer.body), { status, code })
      await client.closed
    })
  }
})

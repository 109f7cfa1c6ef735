import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { writeClientError } from '../../../src/plugins/client-error.js'

t.test('writeClientError()', async (t) => {
  const cases = [
    { code: 'HPE_INVALID_METHOD', status: 400, name: 'malformed_request' },
    { code: undefined, status: 400, name: 'malformed_request' },
    { code: 'ERR_HTTP_REQUEST_TIMEOUT', status: 408, name: 'request_timeout' },
    { code: 'HPE_HEADER_OVERFLOW', status: 431, name: 'headers_too_large' },
  ]
  for (const { code, status, name } of cases) {
    t.test(`answers ${code} with ${name}`, async (t) => {
      const socket = new PassThrough()
      const error = Object.assign(new Error('secret'), code === undefined ? {} : { code })
      t.match(writeClientError(error, socket), { code: name })
      const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
      t.ok(head.startsWith(`HTTP/1.1 ${status} `), head)
      t.match(head, 'content-type: application/problem+json')
      t.match(head, `content-length: ${body.length}`)
      t.match(head, 'connection: close')
      t.match(JSON.parse(body), { status, code: name, request_id: /./ })
      t.notMatch(body, 'secret')
    })
  }

  t.test('writes nothing to a client that is gone', async (t) => {
    const reset = new PassThrough()
    writeClientError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), reset)
    t.ok(reset.destroyed)
    const ended = new PassThrough().end()
    t.equal(writeClientError(new Error('broken'), ended), undefined)
    t.ok(ended.destroyed)
  })
})

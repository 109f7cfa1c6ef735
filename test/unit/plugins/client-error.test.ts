import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { writeClientError } from '../../../src/plugins/client-error.js'

/** A client of a server that answers parser errors, which keeps its own side open whatever the server does. */
async function connected(t: Test, answer: RequestListener) {
  const server = createServer(answer)
  server.on('clientError', (error, socket) => writeClientError(error, socket, 50))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => {
    client.destroy()
    server.close()
  })
  client.on('error', () => {})
  return { client, accepted: (await accepted)[0] }
}

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

  t.test('lets go of a client that never closes its side', async (t) => {
    const { client, accepted } = await connected(t, () => {})
    client.write('hello\r\n\r\n')
    const [answer] = (await once(client, 'data')) as [Buffer]
    t.match(answer.toString(), /^HTTP\/1\.1 400 /)
    await once(accepted, 'close')
    t.ok(accepted.destroyed)
  })

  t.test('writes nothing into an answer that is on its way', async (t) => {
    const { client, accepted } = await connected(t, (_request, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('picture')
    })
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    let received = ''
    client.setEncoding('latin1').on('data', (part) => {
      received += part
    })
    const ended = once(client, 'end')
    while (!received.endsWith('picture')) await once(client, 'data')
    client.write('hello\r\n\r\n')
    await once(accepted, 'close')
    await ended
    t.match(received, /^HTTP\/1\.1 200 /)
    t.match(received, /picture$/)
  })
})

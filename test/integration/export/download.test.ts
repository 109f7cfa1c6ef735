import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { download } from '../../../src/export/archive/download.js'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 253))

/** Serves on loopback, one handler for each request in turn, the last for all that follow. */
async function serve(t: Test, ...handlers: [Handler, ...Handler[]]) {
  const requests: IncomingMessage['headers'][] = []
  const server = createServer((request, response) => {
    requests.push(request.headers)
    const handler = handlers[Math.min(requests.length, handlers.length) - 1]!
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: new URL(`http://127.0.0.1:${port}/models/zoo.tar.gz?signed=secret`), requests }
}

function whole(headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': BODY.length, ...headers }).end(BODY)
  }
}

/** Sends the head of a whole answer and `bytes` of its body, then cuts the connection. */
function cut(bytes: number, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': BODY.length, ...headers })
    response.write(BODY.subarray(0, bytes), () => response.destroy())
  }
}

/** Answers a range as it is asked for. */
const rest: Handler = (request, response) => {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1])
  response
    .writeHead(206, { 'content-range': `bytes ${start}-${BODY.length - 1}/${BODY.length}` })
    .end(BODY.subarray(start))
}

function options(t: Test, url: URL) {
  return { url, path: join(t.testdir(), 'zoo.tar.gz'), allowHttp: true, pauseMs: 1 }
}

t.test('download()', async (t) => {
  t.test('gets a file and tells how far it is', async (t) => {
    const { url, requests } = await serve(t, whole())
    const steps: [number, number | undefined][] = []
    const got = options(t, url)
    await download({ ...got, onProgress: (...step) => void steps.push(step) })
    t.ok(readFileSync(got.path).equals(BODY))
    t.strictSame(steps.at(-1), [BODY.length, BODY.length])
    t.match(requests, [{ 'accept-encoding': 'identity' }])
  })

  t.test('goes on where the connection was cut', async (t) => {
    const { url, requests } = await serve(t, cut(100_000, { etag: '"v1"' }), rest)
    const got = options(t, url)
    await download(got)
    t.ok(readFileSync(got.path).equals(BODY))
    t.equal(requests.length, 2)
    t.match(requests[1], { 'if-range': '"v1"', range: /^bytes=[1-9]\d*-$/ })
  })

  t.test('goes on by the time of the last change where the ETag is weak', async (t) => {
    const changed = 'Wed, 31 Jan 2018 00:00:00 GMT'
    const { url, requests } = await serve(
      t,
      cut(100_000, { etag: 'W/"v1"', 'last-modified': changed }),
      rest,
    )
    const got = options(t, url)
    await download(got)
    t.ok(readFileSync(got.path).equals(BODY))
    t.equal(requests[1]!['if-range'], changed)
  })

  const again: { name: string; handlers: [Handler, ...Handler[]] }[] = [
    {
      name: 'the server cannot prove that the file is the same',
      handlers: [cut(100_000), whole()],
    },
    {
      name: 'the file has changed',
      handlers: [cut(100_000, { etag: '"v1"' }), whole({ etag: '"v2"' })],
    },
    {
      name: 'the server sends another range',
      handlers: [
        cut(100_000, { etag: '"v1"' }),
        (_request, response) =>
          response.writeHead(206, { 'content-range': 'bytes 5-9/300000' }).end('12345'),
        whole(),
      ],
    },
  ]
  for (const { name, handlers } of again) {
    t.test(`begins again where ${name}`, async (t) => {
      const { url } = await serve(t, ...handlers)
      const got = options(t, url)
      await download(got)
      t.ok(readFileSync(got.path).equals(BODY))
    })
  }

  t.test('tries again while the server is busy', async (t) => {
    const busy: Handler = (_request, response) => response.writeHead(503).end()
    const { url, requests } = await serve(t, busy, busy, whole())
    await download(options(t, url))
    t.equal(requests.length, 3)
  })

  t.test('gives a stalled connection up and goes on', async (t) => {
    const stall: Handler = (_request, response) => {
      response.writeHead(200, { 'content-length': BODY.length, etag: '"v1"' })
      response.write(BODY.subarray(0, 1000))
    }
    const { url } = await serve(t, stall, rest)
    const got = options(t, url)
    await download({ ...got, stallMs: 100 })
    t.ok(readFileSync(got.path).equals(BODY))
  })

  t.test('follows a redirect', async (t) => {
    const there: Handler = (_request, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end()
    const { url } = await serve(t, there, whole())
    const got = options(t, url)
    await download(got)
    t.ok(readFileSync(got.path).equals(BODY))
  })

  const failures: {
    name: string
    handlers: [Handler, ...Handler[]]
    message: RegExp
    change?: object
  }[] = [
    {
      name: 'a file that is not there',
      handlers: [(_request, response) => response.writeHead(404).end()],
      message: /\/models\/zoo\.tar\.gz: answered 404: there is no such file/,
    },
    {
      name: 'redirects without end',
      handlers: [(_request, response) => response.writeHead(302, { location: '/x' }).end()],
      message: /redirects more than 5 times/,
    },
    {
      name: 'a redirect to another protocol',
      handlers: [
        (_request, response) => response.writeHead(302, { location: 'ftp://host/x' }).end(),
      ],
      message: /only https and http/,
    },
    {
      name: 'another size than the published one',
      handlers: [whole()],
      message: /has 300000 bytes where the published archive has 7/,
      change: { size: 7 },
    },
    {
      name: 'more bytes than were announced',
      handlers: [(_request, response) => response.writeHead(200).end(BODY)],
      message: /sent more than the 7 bytes expected/,
      change: { size: 7 },
    },
    {
      name: 'a server that breaks off every time',
      handlers: [(request) => request.socket.destroy()],
      message: /the download broke off at byte 0: .*Try again later/,
    },
    {
      name: 'plain http without a known checksum',
      handlers: [whole()],
      message: /plain http is taken only for archives whose checksum is known/,
      change: { allowHttp: false },
    },
  ]
  for (const { name, handlers, message, change } of failures) {
    t.test(`refuses ${name}`, async (t) => {
      const { url } = await serve(t, ...handlers)
      const error = await t.rejects(download({ ...options(t, url), ...change }), {
        name: 'ExportError',
        message,
      })
      t.notMatch(String(error), /secret/, 'and keeps the query to itself')
    })
  }

  t.test('names a host that is not there', async (t) => {
    const { url } = await serve(t, whole())
    const closed = new URL(url)
    closed.port = '1'
    await t.rejects(download(options(t, closed)), /cannot be reached: the host refuses/)
  })
})

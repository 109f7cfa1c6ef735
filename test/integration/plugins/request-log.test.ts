import { Writable } from 'node:stream'
import Fastify from 'fastify'
import t from 'tap'
import requestLog from '../../../src/plugins/request-log.js'
import { listen } from './echo-app.js'
import { connectRaw } from './raw-client.js'

t.test('each request has one line, also when its client leaves', async (t) => {
  const lines: Record<string, unknown>[] = []
  let told = () => {}
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      told()
      done()
    },
  })
  const app = Fastify({ logger: { stream }, disableRequestLogging: true })
  t.teardown(() => app.close())
  await app.register(requestLog)
  let started = () => {}
  app.get('/slow', () => {
    started()
    return new Promise(() => {})
  })
  app.get('/quick', async () => 'ok')
  const port = await listen(app)
  lines.length = 0

  const answered = connectRaw(t, port)
  answered.write('GET /quick?secret=1 HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n')
  await answered.closed
  t.match(lines, [{ msg: 'request answered', status: 200, path: '/quick' }])
  t.notMatch(JSON.stringify(lines), 'secret')

  const working = new Promise<void>((resolve) => {
    started = resolve
  })
  const leaving = connectRaw(t, port)
  leaving.write('GET /slow HTTP/1.1\r\nhost: test\r\n\r\n')
  await working
  const written = new Promise<void>((resolve) => {
    told = resolve
  })
  leaving.socket.destroy()
  await written
  t.match(lines.slice(1), [{ msg: 'client left before its answer', status: 499, path: '/slow' }])
  t.equal(lines.length, 2)
})

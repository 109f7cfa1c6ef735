import t from 'tap'
import { buildEcho, listen } from './echo-app.js'
import { connectRaw } from './raw-client.js'

t.test('request.cancellation', async (t) => {
  t.test('stays quiet after the body has been read', async (t) => {
    const app = await buildEcho(t, {
      routes: (app) => {
        app.post('/slow', async (request) => {
          const ended = new Promise((resolve) => request.raw.once('close', resolve))
          request.raw.resume()
          await ended
          return { aborted: request.cancellation.aborted }
        })
      },
    })
    const client = connectRaw(t, await listen(app))
    client.write('POST /slow HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\nabcd')
    t.same(JSON.parse((await client.answer()).body), { aborted: false })
  })

  t.test('aborts when the client leaves before its answer', async (t) => {
    let started = () => {}
    const working = new Promise<void>((resolve) => {
      started = resolve
    })
    let left = () => {}
    const noticed = new Promise<void>((resolve) => {
      left = resolve
    })
    const app = await buildEcho(t, {
      routes: (app) => {
        app.get('/slow', async (request) => {
          const { cancellation } = request
          cancellation.addEventListener('abort', left)
          started()
          await noticed
          return {}
        })
      },
    })
    const client = connectRaw(t, await listen(app))
    client.write('GET /slow HTTP/1.1\r\nhost: test\r\n\r\n')
    await working
    client.socket.destroy()
    await noticed
    t.pass('the work was told')
  })

  t.test('aborts a request that was pipelined behind another when the client leaves', async (t) => {
    const aborted = new Set<string>()
    let allStarted = () => {}
    const started = new Promise<void>((resolve) => {
      allStarted = resolve
    })
    let allNoticed = () => {}
    const noticed = new Promise<void>((resolve) => {
      allNoticed = resolve
    })
    let count = 0
    const app = await buildEcho(t, {
      routes: (app) => {
        app.get('/slow/:name', async (request) => {
          request.cancellation.addEventListener('abort', () => {
            aborted.add(request.url)
            if (aborted.size === 3) allNoticed()
          })
          count += 1
          if (count === 3) allStarted()
          await noticed
          return {}
        })
      },
    })
    const client = connectRaw(t, await listen(app))
    client.write(
      ['a', 'b', 'c'].map((it) => `GET /slow/${it} HTTP/1.1\r\nhost: t\r\n\r\n`).join(''),
    )
    await started
    client.socket.destroy()
    await noticed
    t.same([...aborted].sort(), ['/slow/a', '/slow/b', '/slow/c'])
  })

  t.test('stays quiet when the answer is complete', async (t) => {
    let signal: AbortSignal | undefined
    const app = await buildEcho(t, {
      routes: (app) => {
        app.get('/slow', async (request) => {
          signal = request.cancellation
          return {}
        })
      },
    })
    const client = connectRaw(t, await listen(app))
    client.write('GET /slow HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n')
    await client.answer()
    await client.closed
    t.equal(signal?.aborted, false)
  })
})

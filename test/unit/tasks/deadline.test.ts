import { once } from 'node:events'
import { setImmediate as tick } from 'node:timers/promises'
import t from 'tap'
import { startDeadline } from '../../../src/tasks/deadline.js'

t.test('startDeadline()', async (t) => {
  t.test('aborts with deadline_exceeded when the time is up', async (t) => {
    const deadline = startDeadline(5, new AbortController().signal)
    t.ok(deadline.remaining() <= 5)
    await once(deadline.signal, 'abort')
    t.match(deadline.signal.reason, { code: 'deadline_exceeded', message: /5 ms/ })
    t.equal(deadline.remaining(), 0)
  })

  t.test('aborts with the reason of the client that leaves', async (t) => {
    const client = new AbortController()
    const deadline = startDeadline(60_000, client.signal)
    t.teardown(() => deadline.clear())
    client.abort(new Error('left'))
    t.match(deadline.signal.reason, { message: 'left' })
  })

  t.test('lets every image of a batch listen without a warning', async (t) => {
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    t.teardown(() => process.off('warning', warn))
    const deadline = startDeadline(60_000, new AbortController().signal)
    t.teardown(() => deadline.clear())
    for (let i = 0; i < 32; i++) deadline.signal.addEventListener('abort', () => {})
    await tick()
    t.strictSame(warnings, [])
  })

  t.test('leaves nothing behind on a signal that the frames of a stream share', async (t) => {
    const client = new AbortController()
    for (let i = 0; i < 50; i++) {
      const deadline = startDeadline(60_000, client.signal)
      deadline.signal.addEventListener('abort', () => {})
      deadline.clear()
    }
    // Node keeps what hangs on a signal in sets and maps of its own, which hold what AbortSignal.any has made for good.
    const held = Object.getOwnPropertySymbols(client.signal)
      .map((key) => (Reflect.get(client.signal, key) as { size?: number } | null)?.size ?? 0)
      .reduce((sum, size) => sum + size, 0)
    t.equal(held, 0)
  })

  t.test('is over from the start for a client that has left', (t) => {
    const deadline = startDeadline(60_000, AbortSignal.abort(new Error('left')))
    t.teardown(() => deadline.clear())
    t.match(deadline.signal, { aborted: true, reason: { message: 'left' } })
    t.end()
  })
})

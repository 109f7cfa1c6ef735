import t from 'tap'
import { RequestQueue } from '../../../src/tasks/request-queue.js'

const { signal } = new AbortController()

function entrant(client: string, remainingMs = 10_000, stop = signal) {
  return { client, signal: stop, remainingMs }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A queue with one place in work, which is taken; `next` frees it, and the log has who came in. */
async function busyQueue(length: number) {
  const queue = new RequestQueue({ inWork: () => 1, length })
  const log: string[] = []
  const leaves = [await queue.enter(entrant('first'))]
  const enter = (client: string) =>
    queue.enter(entrant(client)).then((leave) => {
      log.push(client)
      leaves.push(leave)
    })
  const next = async () => {
    leaves.shift()?.()
    await settled()
  }
  return { queue, log, enter, next }
}

t.test('RequestQueue', async (t) => {
  t.test('a flood of one client does not hold up another', async (t) => {
    const { queue, log, enter, next } = await busyQueue(9)
    const all = ['flood', 'flood', 'flood', 'flood', 'other'].map(enter)
    t.strictSame([queue.entered, queue.waiting], [6, 5])
    for (let i = 0; i < 6; i++) await next()
    await Promise.all(all)
    t.strictSame(log, ['flood', 'other', 'flood', 'flood', 'flood'])
    t.equal(queue.entered, 0)
  })

  t.test('refuses nobody while there is room, whoever has most', async (t) => {
    const { queue, enter } = await busyQueue(9)
    const all = Array.from({ length: 9 }, () => enter('flood'))
    for (const it of all) it.catch(() => t.fail('refused while there was room'))
    await settled()
    t.equal(queue.waiting, 9)
    t.throws(() => queue.refuseIfFull('flood'), { code: 'queue_full', statusCode: 429 })
    await t.rejects(enter('flood'), { code: 'queue_full', retryAfterSeconds: 1 })
  })

  t.test('where it is full, who has most makes room for who has less', async (t) => {
    const { queue, log, enter, next } = await busyQueue(3)
    const flood = ['flood', 'flood', 'flood'].map(enter)
    t.doesNotThrow(() => queue.refuseIfFull('other'))
    const other = enter('other')
    await t.rejects(flood[2]!, { code: 'queue_full' }, 'the newest of the flood')
    t.throws(() => queue.refuseIfFull('other'), { code: 'queue_full' }, 'two and one are even')
    await t.rejects(enter('other'), { code: 'queue_full' })
    for (let i = 0; i < 4; i++) await next()
    await Promise.all([flood[0], flood[1], other])
    t.strictSame(log, ['flood', 'other', 'flood'])
  })

  t.test('drops who has left or is too late', async (t) => {
    const { queue, next } = await busyQueue(3)
    const controller = new AbortController()
    const waiting = queue.enter(entrant('a', 10_000, controller.signal))
    controller.abort(new Error('left'))
    await t.rejects(waiting, { message: 'left' })
    t.strictSame([queue.entered, queue.waiting], [1, 0])
    await next()
    t.equal(queue.entered, 0)
    await t.rejects(queue.enter(entrant('a', 1, AbortSignal.abort(new Error('gone')))), {
      message: 'gone',
    })
  })

  t.test(
    'refuses at once what would wait beyond its deadline, and says for how long',
    async (t) => {
      const { queue, enter, next } = await busyQueue(99)
      const all = Array.from({ length: 40 }, () => enter('a'))
      // Each of the first twenty takes at least five milliseconds.
      for (let i = 0; i < 20; i++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        await next()
      }
      await t.rejects(queue.enter(entrant('a', 20)), {
        code: 'queue_full',
        message: /would wait about \d+ ms .* has 20 ms/,
      })
      const patient = queue.enter(entrant('a', 60_000))
      const expected = queue.retryAfterSeconds
      t.ok(expected >= 1 && expected <= 60, 'an honest number of seconds')
      for (let i = 0; i < 21; i++) await next()
      await Promise.all(all)
      const leave = await patient
      leave()
      await next()
    },
  )

  t.test('more places in work take more from the queue', async (t) => {
    let places = 1
    const queue = new RequestQueue({ inWork: () => places, length: 9 })
    const leave = await queue.enter(entrant('a'))
    const others = [queue.enter(entrant('a')), queue.enter(entrant('a'))]
    places = 2
    leave()
    await Promise.all(others)
    t.strictSame([queue.entered, queue.waiting], [2, 0])
  })
})

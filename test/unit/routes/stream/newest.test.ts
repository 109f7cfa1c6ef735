import t from 'tap'
import { Newest } from '../../../../src/routes/stream/newest.js'

/** A line whose work ends by hand. */
function line() {
  const started: number[] = []
  const dropped: number[] = []
  const ends: (() => void)[] = []
  const newest = new Newest<number>({
    work: (item) => {
      started.push(item)
      return new Promise((resolve) => ends.push(resolve))
    },
    onDrop: (item) => dropped.push(item),
  })
  const finish = async () => {
    ends.shift()!()
    await new Promise(setImmediate)
  }
  return { newest, started, dropped, finish }
}

t.test('one is in work, the newest waits', async (t) => {
  const { newest, started, dropped, finish } = line()
  for (const item of [0, 1, 2, 3]) newest.offer(item)
  t.strictSame(started, [0])
  t.strictSame(dropped, [1, 2])
  await finish()
  t.strictSame(started, [0, 3])
  await finish()
  newest.offer(4)
  t.strictSame(started, [0, 3, 4])
})

t.test('nothing begins while it is paused, and newer ones still win', async (t) => {
  const { newest, started, dropped, finish } = line()
  newest.offer(0)
  newest.pause()
  newest.offer(1)
  await finish()
  newest.offer(2)
  t.strictSame(started, [0])
  t.strictSame(dropped, [1])
  newest.resume()
  t.strictSame(started, [0, 2])
})

t.test('its end waits for what is in work, once', async (t) => {
  const { newest, started, dropped, finish } = line()
  let ended = 0
  newest.offer(0)
  newest.offer(1)
  newest.end(() => {
    ended += 1
  })
  newest.offer(2)
  t.strictSame(dropped, [1, 2])
  t.equal(ended, 0)
  await finish()
  t.equal(ended, 1)
  newest.resume()
  newest.end(() => {
    ended += 1
  })
  t.equal(ended, 1)
  t.strictSame(started, [0])

  const idle = line()
  idle.newest.end(() => {
    ended += 1
  })
  t.equal(ended, 2, 'at once where nothing is in work')
})

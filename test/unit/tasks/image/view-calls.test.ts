import t from 'tap'
import { GatewayError } from '../../../../src/errors.js'
import type { PreparedJob } from '../../../../src/tasks/image/image-job.js'
import { askInCalls } from '../../../../src/tasks/image/view-calls.js'

/** A view of a size; its data tells it from others. */
function view(name: number, width: number): PreparedJob {
  const input = { data: Uint8Array.of(name), size: { width, height: 10 }, transform: {} }
  return { input } as unknown as PreparedJob
}

const nameOf = ({ input }: PreparedJob) => input.data[0]!

t.test('askInCalls() answers in the order of the views, one size a call', async (t) => {
  const views = Array.from({ length: 11 }, (_, index) => view(index, index === 3 ? 20 : 10))
  const calls: number[][] = []
  const answers = await askInCalls(views, Number.POSITIVE_INFINITY, async (some) => {
    calls.push(some.map(nameOf))
    return some.map(nameOf)
  })
  t.strictSame(answers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  t.strictSame(calls, [[0, 1, 2, 4, 5, 6, 7, 8], [3], [9, 10]])
})

t.test('askInCalls() bounds the calls under way', async (t) => {
  const views = Array.from({ length: 40 }, (_, index) => view(index, 10))
  for (const [maxBatch, most] of [
    [1, 8],
    [4, 2],
  ] as const) {
    let underWay = 0
    let peak = 0
    await askInCalls(views, maxBatch, async (some) => {
      underWay += 1
      peak = Math.max(peak, underWay)
      await new Promise(setImmediate)
      underWay -= 1
      return some
    })
    t.equal(peak, most, `${maxBatch} a call`)
  }
})

t.test('askInCalls() tries the views of a refused call alone', async (t) => {
  const views = [view(0, 10), view(1, 10), view(2, 10)]
  for (const code of ['upstream_rejected', 'upstream_response_too_large'] as const) {
    const answers = await askInCalls(views, 8, async (some) => {
      if (some.length > 1) throw new GatewayError(code, 'too many')
      return some.map(nameOf)
    })
    t.strictSame(answers, [0, 1, 2], code)
  }
  const refused = askInCalls(views, 8, async () => {
    throw new GatewayError('upstream_rejected', 'whatever it is')
  })
  await t.rejects(refused, { code: 'upstream_rejected' })
})

t.test(
  'askInCalls() starts no call after one has failed, and ends when none is under way',
  async (t) => {
    const views = Array.from({ length: 10 }, (_, index) => view(index, index))
    let started = 0
    let ended = 0
    const asked = askInCalls(views, 8, async (some) => {
      started += 1
      if (nameOf(some[0]!) === 0) throw new GatewayError('upstream_unavailable', 'gone')
      await new Promise(setImmediate)
      ended += 1
      return some
    })
    await t.rejects(asked, { code: 'upstream_unavailable' })
    t.equal(started, 2)
    t.equal(ended, 1)
  },
)

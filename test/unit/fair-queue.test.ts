import t from 'tap'
import { FairQueue } from '../../src/fair-queue.js'

/** A queue of items that are named by their client and a number, added in this order. */
function queueOf(...items: string[]): FairQueue<string> {
  const queue = new FairQueue<string>()
  for (const item of items) queue.add(item[0]!, item)
  return queue
}

function drain(queue: FairQueue<string>): string[] {
  const taken: string[] = []
  for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item)
  return taken
}

t.test('FairQueue', async (t) => {
  t.test('takes turns between clients, in the order in which they came', async (t) => {
    const queue = queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2')
    t.equal(queue.size, 6)
    t.strictSame(drain(queue), ['a1', 'b1', 'c1', 'a2', 'c2', 'a3'])
    t.equal(queue.size, 0)
  })

  t.test('a client who comes back stands behind those who wait', async (t) => {
    const queue = queueOf('a1', 'b1')
    t.equal(queue.take(), 'a1')
    queue.add('a', 'a2')
    t.strictSame(drain(queue), ['b1', 'a2'])
  })

  t.test('peek() gives what take() then takes', async (t) => {
    const queue = queueOf('a1', 'a2', 'b1')
    queue.take()
    t.equal(queue.peek(), 'b1')
    t.equal(queue.take(), 'b1')
    t.equal(new FairQueue().peek(), undefined)
  })

  t.test('remove() takes an item out of turn, once', async (t) => {
    const queue = queueOf('a1', 'a2', 'b1')
    t.equal(queue.remove('a', 'a1'), true)
    t.equal(queue.remove('a', 'a1'), false)
    t.equal(queue.remove('z', 'a2'), false)
    t.strictSame(drain(queue), ['a2', 'b1'])
  })

  t.test('takeFromLongest() takes the newest of the client who has most', async (t) => {
    const queue = queueOf('a1', 'b1', 'b2', 'b3', 'c1')
    t.equal(queue.takeFromLongest(3), undefined, 'nobody has more than three')
    t.equal(queue.takeFromLongest(2), 'b3')
    t.strictSame(drain(queue), ['a1', 'b1', 'c1', 'b2'])
  })
})

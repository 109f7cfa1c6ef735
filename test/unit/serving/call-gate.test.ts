import { setImmediate as tick } from 'node:timers/promises'
import t from 'tap'
import { CallGate } from '../../../src/serving/call-gate.js'

const far = () => ({ deadline: Date.now() + 60_000, onDeadline: () => new Error('too late') })

interface Held {
  readonly end: () => void
  readonly done: Promise<string>
}

function hold(gate: CallGate, started: string[], name: string, limit = far()): Held {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const done = gate.run(async () => {
    started.push(name)
    await ended
    return name
  }, limit)
  return { end: () => end(), done }
}

t.test('CallGate lets calls in up to its limit and the others in order of arrival', async (t) => {
  const gate = new CallGate(2)
  const started: string[] = []
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => hold(gate, started, name))
  await tick()
  t.strictSame([started, gate.inFlight, gate.waiting], [['a', 'b'], 2, 2])
  b?.end()
  t.equal(await b?.done, 'b')
  await tick()
  t.strictSame(started, ['a', 'b', 'c'])
  for (const each of [a, c, d]) each?.end()
  t.strictSame(await Promise.all([a?.done, c?.done, d?.done]), ['a', 'c', 'd'])
  t.strictSame([gate.inFlight, gate.waiting], [0, 0])
})

t.test('CallGate frees the place of a call that fails', async (t) => {
  const gate = new CallGate(1)
  await t.rejects(
    gate.run(() => Promise.reject(new Error('broken')), far()),
    { message: 'broken' },
  )
  t.equal(await gate.run(() => Promise.resolve('next'), far()), 'next')
})

t.test('CallGate admits waiting calls when its limit rises', async (t) => {
  const gate = new CallGate(1)
  const started: string[] = []
  const held = ['a', 'b', 'c'].map((name) => hold(gate, started, name))
  gate.limit = 3
  await tick()
  t.strictSame(started, ['a', 'b', 'c'])
  gate.limit = 0
  t.equal(gate.limit, 1, 'never below one')
  for (const each of held) each.end()
  await Promise.all(held.map((each) => each.done))
})

t.test('CallGate drops a call whose signal aborts while it waits', async (t) => {
  const gate = new CallGate(1)
  const started: string[] = []
  const held = hold(gate, started, 'a')
  const client = new AbortController()
  const waiting = gate.run(() => Promise.resolve('b'), { ...far(), signal: client.signal })
  client.abort(new Error('client left'))
  await t.rejects(waiting, { message: 'client left' })
  t.equal(gate.waiting, 0)
  await t.rejects(
    gate.run(() => Promise.resolve('c'), { ...far(), signal: client.signal }),
    { message: 'client left' },
    'a signal that has aborted before',
  )
  held.end()
  await held.done
  t.equal(gate.inFlight, 0)
})

t.test('CallGate drops a call whose deadline passes while it waits', async (t) => {
  const gate = new CallGate(1)
  const held = hold(gate, [], 'a')
  const limit = { ...far(), deadline: Date.now() + 10 }
  await t.rejects(
    gate.run(() => Promise.resolve('b'), limit),
    { message: 'too late' },
  )
  held.end()
  await held.done
})

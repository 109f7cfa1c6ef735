import t from 'tap'
import { Slots } from '../../../src/imaging/slots.js'

const never = { client: 'one', signal: new AbortController().signal }

/** A step that ends when it is told to. */
function gate() {
  let open!: () => void
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { step: () => opened, open }
}

t.test('run()', async (t) => {
  t.test('never runs more steps at once than there are slots, in order of arrival', async (t) => {
    const slots = new Slots({ slots: 2, bytes: 1000 })
    const gates = [gate(), gate(), gate(), gate()]
    const started: number[] = []
    const runs = gates.map((it, i) =>
      slots.run(() => {
        started.push(i)
        return it.step()
      }, never),
    )
    await Promise.resolve()
    t.strictSame(started, [0, 1])
    t.equal(slots.busy, 2)
    t.equal(slots.waiting, 2)
    gates[1]!.open()
    await runs[1]
    t.strictSame(started, [0, 1, 2])
    for (const it of gates) it.open()
    await Promise.all(runs)
    t.strictSame(started, [0, 1, 2, 3])
    t.equal(slots.busy, 0)
  })

  t.test('frees the slot of a step that fails', async (t) => {
    const slots = new Slots({ slots: 1, bytes: 1000 })
    await t.rejects(
      slots.run(async () => {
        throw new Error('broken')
      }, never),
      { message: 'broken' },
    )
    t.equal(await slots.run(async () => 'next', never), 'next')
  })

  t.test('drops work from the line when its signal aborts', async (t) => {
    const slots = new Slots({ slots: 1, bytes: 1000 })
    const first = gate()
    const running = slots.run(first.step, never)
    const controller = new AbortController()
    const waiting = slots.run(async () => t.fail('ran after it was dropped'), {
      client: 'one',
      signal: controller.signal,
    })
    controller.abort(new Error('left'))
    await t.rejects(waiting, { message: 'left' })
    t.equal(slots.waiting, 0)
    first.open()
    await running
    t.equal(slots.busy, 0)
    await t.rejects(
      slots.run(async () => t.fail('ran with an aborted signal'), {
        client: 'one',
        signal: controller.signal,
      }),
      { message: 'left' },
    )
  })

  t.test('does not wait for a step that outlives its signal, whose slot stays taken', async (t) => {
    const slots = new Slots({ slots: 1, bytes: 1000 })
    const { step, open } = gate()
    const controller = new AbortController()
    const running = slots.run(step, { client: 'one', signal: controller.signal })
    const next = slots.run(async () => 'next', never)
    controller.abort(new Error('too late'))
    await t.rejects(running, { message: 'too late' })
    t.strictSame([slots.busy, slots.waiting], [1, 1])
    open()
    t.equal(await next, 'next')
    t.equal(slots.busy, 0)
  })

  t.test('bounds the bytes of what runs at once', async (t) => {
    const slots = new Slots({ slots: 4, bytes: 1000 })
    const large = gate()
    const running = slots.run(large.step, { ...never, bytes: 900 })
    const next = slots.run(async () => 'next', { ...never, bytes: 200 })
    await Promise.resolve()
    t.strictSame([slots.busy, slots.bytesBusy, slots.waiting], [1, 900, 1])
    large.open()
    await running
    t.equal(await next, 'next')
    t.strictSame([slots.busy, slots.bytesBusy], [0, 0])
  })

  t.test('does not wait for a step that outruns its limit, whose slot stays taken', async (t) => {
    const slots = new Slots({ slots: 1, bytes: 1000 })
    const { step, open } = gate()
    const limit = { ms: 1, error: () => new Error('too slow') }
    await t.rejects(slots.run(step, never, limit), { message: 'too slow' })
    t.equal(slots.busy, 1)
    open()
    t.equal(await slots.run(async () => 'next', never, limit), 'next')
  })
})

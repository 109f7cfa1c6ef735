import t from 'tap'
import { FairGate } from '../../src/fair-gate.js'

const { signal } = new AbortController()

/** Enters and notes the name when it has. */
function enter(gate: FairGate, log: string[], client: string, bytes: number, stop = signal) {
  return gate.enter({ client, signal: stop, bytes }).then((leave) => {
    log.push(`${client}${bytes}`)
    return leave
  })
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

t.test('FairGate', async (t) => {
  t.test('what is large waits for room and is not overtaken by what is small', async (t) => {
    const gate = new FairGate({ places: 9, bytes: 100 })
    const log: string[] = []
    const first = await enter(gate, log, 'a', 60)
    const large = enter(gate, log, 'b', 90)
    const small = enter(gate, log, 'c', 10)
    await settled()
    t.strictSame(log, ['a60'])
    first()
    const leaveLarge = await large
    const leaveSmall = await small
    t.strictSame(log, ['a60', 'b90', 'c10'])
    t.strictSame([gate.inside, gate.bytesInside], [2, 100])
    leaveLarge()
    leaveLarge()
    leaveSmall()
    t.strictSame([gate.inside, gate.bytesInside, gate.waiting], [0, 0, 0])
  })

  t.test('who gives up makes way for those behind', async (t) => {
    const gate = new FairGate({ places: 9, bytes: 100 })
    const log: string[] = []
    await enter(gate, log, 'a', 60)
    const controller = new AbortController()
    const large = enter(gate, log, 'b', 90, controller.signal)
    const small = enter(gate, log, 'c', 10)
    controller.abort(new Error('left'))
    await t.rejects(large, { message: 'left' })
    await small
    t.strictSame(log, ['a60', 'c10'])
  })

  t.test('clients take turns', async (t) => {
    const gate = new FairGate({ places: 1, bytes: 100 })
    const log: string[] = []
    const pass = async (client: string, bytes: number) => (await enter(gate, log, client, bytes))()
    const all = [pass('a', 1), pass('a', 2), pass('a', 3), pass('b', 4)]
    await Promise.all(all)
    t.strictSame(log, ['a1', 'a2', 'b4', 'a3'])
  })

  t.test('asking for more than there is throws', async (t) => {
    const gate = new FairGate({ places: 1, bytes: 100 })
    await t.rejects(gate.enter({ client: 'a', signal, bytes: 101 }), RangeError)
    await t.rejects(gate.enter({ client: 'a', signal: AbortSignal.abort(), bytes: 1 }))
    t.equal(gate.inside, 0)
  })
})

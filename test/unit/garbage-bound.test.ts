import { setImmediate } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import t from 'tap'
import { GarbageBound } from '../../src/garbage-bound.js'

const MEBIBYTE = 1024 * 1024

t.test('what nobody holds any more is collected when there is too much of it', async (t) => {
  const external = () => getHeapStatistics().external_memory
  const drop = () => {
    Buffer.alloc(64 * MEBIBYTE)
    return external()
  }
  const before = drop()
  new GarbageBound(32 * MEBIBYTE).check()
  await setImmediate()
  t.ok(before - external() > 48 * MEBIBYTE, `${before} bytes have become ${external()}`)
})

t.test('GarbageBound', async (t) => {
  const setUp = () => {
    const state = { external: 0, now: 0, collected: 0 }
    const collect = () => {
      state.collected += 1
      state.now += 10
    }
    const options = { external: () => state.external, now: () => state.now, collect }
    return { state, garbage: new GarbageBound(100, options) }
  }

  t.test('leaves little alone', async (t) => {
    const { state, garbage } = setUp()
    state.external = 100
    garbage.check()
    await setImmediate()
    t.equal(state.collected, 0)
  })

  t.test('collects once what several ask for, and not before their turn has ended', async (t) => {
    const { state, garbage } = setUp()
    state.external = 101
    garbage.check()
    garbage.check()
    t.equal(state.collected, 0)
    await setImmediate()
    t.equal(state.collected, 1)
  })

  t.test('spends a twentieth of the time at most', async (t) => {
    const { state, garbage } = setUp()
    const checkAt = async (now: number) => {
      state.now = now
      garbage.check()
      await setImmediate()
    }
    state.external = 101
    await checkAt(0)
    await checkAt(209)
    t.equal(state.collected, 1)
    await checkAt(210)
    t.equal(state.collected, 2)
  })
})

import t from 'tap'
import { freeMemory } from '../../src/free-memory.js'

const canFree = 'transfer' in ArrayBuffer.prototype

t.test('freeMemory() gives back the memory of a view that has it to itself', (t) => {
  for (const view of [new Uint8Array(100_000), new Float32Array(1000), Buffer.allocUnsafeSlow(9)]) {
    const { byteLength } = view
    freeMemory(view)
    t.equal(view.byteLength, canFree ? 0 : byteLength)
    freeMemory(view)
  }
  t.end()
})

t.test('freeMemory() leaves views of a part of a buffer alone, and shared memory', (t) => {
  const whole = Buffer.allocUnsafeSlow(100_000)
  const shared = new Uint8Array(new SharedArrayBuffer(16))
  const pooled = Buffer.from('of the pool that Node keeps')
  for (const view of [whole.subarray(1), shared, pooled]) {
    const { byteLength } = view
    freeMemory(view)
    t.equal(view.byteLength, byteLength)
  }
  t.equal(whole.length, 100_000)
  t.end()
})

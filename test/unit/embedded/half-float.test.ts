import t from 'tap'
import {
  fromBfloat16Bits,
  fromHalfBits,
  toBfloat16Bits,
  toHalfBits,
} from '../../../src/embedded/half-float.js'

const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number

t.test('halves have the bits of IEEE 754', async (t) => {
  const rows = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [POSITIVE_INFINITY, 0x7c00],
    [NEGATIVE_INFINITY, 0xfc00],
  ] as const
  for (const [value, bits] of rows) {
    t.equal(toHalfBits(value), bits, `to ${value}`)
    t.ok(Object.is(fromHalfBits(bits), value), `from ${value}`)
  }
  t.ok(Number.isNaN(fromHalfBits(toHalfBits(Number.NaN))))
})

t.test('every half survives', async (t) => {
  const lost = Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => !Number.isNaN(fromHalfBits(bits)) && toHalfBits(fromHalfBits(bits)) !== bits,
  )
  t.strictSame(lost, [])
})

t.test('halves are rounded to the nearest, ties to even', async (t) => {
  t.equal(fromHalfBits(toHalfBits(2049)), 2048)
  t.equal(fromHalfBits(toHalfBits(2051)), 2052)
  t.equal(fromHalfBits(toHalfBits(0.1)), 0.0999755859375)
  t.equal(toHalfBits(65519), 0x7bff)
  t.equal(toHalfBits(65520), 0x7c00)
})

t.test('bfloat16 has the upper bits of a float, rounded', async (t) => {
  t.equal(toBfloat16Bits(1), 0x3f80)
  t.equal(fromBfloat16Bits(0xc040), -3)
  t.equal(fromBfloat16Bits(toBfloat16Bits(1 + 2 ** -8)), 1, 'tie to even')
  t.equal(fromBfloat16Bits(toBfloat16Bits(1 + 3 * 2 ** -8)), 1 + 2 ** -6, 'tie to even, up')
  t.ok(Number.isNaN(fromBfloat16Bits(toBfloat16Bits(Number.NaN))))
})

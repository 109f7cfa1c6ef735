import t from 'tap'
import { fromBfloat16, fromHalf, toBfloat16, toHalf } from '../../../src/serving/half.js'

const ROWS: [string, number, number][] = [
  ['zero', 0x0000, 0],
  ['minus zero', 0x8000, -0],
  ['one', 0x3c00, 1],
  ['minus two', 0xc000, -2],
  ['a third', 0x3555, 0.333251953125],
  ['the largest', 0x7bff, 65504],
  ['the smallest normal', 0x0400, 2 ** -14],
  ['the largest subnormal', 0x03ff, 1023 * 2 ** -24],
  ['the smallest subnormal', 0x0001, 2 ** -24],
  ['infinity', 0x7c00, Number.POSITIVE_INFINITY],
  ['minus infinity', 0xfc00, Number.NEGATIVE_INFINITY],
]

t.test('fromHalf() and toHalf() turn bits into numbers and back', (t) => {
  for (const [name, bits, value] of ROWS) {
    t.ok(Object.is(fromHalf(bits), value), name)
    t.equal(toHalf(value), bits, name)
  }
  t.ok(Number.isNaN(fromHalf(0x7e00)))
  t.equal(toHalf(Number.NaN), 0x7e00)
  t.end()
})

t.test('toHalf() gives back all bits that fromHalf() widens', (t) => {
  const wrong = Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => !Number.isNaN(fromHalf(bits)) && toHalf(fromHalf(bits)) !== bits,
  )
  t.strictSame(wrong, [])
  t.end()
})

t.test('toHalf() rounds to the nearest, ties to even', (t) => {
  const rows: [number, number][] = [
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [2047.9, 0x6800],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [2 ** -14 - 2 ** -26, 0x0400],
  ]
  for (const [value, bits] of rows) t.equal(toHalf(value), bits, String(value))
  t.end()
})

t.test('fromBfloat16() and toBfloat16() turn bits into numbers and back', (t) => {
  const rows: [number, number][] = [
    [0x3f80, 1],
    [0xc000, -2],
    [0x3eab, 0.333984375],
    [0x7f80, Number.POSITIVE_INFINITY],
  ]
  for (const [bits, value] of rows) {
    t.equal(fromBfloat16(bits), value)
    t.equal(toBfloat16(value), bits)
  }
  t.equal(toBfloat16(1 + 2 ** -8), 0x3f80, 'a tie goes to even')
  t.equal(toBfloat16(1 + 3 * 2 ** -8), 0x3f82, 'a tie goes to even')
  t.ok(Number.isNaN(fromBfloat16(toBfloat16(Number.NaN))))
  t.end()
})

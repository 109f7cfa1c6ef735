import t from 'tap'
import {
  type Colour,
  colourOfClass,
  contrastRatio,
  PALETTE,
  textColourOn,
} from '../../../src/imaging/palette.js'

function toOklab({ r, g, b }: Colour): [number, number, number] {
  const linear = (channel: number) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4
  const [red, green, blue] = [linear(r), linear(g), linear(b)]
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function distance(one: Colour, other: Colour): number {
  const there = toOklab(other)
  return Math.hypot(...toOklab(one).map((value, index) => value - there[index]!))
}

t.test('the palette has colours that differ, neighbours most', async (t) => {
  for (const [index, colour] of PALETTE.entries()) {
    t.ok(distance(colour, PALETTE[(index + 1) % PALETTE.length]!) >= 0.25, `${index} and the next`)
    for (const other of PALETTE.slice(index + 1)) t.ok(distance(colour, other) >= 0.07)
  }
})

t.test('colourOfClass() gives every id one colour', async (t) => {
  t.equal(colourOfClass(18), colourOfClass(18))
  t.not(colourOfClass(17), colourOfClass(18))
  for (let id = 0; id < 100; id++) {
    t.ok(distance(colourOfClass(id), colourOfClass(id + 1)) >= 0.1, `${id} and ${id + 1}`)
  }
  for (const id of [-1, -20, 0.5, 1e15, Number.NaN, Infinity]) {
    t.ok(PALETTE.includes(colourOfClass(id)), String(id))
  }
})

t.test('textColourOn() reads at 4.5:1 on every colour', async (t) => {
  const plates = Array.from({ length: 52 }, (_, step) => 5 * step).flatMap((value) => [
    { r: value, g: value, b: value },
    { r: value, g: 255 - value, b: 128 },
    { r: 255, g: value, b: 0 },
  ])
  const ratios = [...plates, ...PALETTE].map((plate) => contrastRatio(plate, textColourOn(plate)))
  t.ok(Math.min(...ratios) >= 4.5)
})

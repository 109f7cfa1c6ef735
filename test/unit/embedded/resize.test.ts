import t from 'tap'
import { NETWORK_SIZE, toNetworkInput } from '../../../src/embedded/resize.js'

const AS_IS = { multiplier: 1, subtrahend: 0 }

/** One channel of one row. */
const row = (image: Float32Array, y: number, channel = 0) =>
  Array.from({ length: NETWORK_SIZE }, (_, x) => image[(y * NETWORK_SIZE + x) * 3 + channel]!)

t.test('toNetworkInput() only scales an image that has the right size', async (t) => {
  const pixels = new Uint8Array(NETWORK_SIZE * NETWORK_SIZE * 3).map((_, i) => i % 256)
  const image = toNetworkInput(pixels, NETWORK_SIZE, NETWORK_SIZE, {
    multiplier: Math.fround(2 / 255),
    subtrahend: 1,
  })
  t.equal(image.length, pixels.length)
  t.equal(image[0], -1)
  t.equal(image[255], 1)
  t.ok(Math.abs(image[51]! + 0.6) < 1e-6)
})

t.test('toNetworkInput() samples at x * width / 300, as TensorFlow 1 does', async (t) => {
  const ramp = (size: number) =>
    new Uint8Array(size * size * 3).map((_, i) => Math.floor(i / 3) % size)
  const half = row(toNetworkInput(ramp(150), 150, 150, AS_IS), 0)
  t.strictSame(half.slice(0, 5), [0, 0.5, 1, 1.5, 2], 'enlarged: between neighbours')
  t.equal(half[299], 149, 'enlarged: the last column repeats beyond the edge')
  const double = new Uint8Array(600 * 600 * 3).map((_, i) => (Math.floor(i / 3) % 600) % 2)
  t.ok(
    row(toNetworkInput(double, 600, 600, AS_IS), 0).every((v) => v === 0),
    'shrunk: no averaging',
  )
})

t.test('toNetworkInput() interpolates rows, columns and channels apart', async (t) => {
  // 2x2 pixels: red grows to the right, green downwards, blue is constant.
  const pixels = Uint8Array.of(0, 0, 9, 100, 0, 9, 0, 200, 9, 100, 200, 9)
  const image = toNetworkInput(pixels, 2, 2, AS_IS)
  t.equal(row(image, 0)[75], 50, 'red a quarter to the right')
  t.equal(row(image, 200)[75], 50, 'red is the same in each row')
  t.equal(row(image, 75, 1)[10], 100, 'green a quarter down')
  t.equal(row(image, 299, 1)[10], 200, 'green at the bottom')
  t.ok(
    row(image, 120, 2).every((value) => value === 9),
    'blue',
  )
})

t.test('toNetworkInput() takes images that are not square, down to one pixel', async (t) => {
  const image = toNetworkInput(Uint8Array.of(7, 8, 9), 1, 1, AS_IS)
  t.strictSame([...image.subarray(-3)], [7, 8, 9])
  const tall = toNetworkInput(new Uint8Array(2000 * 3 * 3).fill(5), 2000, 3, AS_IS)
  t.ok(tall.every((value) => value === 5))
})

import t, { type Test } from 'tap'
import type { SsdAnchorSettings } from '../../../../src/export/training/pipeline-settings.js'
import { makeAnchors } from '../../../../src/export/training/ssd-anchors.js'

const SSD: SsdAnchorSettings = {
  kind: 'ssd',
  layers: 6,
  minScale: 0.2,
  maxScale: 0.95,
  scales: [],
  aspectRatios: [1, 2, 0.5, 3, 0.3333],
  interpolatedRatio: 1,
  reduceLowest: true,
  baseSize: [1, 1],
  strides: [],
  offsets: [],
}

const GRIDS = [19, 10, 5, 3, 2, 1].map((side) => [side, side] as const)

function anchor(corners: Float32Array, place: number): number[] {
  return [...corners.subarray(4 * place, 4 * place + 4)]
}

function nearly(t: Test, found: readonly number[], wanted: readonly number[], name: string): void {
  t.ok(
    found.length === wanted.length &&
      found.every((value, i) => Math.abs(value - wanted[i]!) < 1e-6),
    `${name}: ${found}`,
  )
}

t.test('of ssd_anchor_generator', async (t) => {
  const { corners, perCell } = makeAnchors(SSD, GRIDS, [300, 300])
  t.strictSame(perCell, [3, 6, 6, 6, 6, 6])
  t.equal(corners.length, 1917 * 4, 'the 1917 of SSD MobileNet at 300 x 300')
  const center = 0.5 / 19
  nearly(
    t,
    anchor(corners, 0),
    [center - 0.05, center - 0.05, center + 0.05, center + 0.05],
    'lowest',
  )
  const [height, width] = [0.2 / Math.SQRT2, 0.2 * Math.SQRT2]
  nearly(
    t,
    anchor(corners, 1),
    [center - height / 2, center - width / 2, center + height / 2, center + width / 2],
    'lowest, twice as wide',
  )
  const last = Math.sqrt(0.95)
  nearly(
    t,
    anchor(corners, 1916),
    [0.5 - last / 2, 0.5 - last / 2, 0.5 + last / 2, 0.5 + last / 2],
    'between the last scale and 1; nothing is clipped',
  )
  t.ok(anchor(corners, 1914)[1]! < 0, 'corners may lie outside')
})

t.test('strides, offsets, scales and base size of their own', async (t) => {
  const settings: SsdAnchorSettings = {
    ...SSD,
    layers: 1,
    scales: [0.4],
    aspectRatios: [1],
    interpolatedRatio: 0,
    reduceLowest: false,
    baseSize: [0.5, 1],
    strides: [[50, 100]],
    offsets: [[10, 20]],
  }
  const { corners, perCell } = makeAnchors(settings, [[2, 2]], [100, 200])
  t.strictSame(perCell, [1])
  // The shorter side is the unit: 0.4 * 0.5 of 100 pixels high, 0.4 of 100 pixels wide.
  nearly(t, anchor(corners, 0), [0.1 - 0.1, 0.1 - 0.1, 0.1 + 0.1, 0.1 + 0.1], 'first')
  nearly(t, anchor(corners, 3), [0.6 - 0.1, 0.6 - 0.1, 0.6 + 0.1, 0.6 + 0.1], 'last')
})

t.test('of multiscale_anchor_generator', async (t) => {
  const settings = {
    kind: 'multiscale',
    minLevel: 3,
    maxLevel: 4,
    anchorScale: 4,
    aspectRatios: [1, 2],
    scalesPerOctave: 2,
  } as const
  const grids = [
    [2, 2],
    [1, 1],
  ] as const
  const { corners, perCell } = makeAnchors(settings, grids, [16, 12])
  t.strictSame(perCell, [4, 4])
  // 8 divides 16 and not 12: the centre is half a stride down, and at the very left.
  nearly(t, anchor(corners, 0), [(4 - 16) / 16, -16 / 12, (4 + 16) / 16, 16 / 12], 'first')
  const side = 16 * Math.SQRT2
  nearly(
    t,
    anchor(corners, 1),
    [(4 - side) / 16, -side / 12, (4 + side) / 16, side / 12],
    'second octave',
  )
})

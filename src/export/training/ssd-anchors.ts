import type { MultiscaleAnchorSettings, SsdAnchorSettings } from './pipeline-settings.js'

const f32 = Math.fround

type Pair = readonly [height: number, width: number]

/** The anchors of an SSD: boxes that the network's boxes are relative to. */
export interface Anchors {
  /** `[count, 4]` row-major: ymin, xmin, ymax, xmax, 1 is the image's side; by level, then y, x and kind. */
  readonly corners: Float32Array
  /** Kinds of anchors at each place of a level's grid. */
  readonly perCell: readonly number[]
}

/**
 * Computes the anchors for grids of an image of a size in pixels, in float32 and in the order of operations of the Object
 * Detection API's generators, so that they are equal to the last bit. There must be as many grids as the settings have levels.
 */
export function makeAnchors(
  settings: SsdAnchorSettings | MultiscaleAnchorSettings,
  grids: readonly Pair[],
  size: Pair,
): Anchors {
  const levels =
    settings.kind === 'ssd' ? ssdLevels(settings, grids, size) : octaveLevels(settings, grids, size)
  const parts = levels.map(tile)
  const corners = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let place = 0
  for (const part of parts) {
    corners.set(part, place)
    place += part.length
  }
  return { corners, perCell: levels.map(({ kinds }) => kinds.length) }
}

/** The anchors of one level. */
interface Level {
  readonly grid: Pair
  readonly kinds: readonly Kind[]
  /** What the scales are multiples of. */
  readonly base: Pair
  readonly stride: Pair
  readonly offset: Pair
  /** What the corners are multiplied by in the end. */
  readonly factor: Pair
}

interface Kind {
  readonly scale: number
  /** Width by height. */
  readonly ratio: number
}

function ssdLevels(settings: SsdAnchorSettings, grids: readonly Pair[], [H, W]: Pair): Level[] {
  const { strides, offsets, baseSize } = settings
  const scales = [...ssdScales(settings), 1]
  const side = Math.min(H, W)
  const base: Pair = [f32(f32(side / H) * f32(baseSize[0])), f32(f32(side / W) * f32(baseSize[1]))]
  return grids.map((grid, level) => {
    const given = strides[level]
    const stride: Pair =
      given === undefined ? [f32(1 / grid[0]), f32(1 / grid[1])] : relative(given, [H, W])
    const shift = offsets[level]
    const offset: Pair =
      shift === undefined ? [f32(0.5 * stride[0]), f32(0.5 * stride[1])] : relative(shift, [H, W])
    return { grid, kinds: ssdKinds(settings, scales, level), base, stride, offset, factor: [1, 1] }
  })
}

function relative([y, x]: Pair, [H, W]: Pair): Pair {
  return [f32(f32(y) / H), f32(f32(x) / W)]
}

function ssdScales({ layers, minScale, maxScale, scales }: SsdAnchorSettings): readonly number[] {
  if (scales.length > 0) return scales.map(f32)
  const [low, high] = [f32(minScale), f32(maxScale)]
  if (layers === 1) return [low]
  return Array.from({ length: layers }, (_, i) => low + ((high - low) * i) / (layers - 1))
}

function ssdKinds(settings: SsdAnchorSettings, scales: readonly number[], level: number): Kind[] {
  const scale = scales[level]!
  if (level === 0 && settings.reduceLowest) {
    return [
      { scale: 0.1, ratio: 1 },
      { scale, ratio: 2 },
      { scale, ratio: 0.5 },
    ]
  }
  const kinds = settings.aspectRatios.map((ratio) => ({ scale, ratio: f32(ratio) }))
  if (settings.interpolatedRatio <= 0) return kinds
  const between = Math.sqrt(scale * scales[level + 1]!)
  return [...kinds, { scale: between, ratio: f32(settings.interpolatedRatio) }]
}

/** The anchors of feature pyramids: octaves of sizes, each with the same ratios. */
function octaveLevels(
  { minLevel, anchorScale, aspectRatios, scalesPerOctave }: MultiscaleAnchorSettings,
  grids: readonly Pair[],
  [H, W]: Pair,
): Level[] {
  const scales = Array.from({ length: scalesPerOctave }, (_, i) => 2 ** (i / scalesPerOctave))
  const kinds = aspectRatios.flatMap((ratio) =>
    scales.map((scale) => ({ scale, ratio: f32(ratio) })),
  )
  return grids.map((grid, index) => {
    const stride = 2 ** (minLevel + index)
    const base = f32(stride * f32(anchorScale))
    // The generator shifts by half a stride only where the stride divides the side.
    const offset: Pair = [H % stride === 0 ? stride / 2 : 0, W % stride === 0 ? stride / 2 : 0]
    return {
      grid,
      kinds,
      base: [base, base],
      stride: [stride, stride],
      offset,
      factor: [f32(1 / H), f32(1 / W)],
    }
  })
}

function tile({ grid, kinds, base, stride, offset, factor }: Level): Float32Array {
  const halves = kinds.map(({ scale, ratio }) => halfSize(scale, ratio, base))
  const corners = new Float32Array(grid[0] * grid[1] * kinds.length * 4)
  let place = 0
  for (let row = 0; row < grid[0]; row++) {
    const y = f32(f32(row * stride[0]) + offset[0])
    for (let column = 0; column < grid[1]; column++) {
      const x = f32(f32(column * stride[1]) + offset[1])
      for (const [height, width] of halves) {
        corners[place++] = f32(y - height) * factor[0]
        corners[place++] = f32(x - width) * factor[1]
        corners[place++] = f32(y + height) * factor[0]
        corners[place++] = f32(x + width) * factor[1]
      }
    }
  }
  return corners
}

function halfSize(scale: number, ratio: number, base: Pair): Pair {
  const root = f32(Math.sqrt(ratio))
  const height = f32(f32(f32(scale) / root) * base[0])
  const width = f32(f32(f32(scale) * root) * base[1])
  return [f32(0.5 * height), f32(0.5 * width)]
}

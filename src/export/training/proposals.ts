import { integersAttribute, typeAttribute } from '../node-builder.js'
import type { GridAnchorSettings } from './faster-rcnn-settings.js'
import type { NodeList } from './node-list.js'
import type { SuppressionSettings } from './pipeline-settings.js'

const BOOL = typeAttribute('DT_BOOL')
const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')
const INT64 = typeAttribute('DT_INT64')

const f32 = Math.fround

/** The scales of a Faster R-CNN's box coder, y, x, height, width: its builder has them fixed. */
const CODER_SCALES = [10, 10, 5, 5]

/** Boxes as two tensors `[..., 2]` of corners, y and x, in pixels of the resized image. */
export interface Corners {
  readonly low: string
  readonly high: string
}

/** The first stage of a Faster R-CNN as the graph predicts it for one image. */
export interface FirstStage {
  /** `[1, rows, columns, 4 x kinds]`. */
  readonly boxes: string
  /** `[1, rows, columns, 2 x kinds]`, background first. */
  readonly classes: string
  /** `[1, rows, columns, depth]`: its grid is that of the anchors. */
  readonly features: string
  /** float32 `[2]`: height and width of the image. */
  readonly size: string
}

/** Gives the heights and widths of a grid's kinds of anchors in pixels, by ratio, then scale; `[kinds, 2]` row by row. */
export function anchorKinds({ baseSize, scales, aspectRatios }: GridAnchorSettings): number[] {
  return aspectRatios.flatMap((ratio) => {
    const root = f32(Math.sqrt(ratio))
    return scales.flatMap((scale) => [
      f32(f32(f32(scale) / root) * baseSize[0]),
      f32(f32(f32(scale) * root) * baseSize[1]),
    ])
  })
}

/**
 * Makes what lies between the stages of a Faster R-CNN at inference: anchors, clipped to the image, the first stage's boxes
 * relative to them, suppressed without regard to class, clipped, and dropped where no area is left. Training samples
 * proposals instead, so that the graph has nothing of it. Gives float32 `[proposals, 4]`, 1 is the image's side.
 */
export function addProposals(
  list: NodeList,
  { boxes, classes, features, size }: FirstStage,
  anchors: GridAnchorSettings,
  { maxTotal, iouThreshold, scoreThreshold }: SuppressionSettings,
): string {
  const places = addGridAnchors(list, features, size, anchors)
  const decoded = decodeCorners(list, list.reshape(boxes, [-1, 4]), places, [-1])
  const columns = list.op('Softmax', [list.reshape(classes, [-1, 2])])
  const scores = list.reshape(list.slice(columns, [0, 1], [-1, 1]), [-1])
  const inputs = [
    list.concat([decoded.low, decoded.high], 1),
    scores,
    list.integers(maxTotal),
    list.floats(iouThreshold),
    list.floats(scoreThreshold),
  ]
  const best = list.op('NonMaxSuppressionV3', inputs, { T_threshold: FLOAT })
  const clipped = {
    low: clipCorner(list, gather(list, decoded.low, best, INT32), size),
    high: clipCorner(list, gather(list, decoded.high, best, INT32), size),
  }
  const kept = withArea(list, clipped)
  const corners = [gather(list, clipped.low, kept, INT64), gather(list, clipped.high, kept, INT64)]
  return list.op('Mul', [list.concat(corners, 1), inverseSize(list, size)])
}

/** Gives 1 / (height, width, height, width): boxes times this are relative to the image. */
export function inverseSize(list: NodeList, size: string): string {
  return list.op('RealDiv', [list.floats(1), list.concat([size, size], 0)])
}

/**
 * Decodes predictions `[..., 4]` against boxes whose corners fit them by broadcasting: centres move by sizes of the box,
 * sizes grow by exponentials. `lead` are the dimensions before the last, -1 for any.
 */
export function decodeCorners(
  list: NodeList,
  encodings: string,
  { low, high }: Corners,
  lead: readonly number[],
): Corners {
  const scaled = list.op('RealDiv', [encodings, list.floats(CODER_SCALES)])
  const part = (begin: number) =>
    list.slice(scaled, [...lead.map(() => 0), begin], [...lead.map(() => -1), 2])
  const sizes = list.op('Sub', [high, low])
  const centers = list.op('Add', [low, list.op('RealDiv', [sizes, list.floats(2)])])
  const center = list.op('Add', [list.op('Mul', [part(0), sizes]), centers])
  const grown = list.op('Mul', [list.op('Exp', [part(2)]), sizes])
  const half = list.op('RealDiv', [grown, list.floats(2)])
  return { low: list.op('Sub', [center, half]), high: list.op('Add', [center, half]) }
}

/** The grid is known only when there is an image, so that it is computed in the graph; clipped, `[anchors, 2]` each. */
function addGridAnchors(
  list: NodeList,
  features: string,
  size: string,
  settings: GridAnchorSettings,
): Corners {
  const kinds = anchorKinds(settings)
  const count = kinds.length / 2
  const shape = list.op('Shape', [features], { out_type: INT32 })
  const rows = gridCenters(list, shape, 0, settings)
  const columns = gridCenters(list, shape, 1, settings)
  // Sums with zeros bring both to [rows, columns, kinds, 1].
  const perKind = list.tensor([1, 1, count, 1], new Float32Array(count))
  const spread = (centers: string, other: string) => {
    const zeros = list.op('Mul', [other, list.floats(0)])
    return list.op('Add', [list.op('Add', [centers, zeros]), perKind])
  }
  const centers = list.concat([spread(rows, columns), spread(columns, rows)], 3)
  const halves = list.tensor(
    [1, 1, count, 2],
    Float32Array.from(kinds, (side) => f32(0.5 * side)),
  )
  const corner = (op: string) =>
    list.reshape(clipCorner(list, list.op(op, [centers, halves]), size), [-1, 2])
  return { low: corner('Sub'), high: corner('Add') }
}

/** Centres along an axis of the feature map, `[rows, 1, 1, 1]` or `[1, columns, 1, 1]`. */
function gridCenters(
  list: NodeList,
  shape: string,
  axis: 0 | 1,
  { stride, offset }: GridAnchorSettings,
): string {
  const length = list.op('Squeeze', [list.slice(shape, [axis + 1], [1], INT32)], { T: INT32 })
  const places = list.plain('Range', [list.integers(0), length, list.integers(1)], { Tidx: INT32 })
  const steps = list.op('Mul', [list.cast(places, INT32, FLOAT), list.floats(stride[axis])])
  const centers = list.op('Add', [steps, list.floats(offset[axis])])
  return list.reshape(centers, axis === 0 ? [-1, 1, 1, 1] : [1, -1, 1, 1])
}

function clipCorner(list: NodeList, corner: string, size: string): string {
  return list.op('Minimum', [list.op('Maximum', [corner, list.floats(0)]), size])
}

/** Gives the int64 numbers of the boxes that have an area. */
function withArea(list: NodeList, { low, high }: Corners): string {
  const area = list.reduce('Prod', list.op('Sub', [high, low]), [1])
  const hasArea = list.op('Greater', [area, list.floats(0)])
  return list.op('Squeeze', [list.plain('Where', [hasArea], { T: BOOL })], {
    T: INT64,
    squeeze_dims: integersAttribute([1]),
  })
}

function gather(list: NodeList, rows: string, numbers: string, Tindices: typeof INT32): string {
  return list.plain('GatherV2', [rows, numbers, list.integers(0)], {
    Tparams: FLOAT,
    Tindices,
    Taxis: INT32,
  })
}

import { GatewayError } from '../../errors.js'
import type { Box, Size } from '../../imaging/geometry.js'
import type { Transform } from '../../imaging/transform.js'
import type { Tensors } from '../../serving/model-server.js'
import type { DetectionSignature, OutputName } from './detection-signature.js'

/** One object as the model found it, in pixels of the upright image, clamped to it. */
export interface Candidate {
  readonly classId: number
  /** 0 to 1. */
  readonly score: number
  readonly box: Box
}

function invalid(detail: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model's answer cannot be used: ${detail}`,
  )
}

interface Output {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}

function readOutput(outputs: Tensors, wire: string): Output {
  const tensor = outputs[wire]
  if (tensor === undefined) throw invalid(`output ${wire} is missing`)
  const { data, shape } = tensor
  if (tensor.dtype === 'DT_STRING' || typeof data[0] === 'bigint') {
    const numbers =
      tensor.dtype === 'DT_STRING' ? undefined : Float64Array.from(data as BigInt64Array, Number)
    if (numbers === undefined) throw invalid(`output ${wire} is ${tensor.dtype}; expected numbers`)
    return { shape, data: numbers }
  }
  return { shape, data: data as ArrayLike<number> }
}

/**
 * A shape whose last dimension of one is left out where it is one too many: `[b,1]` counts and `[b,n,1]` scores, and
 * `[n,1]` scores of one image without a batch, as MLServer makes of every output of one dimension.
 */
function withoutColumn(shape: readonly number[], inner: number, count: number): readonly number[] {
  if (shape.at(-1) !== 1) return shape
  const isBatchedColumn = shape.length === inner + 2
  const isColumn = count === 1 && inner === 1 && shape.length === 2 && shape[0] !== 1
  return isBatchedColumn || isColumn ? shape.slice(0, -1) : shape
}

/** Takes image `index` out of an output with or without a batch dimension; `inner` is its rank without one. */
function slice(
  output: Output,
  wire: string,
  inner: number,
  index: number,
  count: number,
): ArrayLike<number> {
  const { data } = output
  const shape = withoutColumn(output.shape, inner, count)
  const batched = shape.length === inner + 1
  if (!batched && !(shape.length === inner && count === 1)) {
    throw invalid(
      `output ${wire} has shape [${shape.join(',')}]; expected rank ${inner + 1} or ${inner}`,
    )
  }
  if (!batched) return data
  if (shape[0] !== count)
    throw invalid(`output ${wire} holds ${shape[0]} results for ${count} images`)
  const size = shape.slice(1).reduce((product, dim) => product * dim, 1)
  if (count === 1) return data
  return Array.prototype.slice.call(data, index * size, (index + 1) * size) as number[]
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, 0), limit)
}

/** Detections the model counts, or as many as it has rows. */
function countRows(
  outputs: Tensors,
  signature: DetectionSignature,
  rows: number,
  index: number,
  count: number,
): number {
  const wire = signature.outputs.num_detections
  if (wire === undefined) return rows
  const output = readOutput(outputs, wire)
  const value = slice(output, wire, 0, index, count)[0]
  if (value === undefined || !Number.isFinite(value) || value < 0) {
    throw invalid(`${wire} is ${value}`)
  }
  return Math.min(rows, Math.round(value))
}

/**
 * Reads the detections of image `index` of `count` out of a model's outputs: the TensorFlow Object Detection API's
 * rows of ymin, xmin, ymax, xmax as fractions of the tensor, with or without a batch dimension. Boxes are mapped to the
 * upright image by the decoder's own transform. Throws `upstream_invalid_response` (502) for NaN, infinite numbers and
 * shapes that do not fit each other.
 */
export function readCandidates(
  outputs: Tensors,
  signature: DetectionSignature,
  position: { readonly index: number; readonly count: number },
  image: { readonly size: Size; readonly tensor: Size; readonly transform: Transform },
): Candidate[] {
  const { index, count } = position
  const read = (name: Exclude<OutputName, 'num_detections'>, inner: number) => {
    const wire = signature.outputs[name]!
    return slice(readOutput(outputs, wire), wire, inner, index, count)
  }
  const boxes = read('detection_boxes', 2)
  const scores = read('detection_scores', 1)
  const classes = read('detection_classes', 1)
  if (boxes.length !== scores.length * 4 || classes.length !== scores.length) {
    throw invalid(
      `it holds ${boxes.length} box coordinates, ${scores.length} scores and ${classes.length} classes`,
    )
  }
  const rows = countRows(outputs, signature, scores.length, index, count)
  const { scaleX, scaleY, offsetX, offsetY } = image.transform
  const toX = (fraction: number) =>
    clamp(fraction * image.tensor.width * scaleX + offsetX, image.size.width)
  const toY = (fraction: number) =>
    clamp(fraction * image.tensor.height * scaleY + offsetY, image.size.height)
  const candidates: Candidate[] = []
  for (let row = 0; row < rows; row++) {
    const yMin = boxes[row * 4]!
    const xMin = boxes[row * 4 + 1]!
    const yMax = boxes[row * 4 + 2]!
    const xMax = boxes[row * 4 + 3]!
    const score = scores[row]!
    const classId = classes[row]!
    // A sum is finite when all of it is, unless it overflows, which no fraction and no score does.
    if (!Number.isFinite(yMin + xMin + yMax + xMax + score + classId)) {
      throw invalid(`detection ${row} has a number that is NaN or infinite`)
    }
    candidates.push({
      classId: Math.round(classId),
      score,
      box: { xMin: toX(xMin), yMin: toY(yMin), xMax: toX(xMax), yMax: toY(yMax) },
    })
  }
  return candidates
}

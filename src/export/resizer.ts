import { constNumbers } from './const-tensor.js'
import {
  dataInputs,
  type Graph,
  type GraphNode,
  graphFunctions,
  inputNode,
  type NodeScope,
} from './graph.js'

/** How a graph resizes the image by itself; sides in pixels. */
export type Resizer =
  | { readonly kind: 'fixed'; readonly size: readonly [height: number, width: number] }
  | { readonly kind: 'keep-aspect'; readonly minSide: number; readonly maxSide: number }

const RESIZE_OPS = new Set([
  'ResizeBilinear',
  'ResizeBicubic',
  'ResizeArea',
  'ResizeNearestNeighbor',
])

/** Divisions: of TensorFlow 1.0 and later, and before. */
const DIVISIONS = new Set(['RealDiv', 'Div'])

/** The scopes of the Object Detection API's preprocessing, and of its two resizers. */
const PREPROCESSOR = /Preprocessor|ResizeImage/
const RESIZE_TO_RANGE = /ResizeToRange/

/** What may lie between the image as it comes in and the resize in graphs that do not name their scopes. */
const BEFORE_RESIZE = new Set([
  'Cast',
  'ExpandDims',
  'Identity',
  'Sub',
  'Mul',
  'RealDiv',
  'TensorArrayReadV3',
  'TensorListGetItem',
  'DecodeJpeg',
  'DecodePng',
  'DecodeImage',
  'Squeeze',
  'Enter',
  'TensorArrayScatterV3',
])

/** The place of the input that leads to the image, where it is not the first. */
const IMAGE_INPUT: Readonly<Record<string, number>> = {
  TensorArrayReadV3: 2,
  TensorArrayScatterV3: 2,
}

/** How a function calls an argument that is an image. */
const IMAGE_ARGUMENT = /image|input|tensorlist/i

const WALK_LIMIT = 16

/**
 * Finds the resizer in a graph by its structure, in its functions too: a resize of the image to a constant size, or the
 * two divisions of constant sides by the smaller and the larger side of the image that the Object Detection API's
 * keep_aspect_ratio_resizer is made of. `undefined` when there is none, or it cannot be told.
 */
export function findResizer(graph: Graph): Resizer | undefined {
  const found = resizerIn(graph)
  if (found !== undefined) return found
  for (const scope of graphFunctions(graph)) {
    const inFunction = resizerIn(scope)
    if (inFunction !== undefined) return inFunction
  }
  return undefined
}

function resizerIn(scope: NodeScope): Resizer | undefined {
  return keepAspectResizer(scope) ?? fixedResizer(scope)
}

function keepAspectResizer(scope: NodeScope): Resizer | undefined {
  const minSide = dividedSide(scope, 'Minimum')
  if (minSide === undefined) return undefined
  const maxSide = dividedSide(scope, 'Maximum')
  // Without an upper bound the longest side has no limit that a sender could keep to.
  return maxSide === undefined ? undefined : { kind: 'keep-aspect', minSide, maxSide }
}

/** Finds `constant / Minimum(height, width)`, or Maximum, and gives the constant. */
function dividedSide(scope: NodeScope, op: 'Minimum' | 'Maximum'): number | undefined {
  for (const node of scope.nodes.values()) {
    if (!DIVISIONS.has(node.op) || !RESIZE_TO_RANGE.test(node.name)) continue
    const [dividend, divisor] = dataInputs(node)
    if (scope.nodes.get(inputNode(divisor ?? ''))?.op !== op) continue
    const side = constNumbers(scope, dividend ?? '')?.[0]
    if (side !== undefined && side > 0) return side
  }
  return undefined
}

function fixedResizer(scope: NodeScope): Resizer | undefined {
  const resizes = [...scope.nodes.values()].filter(({ op }) => RESIZE_OPS.has(op))
  const named = resizes.filter(({ name }) => PREPROCESSOR.test(name))
  const candidates = named.length > 0 ? named : resizes.filter((node) => takesImage(scope, node))
  const sizes = candidates.flatMap((node) => sizeOf(scope, node) ?? [])
  return sizes.length === 1 ? { kind: 'fixed', size: sizes[0]! } : undefined
}

function sizeOf(scope: NodeScope, resize: GraphNode): [[number, number]] | undefined {
  const input = dataInputs(resize)[1] ?? ''
  const size = constNumbers(scope, input) ?? packedNumbers(scope, input)
  if (size?.length !== 2 || !size.every((side) => side > 0)) return undefined
  return [[size[0]!, size[1]!]]
}

/** A size may be put together from two constants. */
function packedNumbers(scope: NodeScope, input: string): readonly number[] | undefined {
  const node = scope.nodes.get(inputNode(input))
  if (node?.op !== 'Pack') return undefined
  const parts = dataInputs(node).map((part) => constNumbers(scope, part)?.[0])
  return parts.every((part) => part !== undefined) ? parts : undefined
}

function takesImage(scope: NodeScope, resize: GraphNode): boolean {
  let node = resize
  for (let step = 0; step < WALK_LIMIT; step++) {
    const next = imageInput(scope, node)
    if (next === undefined) return false
    const source = scope.nodes.get(inputNode(next))
    // What is no node in a function is an argument of it.
    if (source === undefined) return IMAGE_ARGUMENT.test(next)
    if (source.op.startsWith('Placeholder')) return true
    if (!BEFORE_RESIZE.has(source.op)) return false
    node = source
  }
  return false
}

function imageInput(scope: NodeScope, node: GraphNode): string | undefined {
  const inputs = dataInputs(node)
  const place = IMAGE_INPUT[node.op]
  if (place !== undefined) return inputs[place]
  return inputs.find((input) => scope.nodes.get(inputNode(input))?.op !== 'Const')
}

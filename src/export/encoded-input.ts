import { dataTypeName } from './data-types.js'
import { type LoopBody, makeDecodeLoop, stackOf } from './decode-loop.js'
import type { ImageInput } from './detection-signature.js'
import { ExportError } from './export-error.js'
import type { Graph } from './graph.js'
import type { GraphChanges } from './graph-edit.js'
import {
  booleanAttribute,
  integerAttribute,
  integersAttribute,
  makeIntegers,
  makeNode,
  shapeAttribute,
  textAttribute,
  typeAttribute,
} from './node-builder.js'
import { DataTypeEnum, type NodeDef } from './stubs.js'

/** The official exporter's name for the input that takes encoded images. */
export const ENCODED_INPUT_NODE = 'encoded_image_string_tensor'

const SCOPE = 'EncodedInput/map'
const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')
const UINT8 = typeAttribute('DT_UINT8')

/** What it takes to let a graph decode images by itself. */
export interface EncodedInput {
  readonly changes: GraphChanges
  /** The node that takes the encoded images, DT_STRING. */
  readonly node: string
  readonly shape: readonly [batch: number]
}

/**
 * Puts a decoder of JPEG and PNG in front of an input of uint8 pixels `[batch, height, width, 3 or 1]`. The input's node
 * keeps its name and shape and can still be fed, as a placeholder with the decoded images as default. Where it has a fixed
 * size, images are resized to it (bilinear, aspect ratio given up); otherwise those of one batch must agree in size.
 * Throws `ExportError` for any other input.
 */
export function addDecoder(graph: Graph, input: ImageInput): EncodedInput {
  const { node, shape } = input
  assertPixels(graph, input)
  const [batch, height, width, channels] = shape as [number, number, number, number]
  const size: [number, number] | undefined = height > 0 && width > 0 ? [height, width] : undefined
  const elementShape = [...(size ?? [-1, -1]), channels]
  const add = [
    makeNode(ENCODED_INPUT_NODE, 'Placeholder', [], {
      dtype: typeAttribute('DT_STRING'),
      shape: shapeAttribute([batch]),
    }),
    ...makeDecodeLoop({
      scope: SCOPE,
      input: ENCODED_INPUT_NODE,
      dtype: 'DT_UINT8',
      elementShape,
      makeBody: (body) => makeImageBody(body, channels, size),
    }),
    makeNode(node.name, 'PlaceholderWithDefault', [stackOf(SCOPE)], {
      dtype: UINT8,
      shape: shapeAttribute(shape),
    }),
  ]
  return {
    changes: { remove: new Set([node.name]), add },
    node: ENCODED_INPUT_NODE,
    shape: [batch],
  }
}

function assertPixels(graph: Graph, { node, dtype, shape }: ImageInput): void {
  const refuse = (what: string) =>
    new ExportError(
      `${graph.source.name}: --input encoded needs an input of pixels, uint8 [batch, height, width, 3]: the input ` +
        `${node.name} ${what}. Export it with --input pixels`,
    )
  if (dtype !== DataTypeEnum.DT_UINT8) {
    throw refuse(`is ${dataTypeName(dtype)}, and nothing in the graph says how pixels become that`)
  }
  const channels = shape?.[3]
  if (shape?.length !== 4 || (channels !== 3 && channels !== 1)) {
    throw refuse(`has the shape ${shape === undefined ? 'of an unknown rank' : `[${shape}]`}`)
  }
}

interface Body {
  readonly nodes: readonly NodeDef[]
  readonly output: string
}

function makeImageBody(
  body: LoopBody,
  channels: number,
  size: readonly [number, number] | undefined,
): Body {
  const decoded = `${body.scope}/DecodeJpeg`
  const decode = makeNode(decoded, 'DecodeJpeg', [body.element], {
    // This op takes PNG as well and is in every release; DecodeImage came with TensorFlow 2.3.
    channels: integerAttribute(channels),
    ratio: integerAttribute(1),
    fancy_upscaling: booleanAttribute(true),
    try_recover_truncated: booleanAttribute(false),
    dct_method: textAttribute(''),
  })
  if (size === undefined) return { nodes: [decode], output: decoded }
  const resized = makeResize(body, decoded, size)
  return { nodes: [decode, ...resized.nodes], output: resized.output }
}

/** Resizing gives floats, which are rounded back to pixels. */
function makeResize(
  { scope, inFrame }: LoopBody,
  decoded: string,
  size: readonly [number, number],
): Body {
  const output = `${scope}/Cast`
  const nodes = [
    makeIntegers(`${scope}/axis`, 0, inFrame),
    makeIntegers(`${scope}/size`, size, inFrame),
    makeNode(`${scope}/ExpandDims`, 'ExpandDims', [decoded, `${scope}/axis`], {
      T: UINT8,
      Tdim: INT32,
    }),
    makeNode(
      `${scope}/ResizeBilinear`,
      'ResizeBilinear',
      [`${scope}/ExpandDims`, `${scope}/size`],
      { T: UINT8, align_corners: booleanAttribute(false) },
    ),
    makeNode(`${scope}/Squeeze`, 'Squeeze', [`${scope}/ResizeBilinear`], {
      T: FLOAT,
      squeeze_dims: integersAttribute([0]),
    }),
    makeNode(`${scope}/Round`, 'Round', [`${scope}/Squeeze`], { T: FLOAT }),
    makeNode(output, 'Cast', [`${scope}/Round`], { SrcT: FLOAT, DstT: UINT8 }),
  ]
  return { nodes, output }
}

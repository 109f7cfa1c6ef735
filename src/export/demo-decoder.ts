import { type LoopBody, makeDecodeLoop, stackOf } from './decode-loop.js'
import {
  booleanAttribute,
  integerAttribute,
  integersAttribute,
  makeIntegers,
  makeNode,
  typeAttribute,
} from './node-builder.js'
import type { NodeDef } from './stubs.js'

const SCOPE = 'Decoder/map'
const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')
const UINT8 = typeAttribute('DT_UINT8')

/** The node that `makeDecoder` puts its images in: float32 `[batch, size, size, 3]`, 0 to 255. */
export const DECODED_IMAGES = stackOf(SCOPE)

/**
 * Makes the nodes that decode the string tensor `[batch]` of the node `encoded` and resize every image to `size` x `size`.
 * The resize lies inside the loop, so that images of different sizes fit in one batch. DecodeImage takes JPEG, PNG, BMP,
 * WebP without alpha and the first frame of a GIF; TensorFlow has it since 2.3.
 */
export function makeDecoder(encoded: string, size: number): NodeDef[] {
  return makeDecodeLoop({
    scope: SCOPE,
    input: encoded,
    dtype: 'DT_FLOAT',
    elementShape: [size, size, 3],
    makeBody: (body) => makeImageBody(body, size),
  })
}

/** Decodes one image and resizes it as a batch of one. */
function makeImageBody({ scope, element, inFrame }: LoopBody, size: number) {
  const output = `${scope}/Squeeze`
  const nodes = [
    makeNode(`${scope}/DecodeImage`, 'DecodeImage', [element], {
      channels: integerAttribute(3),
      dtype: UINT8,
      // With animations a GIF would have a dimension more than any other image.
      expand_animations: booleanAttribute(false),
    }),
    makeIntegers(`${scope}/axis`, 0, inFrame),
    makeNode(`${scope}/ExpandDims`, 'ExpandDims', [`${scope}/DecodeImage`, `${scope}/axis`], {
      T: UINT8,
      Tdim: INT32,
    }),
    makeIntegers(`${scope}/size`, [size, size], inFrame),
    makeResize(`${scope}/ResizeBilinear`, `${scope}/ExpandDims`, `${scope}/size`),
    makeNode(output, 'Squeeze', [`${scope}/ResizeBilinear`], {
      T: FLOAT,
      squeeze_dims: integersAttribute([0]),
    }),
  ]
  return { nodes, output }
}

/**
 * Makes the node that resizes a uint8 batch to float32, bilinear, as TensorFlow 1 did when the network was trained: the
 * attribute half_pixel_centers stays away, which moves boxes and scores by 0.03 when it is set.
 */
export function makeResize(name: string, images: string, size: string): NodeDef {
  return makeNode(name, 'ResizeBilinear', [images, size], {
    T: UINT8,
    align_corners: booleanAttribute(false),
  })
}

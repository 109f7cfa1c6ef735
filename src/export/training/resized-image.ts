import {
  booleanAttribute,
  integersAttribute,
  shapeAttribute,
  typeAttribute,
} from '../node-builder.js'
import type { Resizer } from '../resizer.js'
import type { NodeDef } from '../stubs.js'
import type { InputForm } from '../written-version.js'
import { NodeList } from './node-list.js'
import { DECODING, PLACEHOLDERS, scaleValues, type ValueScaling } from './preprocessing.js'

const BOOL = typeAttribute('DT_BOOL')
const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')
const STRING = typeAttribute('DT_STRING')
const UINT8 = typeAttribute('DT_UINT8')

/** The nodes from the placeholder to one image of a size that may depend on it. */
export interface ResizedImage {
  readonly nodes: readonly NodeDef[]
  readonly placeholder: string
  /** float32 `[1, height, width, 3]`, scaled. */
  readonly image: string
  /** float32 `[2]`: height and width of that image in pixels. */
  readonly size: string
}

/**
 * Makes the input of a model that takes one image a call: uint8 pixels `[1, height, width, 3]`, or one JPEG or PNG file
 * `[1]`. As the Object Detection API's Faster R-CNN has it, images are resized before values are scaled.
 */
export function makeResizedImage(
  form: InputForm,
  scaling: ValueScaling,
  resizer: Resizer,
): ResizedImage {
  const list = new NodeList('Preprocessor')
  const placeholder = PLACEHOLDERS[form]
  const pixels = form === 'pixels' ? addPixels(list, placeholder) : addFile(list, placeholder)
  const values = list.cast(pixels, UINT8, FLOAT)
  const size =
    resizer.kind === 'fixed'
      ? list.integers(resizer.size)
      : rangedSize(list, values, resizer.minSide, resizer.maxSide)
  const resized = list.op('ResizeBilinear', [values, size], {
    align_corners: booleanAttribute(false),
  })
  return {
    nodes: list.nodes,
    placeholder,
    image: scaleValues(list, resized, scaling),
    size: list.cast(size, INT32, FLOAT),
  }
}

function addPixels(list: NodeList, name: string): string {
  return list.add(name, 'Placeholder', [], {
    dtype: UINT8,
    shape: shapeAttribute([1, -1, -1, 3]),
  })
}

function addFile(list: NodeList, name: string): string {
  list.add(name, 'Placeholder', [], { dtype: STRING, shape: shapeAttribute([1]) })
  const file = list.op('Squeeze', [name], { T: STRING, squeeze_dims: integersAttribute([0]) })
  return list.expand(list.plain('DecodeJpeg', [file], DECODING), 0, UINT8)
}

/**
 * keep_aspect_ratio_resizer: the shorter side becomes `minSide`, unless the longer one would be more than `maxSide`. Gives
 * the int32 size `[2]`.
 */
function rangedSize(list: NodeList, image: string, minSide: number, maxSide: number): string {
  const shape = list.op('Shape', [image], { out_type: INT32 })
  const sides = list.cast(list.slice(shape, [1], [2], INT32), INT32, FLOAT)
  const isWide = list.op('Less', [list.slice(sides, [0], [1]), list.slice(sides, [1], [1])])
  const both = list.op('Tile', [isWide, list.integers([2])], { T: BOOL, Tmultiples: INT32 })
  const wide = list.floats([minSide, maxSide])
  const bounds = list.op('Select', [both, wide, list.floats([maxSide, minSide])])
  const factor = list.reduce('Min', list.op('RealDiv', [bounds, sides]), [0])
  return list.cast(list.op('Round', [list.op('Mul', [factor, sides])]), FLOAT, INT32)
}

import { makeDecodeLoop, stackOf } from '../decode-loop.js'
import { ExportError } from '../export-error.js'
import {
  booleanAttribute,
  integerAttribute,
  integersAttribute,
  shapeAttribute,
  textAttribute,
  typeAttribute,
} from '../node-builder.js'
import type { NodeDef } from '../stubs.js'
import type { InputForm } from '../written-version.js'
import type { FasterRcnnSettings } from './faster-rcnn-settings.js'
import { NodeList } from './node-list.js'
import type { SsdSettings } from './pipeline-settings.js'

const FLOAT = typeAttribute('DT_FLOAT')
const UINT8 = typeAttribute('DT_UINT8')
const SCOPE = 'Preprocessor'
const LOOP_SCOPE = 'EncodedInput/map'

/** The placeholders, named as the official exporter names them. */
export const PLACEHOLDERS: Readonly<Record<InputForm, string>> = {
  pixels: 'image_tensor',
  encoded: 'encoded_image_string_tensor',
}

/** Mean colours of ImageNet, red, green, blue, which the ResNets subtract. */
const MEANS = [123.68, 116.779, 103.939]

/** SSD feature extractors of TensorFlow 1; those of keras and of EfficientNet are TensorFlow 2's. */
const EXTRACTORS =
  /^(embedded_ssd_mobilenet_v1|ssd_(mobilenet_v[123]\w*|mobilenet_edgetpu\w*|mobiledet_\w+|inception_v[23]|resnet\d+_v1_(fpn|ppn)))$/

/** How pixel values reach the network: `means` are subtracted, or 0 to 255 becomes -1 to 1. */
export type ValueScaling = 'means' | 'signed'

/** Tells how an SSD's feature extractor wants values; throws `ExportError` for one that is not known. */
export function ssdScaling({
  extractor,
  places,
}: Pick<SsdSettings, 'extractor' | 'places'>): ValueScaling {
  if (EXTRACTORS.test(extractor) && !extractor.endsWith('_keras')) {
    return extractor.includes('resnet') ? 'means' : 'signed'
  }
  throw new ExportError(
    `${places.extractor}: the feature extractor ${JSON.stringify(extractor)} is none of those whose preprocessing is known ` +
      '(SSD with MobileNet v1 to v3, EdgeTPU, MobileDet, Inception v2 and v3, ResNet). Export the frozen_inference_graph.pb ' +
      'that export_inference_graph.py writes',
  )
}

/** Feature extractors of Faster R-CNN whose graph and preprocessing are known; NAS and PNAS drop paths at random. */
const FASTER_RCNN_EXTRACTORS =
  /^faster_rcnn_(resnet(50|101|152)|inception_v2|inception_resnet_v2|mobilenet_v1)$/

/** Tells how a Faster R-CNN's feature extractor wants values; throws `ExportError` for one that is not known. */
export function fasterRcnnScaling({
  extractor,
  places,
}: Pick<FasterRcnnSettings, 'extractor' | 'places'>): ValueScaling {
  if (FASTER_RCNN_EXTRACTORS.test(extractor)) {
    return /resnet\d/.test(extractor) ? 'means' : 'signed'
  }
  throw new ExportError(
    `${places.extractor}: the feature extractor ${JSON.stringify(extractor)} is none of those whose preprocessing is known ` +
      '(Faster R-CNN with ResNet, Inception v2, Inception ResNet v2, MobileNet v1). Export the ' +
      'frozen_inference_graph.pb that export_inference_graph.py writes',
  )
}

/** The nodes from the placeholder to what the network takes. */
export interface Preprocessing {
  readonly nodes: readonly NodeDef[]
  readonly placeholder: string
  /** Shape of the placeholder. */
  readonly shape: readonly number[]
  /** float32 `[batch, height, width, 3]`, scaled. */
  readonly images: string
}

/**
 * Makes the input: uint8 pixels, or JPEG and PNG files of any sizes in one batch. As in the Object Detection API values are
 * scaled before images are resized.
 */
export function makePreprocessing(
  form: InputForm,
  scaling: ValueScaling,
  size: readonly [height: number, width: number],
): Preprocessing {
  return form === 'pixels' ? pixelInput(scaling, size) : encodedInput(scaling, size)
}

function pixelInput(scaling: ValueScaling, size: readonly number[]): Preprocessing {
  const list = new NodeList(SCOPE)
  const shape = [-1, -1, -1, 3]
  const placeholder = list.add(PLACEHOLDERS.pixels, 'Placeholder', [], {
    dtype: UINT8,
    shape: shapeAttribute(shape),
  })
  const images = resize(
    list,
    scaleValues(list, list.cast(placeholder, UINT8, FLOAT), scaling),
    size,
  )
  return { nodes: list.nodes, placeholder, shape, images }
}

function encodedInput(scaling: ValueScaling, size: readonly [number, number]): Preprocessing {
  const list = new NodeList(SCOPE)
  const shape = [-1]
  const placeholder = list.add(PLACEHOLDERS.encoded, 'Placeholder', [], {
    dtype: typeAttribute('DT_STRING'),
    shape: shapeAttribute(shape),
  })
  const loop = makeDecodeLoop({
    scope: LOOP_SCOPE,
    input: placeholder,
    dtype: 'DT_FLOAT',
    elementShape: [...size, 3],
    makeBody: ({ scope, element, inFrame }) => {
      const body = new NodeList(scope, inFrame)
      const decoded = body.plain('DecodeJpeg', [element], DECODING)
      // One by one, so that images of different sizes fit in a batch.
      const image = body.expand(scaleValues(body, body.cast(decoded, UINT8, FLOAT), scaling), 0)
      const output = body.op('Squeeze', [resize(body, image, size)], {
        squeeze_dims: integersAttribute([0]),
      })
      return { nodes: body.nodes, output }
    },
  })
  return { nodes: [...list.nodes, ...loop], placeholder, shape, images: stackOf(LOOP_SCOPE) }
}

/** This op takes PNG as well and is in every release; DecodeImage came with TensorFlow 2.3. */
export const DECODING = {
  channels: integerAttribute(3),
  ratio: integerAttribute(1),
  fancy_upscaling: booleanAttribute(true),
  try_recover_truncated: booleanAttribute(false),
  dct_method: textAttribute(''),
}

/** Turns float32 values from 0 to 255 to a network's scale. */
export function scaleValues(list: NodeList, values: string, scaling: ValueScaling): string {
  if (scaling === 'means') return list.op('Sub', [values, list.floats(MEANS)])
  const scaled = list.op('Mul', [list.floats(2 / 255), values])
  return list.op('Sub', [scaled, list.floats(1)])
}

function resize(list: NodeList, images: string, size: readonly number[]): string {
  return list.op('ResizeBilinear', [images, list.integers(size)], {
    align_corners: booleanAttribute(false),
  })
}

import type { WeightedGraph } from '../embedded/weights.js'
import { DECODED_IMAGES, makeDecoder, makeResize } from './demo-decoder.js'
import { ExportError } from './export-error.js'
import {
  booleanAttribute,
  makeFloats,
  makeIntegers,
  makeNode,
  shapeAttribute,
  typeAttribute,
} from './node-builder.js'
import type { NodeDef } from './stubs.js'
import { fromTfjsGraph } from './tfjs-nodes.js'
import type { InputForm } from './written-version.js'

/** Height and width in pixels to which the graph resizes every image. */
export const DEMO_SIZE = 300

/** Columns of the scores: COCO's ids 1 to 90, ten of which have no name. */
export const DEMO_CLASSES = 90

/** Rows of every detection output. */
export const DEMO_MAX_DETECTIONS = 100

/** The placeholder of each form. */
export const DEMO_PLACEHOLDERS: Readonly<Record<InputForm, string>> = {
  pixels: 'input_tensor',
  encoded: 'encoded_image_string_tensor',
}

/** The output nodes, called as the Object Detection API calls them. */
export const DEMO_OUTPUTS = [
  'detection_boxes',
  'detection_scores',
  'detection_classes',
  'num_detections',
] as const

/** The original pipeline's post-processing, in which the embedded server agrees. */
const IOU_THRESHOLD = 0.6
const SCORE_THRESHOLD = 1e-8

/** Node of the network that scales the resized image; its second input is that image. */
const SCALING = 'Preprocessor/mul'
/** Decoded boxes, `[batch, 1917, 1, 4]`. */
const BOXES = 'Postprocessor/ExpandDims_1'
/** Scores without the background column, `[batch, 1917, 90]`. */
const SCORES = 'Postprocessor/Slice'

/** Constant of the boxes that the network's boxes are relative to, `[1, 1917, 4]`: computed, not trained. */
export const DEMO_ANCHORS = 'Postprocessor/ExpandDims'

const FLOAT = typeAttribute('DT_FLOAT')

/**
 * Rebuilds the demo network as TensorFlow nodes, about 620, from image to detections. The network's own loop that resized
 * image by image gives way to one resize of the batch (`pixels`, the same numbers in less time and memory) or to a loop
 * that decodes (`encoded`); non-max suppression, which the TensorFlow.js model leaves to its caller, is added. Nodes that
 * no output needs are left out.
 */
export function makeDemoGraph(graph: WeightedGraph, input: InputForm): NodeDef[] {
  const network = fromTfjsGraph(graph)
  const [images, preprocessing] = input === 'pixels' ? makePixelInput() : makeEncodedInput()
  setInput(network, SCALING, 1, images)
  return neededNodes([...network, ...preprocessing, ...makePostprocessing()], DEMO_OUTPUTS)
}

function makePixelInput(): [images: string, nodes: NodeDef[]] {
  const placeholder = makeNode(DEMO_PLACEHOLDERS.pixels, 'Placeholder', [], {
    dtype: typeAttribute('DT_UINT8'),
    shape: shapeAttribute([-1, -1, -1, 3]),
  })
  const size = makeIntegers('Preprocessor/size', [DEMO_SIZE, DEMO_SIZE])
  const resize = makeResize('Preprocessor/ResizeBilinear', placeholder.getName(), size.getName())
  return [resize.getName(), [placeholder, size, resize]]
}

function makeEncodedInput(): [images: string, nodes: NodeDef[]] {
  const placeholder = makeNode(DEMO_PLACEHOLDERS.encoded, 'Placeholder', [], {
    dtype: typeAttribute('DT_STRING'),
    shape: shapeAttribute([-1]),
  })
  return [DECODED_IMAGES, [placeholder, ...makeDecoder(placeholder.getName(), DEMO_SIZE)]]
}

function makePostprocessing(): NodeDef[] {
  const scope = 'Postprocessor/BatchMultiClassNonMaxSuppression'
  return [
    makeIntegers(`${scope}/max_per_class`, DEMO_MAX_DETECTIONS),
    makeIntegers(`${scope}/max_total`, DEMO_MAX_DETECTIONS),
    makeFloats(`${scope}/iou_threshold`, IOU_THRESHOLD),
    makeFloats(`${scope}/score_threshold`, SCORE_THRESHOLD),
    makeNode(
      scope,
      'CombinedNonMaxSuppression',
      [
        BOXES,
        SCORES,
        `${scope}/max_per_class`,
        `${scope}/max_total`,
        `${scope}/iou_threshold`,
        `${scope}/score_threshold`,
      ],
      { pad_per_class: booleanAttribute(false), clip_boxes: booleanAttribute(true) },
    ),
    makeNode('detection_boxes', 'Identity', [scope], { T: FLOAT }),
    makeNode('detection_scores', 'Identity', [`${scope}:1`], { T: FLOAT }),
    // Columns are numbered from 0, COCO's ids from 1: the background column has been cut off.
    makeFloats('Postprocessor/class_offset', 1),
    makeNode('detection_classes', 'Add', [`${scope}:2`, 'Postprocessor/class_offset'], {
      T: FLOAT,
    }),
    makeNode('num_detections', 'Cast', [`${scope}:3`], {
      SrcT: typeAttribute('DT_INT32'),
      DstT: FLOAT,
    }),
  ]
}

function setInput(nodes: readonly NodeDef[], name: string, index: number, input: string): void {
  const node = nodes.find((candidate) => candidate.getName() === name)
  if (node === undefined) throw new ExportError(`The network has no node ${name}`)
  node.setInputList(node.getInputList().with(index, input))
}

/** The nodes that `outputs` depend on, in their old order. Throws `ExportError` on an input that names no node. */
function neededNodes(nodes: readonly NodeDef[], outputs: readonly string[]): NodeDef[] {
  const byName = new Map(nodes.map((node) => [node.getName(), node]))
  const needed = new Set<string>()
  const open = [...outputs]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue
    needed.add(name)
    const node = byName.get(name)
    if (node === undefined) throw new ExportError(`The network has no node ${name}`)
    for (const input of node.getInputList()) open.push(nodeName(input))
  }
  return nodes.filter((node) => needed.has(node.getName()))
}

function nodeName(input: string): string {
  return input.replace(/^\^|:\d+$/g, '')
}

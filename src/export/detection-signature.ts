import { sizesOf } from './const-tensor.js'
import { ExportError } from './export-error.js'
import {
  attributeOf,
  type Graph,
  type GraphNode,
  inputNode,
  type NodeScope,
  nodesOf,
} from './graph.js'
import { toShape } from './node-builder.js'
import { outputType } from './output-type.js'
import { PREDICT_METHOD } from './saved-model-writer.js'
import {
  type DataTypeCode,
  DataTypeEnum,
  SignatureDef,
  TensorInfoProto,
  TensorShapeProto,
} from './stubs.js'

/** The key that the official exporter of the Object Detection API gives its one input. */
export const INPUT_KEY = 'inputs'

/** Where the graph takes images, as the Object Detection API and its descendants name it; the first found is taken. */
const INPUT_NODES = ['image_tensor', 'encoded_image_string_tensor', 'input_tensor'] as const

/** The outputs without which a graph is no detector of the Object Detection API, with their shapes. */
const REQUIRED_OUTPUTS: Readonly<Record<string, readonly number[]>> = {
  detection_boxes: [-1, -1, 4],
  detection_scores: [-1, -1],
  detection_classes: [-1, -1],
  num_detections: [-1],
}

/** Further outputs that the official exporter puts into the signature where the graph has them. */
const OPTIONAL_OUTPUTS = [
  'detection_masks',
  'detection_keypoints',
  'detection_multiclass_scores',
  'detection_features',
  'detection_anchor_indices',
  'raw_detection_boxes',
  'raw_detection_scores',
]

/** The most names that an error lists. */
const LISTED = 8

/** Ops that end a branch without being an answer. */
const NO_ANSWER = new Set(['Const', 'Placeholder', 'NoOp', 'Assert', 'PlaceholderWithDefault'])

/** The node that takes images. */
export interface ImageInput {
  readonly node: GraphNode
  readonly dtype: DataTypeCode
  /** `undefined` when its rank is not known. */
  readonly shape: readonly number[] | undefined
}

/** Finds the Object Detection API's input; `undefined` when the graph has none. */
export function findImageInput(graph: Graph): ImageInput | undefined {
  const node = INPUT_NODES.map((name) => graph.nodes.get(name)).find(
    (candidate) => candidate?.op === 'Placeholder',
  )
  return node && placeholderInput(graph, node)
}

/** Reads type and shape of a placeholder. */
export function placeholderInput(scope: NodeScope, node: GraphNode): ImageInput {
  const shape = attributeOf(scope, node, 'shape')?.getShape()
  return {
    node,
    dtype: attributeOf(scope, node, 'dtype')?.getType() ?? DataTypeEnum.DT_INVALID,
    // Old graphs write an unknown shape as that of a scalar, and TensorFlow reads it so.
    shape: shape === undefined || shape.getDimList().length === 0 ? undefined : sizesOf(shape),
  }
}

/**
 * Writes the signature of an Object Detection API graph as its official exporter would: the shapes that the graph says, or
 * the conventional ones. Throws `ExportError` with placeholders and candidate outputs when it is no such graph.
 */
export function makeDetectionSignature(graph: Graph): {
  readonly input: ImageInput
  readonly signature: SignatureDef
} {
  const input = findImageInput(graph)
  const missing = Object.keys(REQUIRED_OUTPUTS).filter((name) => !graph.nodes.has(name))
  if (input === undefined || missing.length > 0) throw notADetector(graph, input, missing)
  const signature = new SignatureDef()
  signature.setMethodName(PREDICT_METHOD)
  signature.getInputsMap().set(INPUT_KEY, makeTensorInfo(input.node.name, input.dtype, input.shape))
  for (const [name, shape] of Object.entries(REQUIRED_OUTPUTS)) {
    signature.getOutputsMap().set(name, outputInfo(graph, name, shape))
  }
  for (const name of OPTIONAL_OUTPUTS.filter((output) => graph.nodes.has(output))) {
    signature.getOutputsMap().set(name, outputInfo(graph, name, undefined))
  }
  return { input, signature }
}

/** Makes the description of a node's first output; `undefined` as shape is an unknown rank. */
export function makeTensorInfo(
  node: string,
  dtype: DataTypeCode,
  shape: readonly number[] | undefined,
): TensorInfoProto {
  const proto = shape === undefined ? new TensorShapeProto() : toShape(shape)
  if (shape === undefined) proto.setUnknownRank(true)
  const info = new TensorInfoProto()
  info.setName(`${node}:0`)
  info.setDtype(dtype)
  info.setTensorShape(proto)
  return info
}

function outputInfo(
  graph: Graph,
  name: string,
  conventional: readonly number[] | undefined,
): TensorInfoProto {
  const node = graph.nodes.get(name)!
  const inferred = attributeOf(graph, node, '_output_shapes')?.getList()?.getShapeList()[0]
  const shape =
    inferred === undefined || inferred.getUnknownRank() ? conventional : sizesOf(inferred)
  return makeTensorInfo(name, outputType(graph, node, 0) ?? DataTypeEnum.DT_FLOAT, shape)
}

function notADetector(
  graph: Graph,
  input: ImageInput | undefined,
  missing: readonly string[],
): ExportError {
  const { name } = graph.source
  if (graph.nodes.has('TFLite_Detection_PostProcess')) {
    return new ExportError(
      `${name}: was made for TensorFlow Lite (it ends in TFLite_Detection_PostProcess), which TF-Serving cannot run. ` +
        'Take the frozen_inference_graph.pb that export_inference_graph.py writes from the same checkpoint',
    )
  }
  if (graph.nodes.get('tf_example')?.op === 'Placeholder' && input === undefined) {
    return new ExportError(
      `${name}: takes serialized tf.Example records (placeholder tf_example), not images. Export it again with ` +
        '--input_type image_tensor',
    )
  }
  const lacks = input === undefined ? [INPUT_NODES.join(' or '), ...missing] : missing
  return new ExportError(
    `${name}: is not a detector of the Object Detection API: it has no node ${lacks.join(', ')}. ` +
      `Its placeholders: ${list(nodesOf(graph, 'Placeholder').map((node) => describe(graph, node)))}. ` +
      `Nodes that nothing reads: ${list(deadEnds(graph))}. Export a SavedModel with a signature of your own instead, ` +
      'and name its inputs and outputs in the model card',
  )
}

function describe(graph: Graph, node: GraphNode): string {
  const shape = placeholderInput(graph, node).shape
  return shape === undefined ? node.name : `${node.name} [${shape}]`
}

/** Lists nodes that nothing reads: the candidates for outputs of a graph that does not say what they are. */
export function deadEnds(graph: Graph): string[] {
  const read = new Set([...graph.nodes.values()].flatMap(({ inputs }) => inputs.map(inputNode)))
  return [...graph.nodes.values()]
    .filter(({ name, op }) => !read.has(name) && !NO_ANSWER.has(op))
    .map(({ name, op }) => `${name} (${op})`)
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : ''
  return names.slice(0, LISTED).join(', ') + more
}

import { readConst, sizesOf } from './const-tensor.js'
import { attributeOf, type Graph, type GraphNode, inputNode } from './graph.js'

/** Names of the last layers' biases in the Object Detection API, for all its heads. */
const CLASS_BIASES = /(^|\/)ClassPredictor\/biases$/
const BOX_BIASES = /(^|\/)Box(Encoding)?Predictor\/biases$/
const SECOND_STAGE = /^SecondStageBoxPredictor\//

/** Numbers that make a box. */
const BOX_CODE = 4

/**
 * Tells the number of classes of a TensorFlow 1 Object Detection API graph, without the background, from the sizes of its
 * last layers: an SSD head has `anchors x (classes + 1)` and `anchors x 4` outputs, the second stage of Faster R-CNN
 * `classes + 1`. `undefined` when the graph does not have them under these names.
 */
export function countClasses(graph: Graph): number | undefined {
  const nodes = [...graph.nodes.values()]
  const secondStage = nodes.find(({ name }) => SECOND_STAGE.test(name) && CLASS_BIASES.test(name))
  if (secondStage !== undefined) return positive((biasCount(graph, secondStage) ?? 0) - 1)
  const first = (pattern: RegExp) => nodes.find(({ name }) => pattern.test(name))
  const classes = first(CLASS_BIASES)
  const boxes = first(BOX_BIASES)
  const classOutputs = classes && biasCount(graph, classes)
  const boxOutputs = boxes && biasCount(graph, boxes)
  if (classOutputs === undefined || boxOutputs === undefined) return undefined
  return positive((classOutputs * BOX_CODE) / boxOutputs - 1)
}

function biasCount(graph: Graph, node: GraphNode): number | undefined {
  const shape = weightShape(graph, node)
  return shape?.length === 1 ? shape[0] : undefined
}

/** Gives the shape of a weight, whether it is a constant, a variable or the read of one. */
function weightShape(graph: Graph, found: GraphNode): readonly number[] | undefined {
  const isRead = found.op === 'ReadVariableOp'
  const node = isRead ? graph.nodes.get(inputNode(found.inputs[0] ?? '')) : found
  if (node === undefined) return undefined
  if (node.op === 'Const') return readConst(graph, node).shape
  const shape = attributeOf(graph, node, 'shape')?.getShape()
  return shape === undefined ? undefined : sizesOf(shape)
}

function positive(count: number): number | undefined {
  return Number.isInteger(count) && count > 0 ? count : undefined
}

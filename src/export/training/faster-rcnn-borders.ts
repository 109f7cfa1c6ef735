import { constNumbers } from '../const-tensor.js'
import { ExportError } from '../export-error.js'
import { type Graph, type GraphNode, inputNode, nodesOf } from '../graph.js'
import { isVariable, outputShape, plainInputs, readSource, variableOf } from './training-graph.js'

const GRADIENTS = /^gradients/
const CLONE = /^clone_\d+\//
const FIRST_CLONE = 'clone_0/'
const FIRST_BODY = /FirstStageFeatureExtractor/
const SECOND_STAGE = /SecondStage(FeatureExtractor|BoxPredictor)/

/** The variables that the last nodes of the heads add; a scope may lie above. */
const HEAD_BIASES = {
  firstBoxes: 'FirstStageBoxPredictor/BoxEncodingPredictor/biases',
  firstClasses: 'FirstStageBoxPredictor/ClassPredictor/biases',
  secondBoxes: 'SecondStageBoxPredictor/BoxEncodingPredictor/biases',
  secondClasses: 'SecondStageBoxPredictor/ClassPredictor/biases',
} as const

/** A tensor of the graph and its shape in training, -1 for sizes that are free. */
export interface BorderTensor {
  readonly tensor: string
  readonly shape: readonly number[]
}

/** Where the two trained parts of a Faster R-CNN begin and end. */
export interface FasterRcnnBorders {
  readonly images: BorderTensor
  /** The feature map that proposals are cropped from. */
  readonly features: string
  /** `[batch, rows, columns, 4 x anchors]` and `[..., 2 x anchors]`. */
  readonly firstBoxes: BorderTensor
  readonly firstClasses: BorderTensor
  /** Side of a crop in cells; `undefined` when the graph does not tell. */
  readonly cropSize: number | undefined
  /** What enters the second part: `[crops, rows, columns, depth]`. */
  readonly crops: BorderTensor
  /** `[crops, 4 x classes]` and `[crops, classes + 1]`. */
  readonly secondBoxes: BorderTensor
  readonly secondClasses: BorderTensor
}

/**
 * Finds the borders of a Faster R-CNN in its training graph: heads by the variables that they add, the rest by walking back
 * from them. Throws `ExportError` when a border is missing or there are several.
 */
export function findFasterRcnnBorders(graph: Graph): FasterRcnnBorders {
  const crop = only(graph, 'CropAndResize', trainedNodes(graph, 'CropAndResize'))
  const [features = '', , , cropSize = ''] = plainInputs(crop)
  const heads = {
    firstBoxes: findHead(graph, 'firstBoxes'),
    firstClasses: findHead(graph, 'firstClasses'),
    secondBoxes: findHead(graph, 'secondBoxes'),
    secondClasses: findHead(graph, 'secondClasses'),
  }
  return {
    ...heads,
    images: findEntry(graph, [features], FIRST_BODY, 'the images'),
    features,
    cropSize: constNumbers(graph, cropSize)?.[0],
    crops: findEntry(
      graph,
      [heads.secondBoxes.tensor, heads.secondClasses.tensor],
      SECOND_STAGE,
      'the crops of proposals',
    ),
  }
}

/** Training on several GPUs has the model once for each; the first is as good as any. */
function trainedNodes(graph: Graph, op: string): GraphNode[] {
  const nodes = nodesOf(graph, op).filter(({ name }) => !GRADIENTS.test(name))
  const hasClones = nodes.some(({ name }) => CLONE.test(name))
  return hasClones ? nodes.filter(({ name }) => name.startsWith(FIRST_CLONE)) : nodes
}

function findHead(graph: Graph, head: keyof typeof HEAD_BIASES): BorderTensor {
  const biases = HEAD_BIASES[head]
  const found = trainedNodes(graph, 'BiasAdd').filter((node) =>
    `/${variableOf(graph, plainInputs(node)[1] ?? '')}`.endsWith(`/${biases}`),
  )
  return border(graph, only(graph, `BiasAdd of ${biases}`, found).name)
}

function only(graph: Graph, what: string, nodes: readonly GraphNode[]): GraphNode {
  const [node] = nodes
  if (node !== undefined && nodes.length === 1) return node
  throw new ExportError(
    `${graph.source.name}: a training graph of a Faster R-CNN should have one ${what}, found ${nodes.length}: is it one ` +
      'of the Object Detection API?',
  )
}

/** Finds the one tensor that enters a part of the model, seen from what comes out of it. */
function findEntry(
  graph: Graph,
  from: readonly string[],
  part: RegExp,
  what: string,
): BorderTensor {
  const entries = new Set(entriesBehind(graph, from, part))
  const [entry] = entries
  if (entry !== undefined && entries.size === 1) return border(graph, entry)
  throw new ExportError(
    `${graph.source.name}: ${what} should be one tensor that enters the network, found ` +
      `${[...entries].join(', ') || 'none'}`,
  )
}

/** Walks back from tensors to those that nodes of a part read from outside. */
function* entriesBehind(graph: Graph, from: readonly string[], part: RegExp): Generator<string> {
  const seen = new Set<string>()
  const open = from.map(inputNode)
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = graph.nodes.get(name)
    if (node === undefined || seen.has(name)) continue
    seen.add(name)
    for (const input of plainInputs(node)) {
      if (!part.test(name) || part.test(input)) open.push(inputNode(input))
      else if (isData(graph, input)) yield input
    }
  }
}

function isData(graph: Graph, input: string): boolean {
  const source = readSource(graph, input)
  return source !== undefined && source.op !== 'Const' && !isVariable(source)
}

function border(graph: Graph, tensor: string): BorderTensor {
  return { tensor, shape: outputShape(graph, tensor) ?? [] }
}

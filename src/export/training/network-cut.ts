import { ExportError } from '../export-error.js'
import { type Graph, type GraphNode, inputNode, nodeDefOf } from '../graph.js'
import { makeNode, typeAttribute } from '../node-builder.js'
import type { NodeDef } from '../stubs.js'
import { assertBatchFree, freeBatch } from './baked-batch.js'
import {
  findMovingAverages,
  isFusedBatchNorm,
  type MovingAverages,
  useMovingAverages,
} from './batch-norm.js'
import { dropoutSource } from './dropout.js'
import { isVariable, outputShape, plainInput, plainInputs, readSource } from './training-graph.js'

/** Ops whose output depends on nothing but their inputs, of which the networks are made; any other is refused. */
const PLAIN_OPS = new Set(
  `Conv2D DepthwiseConv2dNative FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 BiasAdd MatMul Relu Relu6 Elu LeakyRelu
   Selu Sigmoid Tanh Softplus Exp Add AddV2 AddN Mul Sub RealDiv Maximum Minimum Square Rsqrt Mean Sum MaxPool AvgPool Pad
   PadV2 MirrorPad Identity Const ConcatV2 Split SplitV Slice StridedSlice Reshape Squeeze ExpandDims Pack Unpack Shape
   Tile Transpose Cast FloorDiv FloorMod ResizeNearestNeighbor ResizeBilinear SpaceToBatchND BatchToSpaceND`.split(
    /\s+/,
  ),
)

/** The parts of the trained model: everything else in the graph is there to train it. */
const INSIDE = /FeatureExtractor|BoxPredictor/

/** Where to cut. */
export interface CutOptions {
  /** The tensors that are wanted, as the graph names them. */
  readonly heads: readonly string[]
  /** The batch size that the graph was trained with: constants may carry it. */
  readonly batch: number
  /** What to read in the place of tensors of the graph; the cut goes no further there. */
  readonly borders?: ReadonlyMap<string, string>
  /** What to read in the place of the one tensor that enters the model from outside; it is looked for when this is given. */
  readonly images?: string
}

/** The part of a training graph that is needed for inference, mended. */
export interface NetworkCut {
  /** Without the variables. */
  readonly nodes: readonly NodeDef[]
  /** Names of the variables that the nodes read. */
  readonly variables: readonly string[]
  /** The tensor that entered the model, and its shape, where it was looked for. */
  readonly entry: { readonly tensor: string; readonly shape: readonly number[] } | undefined
}

/**
 * Cuts the model out of a training graph: walks back from `heads` over data inputs, turns batch normalization to the moving
 * averages, takes dropout out and frees the batch size. Throws `ExportError` with op and node for what it does not know.
 */
export function cutNetwork(graph: Graph, options: CutOptions): NetworkCut {
  const cut = new Cut(graph, options)
  cut.walk()
  return cut.result()
}

class Cut {
  readonly #graph: Graph
  readonly #options: CutOptions
  readonly #averages: MovingAverages
  readonly #nodes: NodeDef[] = []
  readonly #variables: string[] = []
  readonly #entries = new Map<string, readonly number[]>()
  readonly #open: string[]
  readonly #seen = new Set<string>()

  constructor(graph: Graph, options: CutOptions) {
    this.#graph = graph
    this.#options = options
    this.#averages = findMovingAverages(graph)
    this.#open = options.heads.map(plainInput)
  }

  walk(): void {
    for (let input = this.#open.pop(); input !== undefined; input = this.#open.pop()) {
      const name = inputNode(input)
      if (this.#seen.has(name)) continue
      this.#seen.add(name)
      const node = this.#graph.nodes.get(name)
      if (node === undefined) {
        throw new ExportError(
          `${this.#graph.source.name}: has no node ${name}, which another reads`,
        )
      }
      if (isVariable(node)) this.#variables.push(name)
      else this.#nodes.push(this.#copy(node))
    }
  }

  result(): NetworkCut {
    const entries = [...this.#entries]
    if (this.#options.images !== undefined && entries.length !== 1) {
      throw new ExportError(
        `${this.#graph.source.name}: one batch of images should enter the network, found ` +
          `${entries.map(([tensor]) => tensor).join(', ') || 'none'}`,
      )
    }
    const [entry] = entries
    return {
      nodes: this.#nodes,
      variables: this.#variables.sort(),
      entry: entry && { tensor: entry[0], shape: entry[1] },
    }
  }

  #copy(node: GraphNode): NodeDef {
    const dropped = dropoutSource(this.#graph, node)
    if (dropped !== undefined) {
      const T = nodeDefOf(this.#graph, node).getAttrMap().get('T') ?? typeAttribute('DT_FLOAT')
      const identity = makeNode(node.name, 'Identity', [dropped], { T })
      return this.#connect(node, identity)
    }
    const copy = stripped(this.#graph, node)
    if (isFusedBatchNorm(node.op)) useMovingAverages(this.#graph, this.#averages, node, copy)
    else if (node.op === 'ReadVariableOp') readOfConstant(copy)
    else if (node.op === 'Reshape') {
      this.#nodes.push(...freeBatch(this.#graph, node, copy, this.#options.batch))
    } else if (node.op === 'ConcatV2') {
      assertBatchFree(this.#graph, node, this.#options.batch)
    }
    if (!PLAIN_OPS.has(copy.getOp())) {
      throw new ExportError(
        `${this.#graph.source.name}: the network has the op ${node.op} (node ${node.name}), which cannot be taken over ` +
          'from a training graph. Export the frozen_inference_graph.pb that export_inference_graph.py writes',
      )
    }
    return this.#connect(node, copy)
  }

  /** Leads the inputs of a copy to where they come from in the cut. */
  #connect(node: GraphNode, copy: NodeDef): NodeDef {
    const { borders, images } = this.#options
    const inputs = copy.getInputList().map((input) => {
      const border = borders?.get(input)
      if (border !== undefined) return border
      const source = this.#averages.get(input) ?? input
      if (images !== undefined && this.#isEntry(node, source)) return images
      // What was made here in a constant's place is no node of the graph.
      if (this.#graph.nodes.has(inputNode(source))) this.#open.push(source)
      return source
    })
    copy.setInputList(inputs)
    return copy
  }

  #isEntry(node: GraphNode, input: string): boolean {
    if (!INSIDE.test(node.name) || INSIDE.test(input)) return false
    const source = readSource(this.#graph, input)
    if (source === undefined || source.op === 'Const' || isVariable(source)) return false
    const shape = outputShape(this.#graph, input)
    if (shape?.length !== 4) {
      throw new ExportError(
        `${this.#graph.source.name}: ${input} enters the network at ${node.name} and is no batch of images`,
      )
    }
    this.#entries.set(input, shape)
    return true
  }
}

/** Attributes that begin with _ say what was true of the training graph: shapes, places beside other nodes. */
function stripped(graph: Graph, node: GraphNode): NodeDef {
  const copy = nodeDefOf(graph, node)
  copy.setDevice('')
  copy.setInputList(plainInputs(node))
  const attributes = copy.getAttrMap()
  for (const key of [...node.attributes.keys()]) if (key.startsWith('_')) attributes.del(key)
  return copy
}

/** The variable becomes a node that gives the weights themselves. */
function readOfConstant(copy: NodeDef): void {
  const attributes = copy.getAttrMap()
  const dtype = attributes.get('dtype') ?? typeAttribute('DT_FLOAT')
  attributes.clear()
  attributes.set('T', dtype)
  copy.setOp('Identity')
}

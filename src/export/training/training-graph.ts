import { sizesOf } from '../const-tensor.js'
import { findImageInput } from '../detection-signature.js'
import { attributeOf, dataInputs, type Graph, type GraphNode, inputNode } from '../graph.js'
import type { MetaGraph } from '../meta-graph.js'
import { type ByteRange, readText, scanFields } from '../wire-scanner.js'

const COLLECTIONS_FIELD = 4
const MAP_ENTRY = { key: 1, value: 2 }
const COLLECTION = { bytesList: 2 }
const BYTES_LIST = { value: 1 }
const VARIABLE_DEF = { name: 1 }

/** Ops that only training graphs have: their inputs, and their updates of weights. */
const TRAINING_OP =
  /^(IteratorGetNext|OneShotIterator|PaddingFIFOQueueV2|FIFOQueueV2|QueueDequeue.*|Apply[A-Z]\w*|ResourceApply\w+)$/
const GRADIENTS = /^gradients\//

const VARIABLE_OPS = new Set(['VariableV2', 'Variable', 'VarHandleOp'])

/** The ops that lead from a variable to whoever reads it. */
const READ_OPS = new Set(['Identity', 'ReadVariableOp'])

/** A graph that an Object Detection API trainer of TensorFlow 1 left in a `.meta`. */
export interface TrainingGraph {
  readonly graph: Graph
  /** The variables that were trained, and so have moving averages if there are any. */
  readonly trainable: ReadonlySet<string>
}

/**
 * Finds what tells that a graph was made for training: a node of inputs, gradients or updates, and no placeholder that takes
 * images. `undefined` for any other graph.
 */
export function trainingNode(graph: Graph): GraphNode | undefined {
  if (findImageInput(graph) !== undefined) return undefined
  return [...graph.nodes.values()].find(
    ({ name, op }) => TRAINING_OP.test(op) || GRADIENTS.test(name),
  )
}

/** Reads what a training graph says besides its nodes. */
export function readTrainingGraph(metaGraph: MetaGraph): TrainingGraph {
  const { graph } = metaGraph
  const trainable = new Set<string>()
  for (const collection of collectionsNamed(metaGraph, 'trainable_variables')) {
    for (const name of variablesIn(graph, collection)) trainable.add(name)
  }
  return { graph, trainable }
}

/** Finds entries of the map collection_def by key; most collections are never read. */
function* collectionsNamed({ otherFields }: MetaGraph, name: string): Generator<ByteRange> {
  for (const piece of otherFields) {
    if (piece instanceof Uint8Array) continue
    for (const field of scanFields(piece.source, piece)) {
      if (field.number !== COLLECTIONS_FIELD) continue
      const parts = [...scanFields(piece.source, field)]
      const key = parts.find(({ number }) => number === MAP_ENTRY.key)
      const value = parts.find(({ number }) => number === MAP_ENTRY.value)
      if (key && value && readText(piece.source, key) === name) yield value
    }
  }
}

/** The collection is a list of serialised VariableDef messages. */
function* variablesIn({ source }: Graph, collection: ByteRange): Generator<string> {
  for (const list of scanFields(source, collection)) {
    if (list.number !== COLLECTION.bytesList) continue
    for (const value of scanFields(source, list)) {
      if (value.number !== BYTES_LIST.value) continue
      for (const field of scanFields(source, value)) {
        if (field.number === VARIABLE_DEF.name) yield inputNode(readText(source, field))
      }
    }
  }
}

/** Writes a tensor's name without the `:0` that says nothing. */
export function plainInput(input: string): string {
  return input.endsWith(':0') ? input.slice(0, -2) : input
}

/** Gives the nodes' data inputs as plain names. */
export function plainInputs(node: GraphNode): string[] {
  return dataInputs(node).map(plainInput)
}

/** Tells whether a node is a variable, of either kind. */
export function isVariable(node: GraphNode | undefined): boolean {
  return node !== undefined && VARIABLE_OPS.has(node.op)
}

/** Follows reads and Identity nodes down to what they read. */
export function readSource(graph: Graph, input: string): GraphNode | undefined {
  let node = graph.nodes.get(inputNode(input))
  while (node !== undefined && READ_OPS.has(node.op)) {
    node = graph.nodes.get(inputNode(dataInputs(node)[0] ?? ''))
  }
  return node
}

/** Names the variable that a tensor reads; `undefined` when it reads none. */
export function variableOf(graph: Graph, input: string): string | undefined {
  const node = readSource(graph, input)
  return isVariable(node) ? node?.name : undefined
}

/** Gives the shape that the trainer's TensorFlow inferred of a tensor, -1 for sizes that are free; `undefined` if it is not told. */
export function outputShape(graph: Graph, input: string): readonly number[] | undefined {
  const node = graph.nodes.get(inputNode(input))
  const shapes = node && attributeOf(graph, node, '_output_shapes')?.getList()?.getShapeList()
  const place = Number(/:(\d+)$/.exec(input)?.[1] ?? 0)
  const shape = shapes?.[place]
  return shape === undefined || shape.getUnknownRank() ? undefined : sizesOf(shape)
}

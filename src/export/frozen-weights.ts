import { type ConstTensor, constBytes, constData, readConst } from './const-tensor.js'
import { ExportError } from './export-error.js'
import { dataInputs, type Graph, type GraphNode, inputNode } from './graph.js'
import type { GraphChanges } from './graph-edit.js'
import { DataTypeEnum, type SaverDef } from './stubs.js'
import type { BundleTensor } from './tensor-bundle-writer.js'
import { makeVariables } from './variables-form.js'

const FLOAT_TYPES: ReadonlySet<number> = new Set([
  DataTypeEnum.DT_FLOAT,
  DataTypeEnum.DT_DOUBLE,
  DataTypeEnum.DT_HALF,
  DataTypeEnum.DT_BFLOAT16,
])

/** How freezing leaves the read of a variable: `<name>/read` in TensorFlow 1, `<name>/ReadVariableOp` and the like later. */
const READ = /\/read$|\/ReadVariableOp(_\d+)?$/

/** A frozen graph whose weights became variables. */
export interface ThawedGraph {
  readonly changes: GraphChanges
  readonly saver: SaverDef
  /** What `variables/` has to hold; the contents stay in the file until they are written. */
  readonly tensors: readonly BundleTensor[]
}

/**
 * Turns the weights of a frozen graph into variables: the floating-point constants that freezing left of variables, or,
 * where no name tells them, every floating-point constant of at least one dimension. Constants inside loops, whole
 * numbers and scalars stay, because graphs need them as they are. Throws `ExportError` when there are none.
 */
export function thawWeights(graph: Graph): ThawedGraph {
  const weights = findWeights(graph)
  if (weights.length === 0) {
    throw new ExportError(
      `${graph.source.name}: --variables: the graph has no floating-point constants that could become variables. ` +
        'Export it without --variables',
    )
  }
  const variables = weights.map(({ node, dtype, shape }) => ({ name: node, dtype, shape }))
  const { nodes, saver } = makeVariables(variables, freeScope(graph))
  return {
    changes: { remove: new Set(weights.map(({ node }) => node)), add: nodes },
    saver,
    tensors: weights.map((weight) => ({
      name: weight.node,
      dtype: weight.dtype,
      shape: weight.shape,
      size: constBytes(graph, weight),
      data: () => constData(graph, weight),
    })),
  }
}

function findWeights(graph: Graph): ConstTensor[] {
  // A constant with a control input belongs to the frame of a loop, where no variable could be read.
  const constants = [...graph.nodes.values()].filter(
    ({ op, inputs }) => op === 'Const' && inputs.length === 0,
  )
  const read = new Set(
    [...graph.nodes.values()].filter(isRead).map((node) => inputNode(node.inputs[0]!)),
  )
  const named = tensorsOf(
    graph,
    constants.filter(({ name }) => read.has(name)),
  )
  if (named.length > 0) return named
  return tensorsOf(graph, constants).filter(({ shape }) => shape.length > 0)
}

function isRead(node: GraphNode): boolean {
  return node.op === 'Identity' && READ.test(node.name) && dataInputs(node).length === 1
}

function tensorsOf(graph: Graph, constants: readonly GraphNode[]): ConstTensor[] {
  return constants
    .map((node) => readConst(graph, node))
    .filter(({ dtype }) => FLOAT_TYPES.has(dtype))
}

function freeScope(graph: Graph): string {
  const names = [...graph.nodes.keys()]
  const isTaken = (scope: string) => names.some((name) => name.startsWith(`${scope}/`))
  let scope = 'save'
  for (let number = 1; isTaken(scope); number++) scope = `save_${number}`
  return scope
}

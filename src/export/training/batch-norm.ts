import { ExportError } from '../export-error.js'
import { attributeOf, type Graph, type GraphNode, inputNode } from '../graph.js'
import { booleanAttribute } from '../node-builder.js'
import type { NodeDef } from '../stubs.js'
import { plainInput, plainInputs, readSource, variableOf } from './training-graph.js'

const FUSED = /^FusedBatchNorm(V2|V3)?$/
const MOVING = /\/moving_(mean|variance)$/
const STATISTIC_OPS = new Set(['Squeeze', 'FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'])

/** The inputs of a fused batch normalization that take statistics, and the averages' names in the scope of its weights. */
const STATISTICS = [
  { input: 3, output: 1, average: 'moving_mean' },
  { input: 4, output: 2, average: 'moving_variance' },
] as const

/** Tensors with a statistic of the batch, and the tensors with its moving average. */
export type MovingAverages = ReadonlyMap<string, string>

/** Tells whether an op is batch normalization in one node. */
export function isFusedBatchNorm(op: string): boolean {
  return FUSED.test(op)
}

/**
 * Pairs statistics of batches with their moving averages by the updates: each is
 * `moving - (moving - statistic) * (1 - decay)`, and its inner difference is named so by TensorFlow's own helper. The names
 * of scopes differ between releases, these differences do not.
 */
export function findMovingAverages(graph: Graph): MovingAverages {
  const found = new Map<string, string>()
  for (const node of graph.nodes.values()) {
    if (node.op !== 'Sub' || !node.name.includes('AssignMovingAvg')) continue
    const [a = '', b = ''] = plainInputs(node)
    for (const [moving, statistic] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!MOVING.test(variableOf(graph, moving) ?? '')) continue
      const source = graph.nodes.get(inputNode(statistic))
      if (STATISTIC_OPS.has(source?.op ?? '')) found.set(statistic, moving)
    }
  }
  return found
}

/**
 * Turns the copy of a fused batch normalization to the moving averages, unless it takes them in training already. Throws
 * `ExportError` when it has no averages.
 */
export function useMovingAverages(
  graph: Graph,
  averages: MovingAverages,
  node: GraphNode,
  copy: NodeDef,
): void {
  const isTraining = attributeOf(graph, node, 'is_training')
  // The attribute's default, which writers may leave out, is true.
  if (isTraining !== undefined && !isTraining.getB()) return
  const inputs = plainInputs(node)
  for (const { input, output, average } of STATISTICS) {
    inputs[input] = averages.get(`${node.name}:${output}`) ?? byScope(graph, node, average)
  }
  copy.setInputList(inputs.map(plainInput))
  copy.getAttrMap().set('is_training', booleanAttribute(false))
}

/** Without an update, the average lies beside gamma or beta. */
function byScope(graph: Graph, node: GraphNode, average: string): string {
  for (const weights of plainInputs(node).slice(1, 3)) {
    const variable = variableOf(graph, weights)
    const name = variable?.replace(/[^/]+$/, average) ?? ''
    if (!graph.nodes.has(name)) continue
    // A resource has to be read; a read of it is there, because training started from one.
    const read = readOf(graph, name)
    if (read !== undefined) return read
  }
  throw new ExportError(
    `${graph.source.name}: the batch normalization ${node.name} has no moving averages (${average}), so that it ` +
      'cannot be used for inference',
  )
}

function readOf(graph: Graph, variable: string): string | undefined {
  if (graph.nodes.get(variable)?.op !== 'VarHandleOp') return variable
  for (const node of graph.nodes.values()) {
    if (node.op === 'ReadVariableOp' && readSource(graph, node.name)?.name === variable)
      return node.name
  }
  return undefined
}

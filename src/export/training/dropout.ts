import { ExportError } from '../export-error.js'
import { type Graph, type GraphNode, inputNode } from '../graph.js'
import { plainInputs } from './training-graph.js'

const DROPOUT = /ropout/
/** A dropout's mask is made of fewer nodes than this. */
const WALK_LIMIT = 40

/**
 * Gives what goes into a dropout when a node is its last: `(x * (1 / keep)) * mask` in newer releases, `(x / keep) * mask`
 * in older ones, the mask made of random numbers. `undefined` when the node is no such thing; throws `ExportError` for
 * a dropout of another form.
 */
export function dropoutSource(graph: Graph, node: GraphNode): string | undefined {
  if (node.op !== 'Mul' || !DROPOUT.test(node.name)) return undefined
  const [a = '', b = ''] = plainInputs(node)
  for (const [scaled, mask] of [
    [a, b],
    [b, a],
  ] as const) {
    if (isRandom(graph, mask)) return unscaled(graph, node, scaled)
  }
  return undefined
}

function isRandom(graph: Graph, mask: string): boolean {
  const seen = new Set<string>()
  const open = [inputNode(mask)]
  for (let name = open.pop(); name !== undefined && seen.size < WALK_LIMIT; name = open.pop()) {
    const node = graph.nodes.get(name)
    if (node === undefined || seen.has(name)) continue
    seen.add(name)
    if (node.op === 'RandomUniform') return true
    if (DROPOUT.test(name)) open.push(...plainInputs(node).map(inputNode))
  }
  return false
}

function unscaled(graph: Graph, node: GraphNode, scaled: string): string {
  const scale = graph.nodes.get(inputNode(scaled))
  if (!DROPOUT.test(scaled)) return scaled
  if (scale?.op === 'Mul' || scale?.op === 'RealDiv') {
    const sources = plainInputs(scale).filter((input) => !DROPOUT.test(input))
    if (sources.length === 1) return sources[0]!
  }
  throw new ExportError(
    `${graph.source.name}: the dropout that ends in ${node.name} has a form that is not known`,
  )
}

import { constTexts } from './const-tensor.js'
import { ExportError } from './export-error.js'
import { dataInputs, type Graph, graphFunctions, type NodeScope, nodesOf } from './graph.js'
import type { BundleIndex } from './tensor-bundle-reader.js'

/** The most names that an error lists. */
const LISTED = 3

/** Lists the keys that a graph, with its functions, restores from `variables/` or a checkpoint. */
export function restoredNames(graph: Graph): string[] {
  return [graph, ...graphFunctions(graph)].flatMap(namesIn)
}

function namesIn(scope: NodeScope): string[] {
  return nodesOf(scope, 'RestoreV2').flatMap((node) => {
    const names = constTexts(scope, dataInputs(node)[1] ?? '')
    if (names !== undefined) return names
    throw new ExportError(
      `${scope.source.name}: the node ${node.name} restores variables whose names are no constant, so that they ` +
        'cannot be checked. Save the model again with TensorFlow',
    )
  })
}

/** Throws `ExportError` when a graph restores a variable that the index does not have. */
export function assertRestorable(graph: Graph, index: BundleIndex): void {
  const missing = restoredNames(graph).filter((name) => !index.entries.has(name))
  if (missing.length === 0) return
  const more = missing.length > LISTED ? ` and ${missing.length - LISTED} more` : ''
  throw new ExportError(
    `${index.prefix}.index: lacks ${missing.length} variable(s) that ${graph.source.name} restores: ` +
      `${missing.slice(0, LISTED).join(', ')}${more}. Graph and weights are not of the same model; take both from one step`,
  )
}

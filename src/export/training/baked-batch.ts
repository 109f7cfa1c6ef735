import { constNumbers } from '../const-tensor.js'
import { ExportError } from '../export-error.js'
import { type Graph, type GraphNode, inputNode } from '../graph.js'
import { makeIntegers, typeAttribute } from '../node-builder.js'
import type { NodeDef } from '../stubs.js'
import { outputShape, plainInputs } from './training-graph.js'

/**
 * Lets a reshape take any batch, when its constant shape begins with the training's batch size: the copy reads a constant of
 * its own, which is given back, because the old one may have other readers. Throws `ExportError` when the other sizes
 * are not known.
 */
export function freeBatch(
  graph: Graph,
  node: GraphNode,
  copy: NodeDef,
  batch: number,
): readonly NodeDef[] {
  const [data = '', target = ''] = plainInputs(node)
  const sizes = isConstant(graph, target) ? constNumbers(graph, target) : undefined
  const shape = outputShape(graph, node.name)
  if (sizes === undefined || sizes[0] !== batch) return []
  if (shape !== undefined && shape[0] !== batch) return []
  const rest = sizes.slice(1).map((size, place) => (size === -1 ? shape?.[place + 1] : size) ?? -1)
  if (rest.includes(-1)) {
    throw new ExportError(
      `${graph.source.name}: ${node.name} reshapes to [${sizes}] with the training's batch size in it, and its ` +
        'other sizes are not known',
    )
  }
  const free = `${node.name}/any_batch`
  copy.setInputList([data, free])
  copy.getAttrMap().set('Tshape', typeAttribute('DT_INT32'))
  return [makeIntegers(free, [-1, ...rest])]
}

/**
 * Refuses a concatenation with a constant of the training's batch size: zeros that pad a batch of images, which nothing can
 * free. Throws `ExportError`.
 */
export function assertBatchFree(graph: Graph, node: GraphNode, batch: number): void {
  for (const input of plainInputs(node)) {
    const shape = outputShape(graph, input)
    const isBatch = shape?.length === 4 && shape[0] === batch && batch !== 1
    if (!isBatch || !isConstant(graph, input)) continue
    throw new ExportError(
      `${graph.source.name}: the constant ${input} [${shape}] has the training's batch size ${batch} in it ` +
        '(pad_to_multiple pads the images). Export the frozen_inference_graph.pb that export_inference_graph.py writes',
    )
  }
}

function isConstant(graph: Graph, input: string): boolean {
  return graph.nodes.get(inputNode(input))?.op === 'Const'
}

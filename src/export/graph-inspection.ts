import { constBytes, readConst } from './const-tensor.js'
import { dataTypeName, elementBytes } from './data-types.js'
import { placeholderInput } from './detection-signature.js'
import { type Graph, graphFunctions, nodesOf } from './graph.js'
import { type OpNote, opNotes } from './op-notes.js'
import { findResizer, type Resizer } from './resizer.js'

/** A placeholder of a graph; `shape` is `null` when the rank is not known. */
export interface PlaceholderSummary {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[] | null
}

/** What a graph is made of. */
export interface GraphInspection {
  readonly nodes: number
  readonly functions: number
  /** The version of the graph format it was written with, 0 when it does not say. */
  readonly producer: number
  readonly placeholders: readonly PlaceholderSummary[]
  /** Constants with numbers in them. */
  readonly constants: { readonly count: number; readonly bytes: number }
  /** How often each op is used, functions included, the most frequent first. */
  readonly ops: readonly { readonly op: string; readonly count: number }[]
  /** Ops that a server may lack. */
  readonly opNotes: readonly OpNote[]
  /** Devices that nodes are pinned to. A copied SavedModel keeps them; an exported graph is freed from them. */
  readonly devices: readonly string[]
  readonly resizer: Resizer | null
  /** Classes without the background. */
  readonly classes: number | null
}

/** Counts and finds what there is to tell of a graph; `classes` is what is known of their number. */
export function inspectGraph(graph: Graph, classes: number | undefined): GraphInspection {
  const functions = [...graphFunctions(graph)]
  const counts = new Map<string, number>()
  for (const scope of [graph, ...functions]) {
    for (const { op } of scope.nodes.values()) counts.set(op, (counts.get(op) ?? 0) + 1)
  }
  return {
    nodes: graph.nodes.size,
    functions: functions.length,
    producer: graph.producer,
    placeholders: nodesOf(graph, 'Placeholder').map((node) => {
      const { dtype, shape } = placeholderInput(graph, node)
      return { name: node.name, dtype: dataTypeName(dtype), shape: shape ?? null }
    }),
    constants: sumConstants(graph),
    ops: [...counts]
      .map(([op, count]) => ({ op, count }))
      .sort((a, b) => b.count - a.count || (a.op < b.op ? -1 : 1)),
    opNotes: opNotes(counts.keys()),
    devices: [...new Set([...graph.nodes.values()].map(({ device }) => device))].filter(Boolean),
    resizer: findResizer(graph) ?? null,
    classes: classes ?? null,
  }
}

function sumConstants(graph: Graph): { readonly count: number; readonly bytes: number } {
  const sizes = nodesOf(graph, 'Const')
    .map((node) => readConst(graph, node))
    .filter(({ dtype }) => elementBytes(dtype) !== undefined)
    .map((tensor) => constBytes(graph, tensor))
  return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

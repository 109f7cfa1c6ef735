import { ExportError } from './export-error.js'
import { type Graph, inputNode } from './graph.js'
import type { Piece } from './piece.js'
import { GraphDef, type NodeDef } from './stubs.js'

/** What changes in a graph; everything else keeps its bytes. */
export interface GraphChanges {
  /** Names of nodes to leave out. */
  readonly remove: ReadonlySet<string>
  /** Nodes to add; they may take the names of removed ones, so that consumers need no change. */
  readonly add: readonly NodeDef[]
}

/** Joins changes made one after the other. */
export function joinChanges(changes: readonly GraphChanges[]): GraphChanges {
  return {
    remove: new Set(changes.flatMap(({ remove }) => [...remove])),
    add: changes.flatMap(({ add }) => add),
  }
}

/**
 * Gives the serialised GraphDef with changes as pieces of the file, spliced unparsed: fields and attributes that this
 * program does not know survive. Throws `ExportError` when an added node takes the name of one that stays or names a
 * node that is not there.
 */
export function graphPieces(graph: Graph, changes?: GraphChanges): Piece[] {
  const { source } = graph
  if (changes === undefined) return graph.ranges.map(({ start, end }) => ({ source, start, end }))
  assertConsistent(graph, changes)
  const removed = [...graph.nodes.values()]
    .filter(({ name }) => changes.remove.has(name))
    .map(({ field }) => field)
    .sort((a, b) => a.start - b.start)
  const pieces: Piece[] = []
  for (const range of graph.ranges) {
    let { start } = range
    for (const field of removed) {
      if (field.start < range.start || field.end > range.end) continue
      if (field.start > start) pieces.push({ source, start, end: field.start })
      start = field.end
    }
    if (range.end > start) pieces.push({ source, start, end: range.end })
  }
  return [...pieces, serializedNodes(changes.add)]
}

function serializedNodes(nodes: readonly NodeDef[]): Uint8Array {
  const graph = new GraphDef()
  graph.setNodeList([...nodes])
  return graph.serializeBinary()
}

function assertConsistent(graph: Graph, { remove, add }: GraphChanges): void {
  const names = new Set([...graph.nodes.keys()].filter((name) => !remove.has(name)))
  for (const node of add) {
    if (names.has(node.getName())) {
      throw new ExportError(
        `${graph.source.name}: already has a node named ${node.getName()}, which the export needs`,
      )
    }
    names.add(node.getName())
  }
  const dangling = add
    .flatMap((node) => node.getInputList().map(inputNode))
    .find((name) => !names.has(name))
  if (dangling !== undefined) {
    throw new ExportError(`${graph.source.name}: has no node ${dangling}, which the export needs`)
  }
}

import { ExportError } from './export-error.js'
import { type Graph, type GraphNode, inputNode } from './graph.js'
import { type Piece, piecesLength } from './piece.js'
import { GraphDef, type NodeDef } from './stubs.js'
import type { ByteRange } from './wire-scanner.js'
import { fieldHead } from './wire-writer.js'

/** The field of GraphDef that holds a node. */
const NODE_FIELD = 1

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
 * program does not know survive. Nodes are freed from the devices they are pinned to, because a server refuses a graph
 * that names a device it lacks. Throws `ExportError` when an added node takes the name of one that stays or names a node
 * that is not there.
 */
export function graphPieces(graph: Graph, changes?: GraphChanges): Piece[] {
  if (changes !== undefined) assertConsistent(graph, changes)
  const replaced = [...graph.nodes.values()]
    .flatMap((node) => replacement(graph, node, changes) ?? [])
    .sort((a, b) => a.field.start - b.field.start)
  const kept = graph.ranges.flatMap((range) => splice(graph, range, replaced))
  return changes === undefined ? kept : [...kept, serializedNodes(changes.add)]
}

/** What stands in the place of a node's field. */
interface Replacement {
  readonly field: ByteRange
  readonly pieces: readonly Piece[]
}

/** Tells what stands in the place of a node; `undefined` when it stays as it is. */
function replacement(
  { source }: Graph,
  { name, field, range, deviceField }: GraphNode,
  changes: GraphChanges | undefined,
): Replacement | undefined {
  if (changes?.remove.has(name)) return { field, pieces: [] }
  if (deviceField === undefined) return undefined
  const content = [
    { source, start: range.start, end: deviceField.start },
    { source, start: deviceField.end, end: range.end },
  ]
  return { field, pieces: [fieldHead(NODE_FIELD, piecesLength(content)), ...content] }
}

function splice({ source }: Graph, range: ByteRange, replaced: readonly Replacement[]): Piece[] {
  const pieces: Piece[] = []
  let { start } = range
  for (const { field, pieces: others } of replaced) {
    if (field.start < range.start || field.end > range.end) continue
    if (field.start > start) pieces.push({ source, start, end: field.start })
    pieces.push(...others)
    start = field.end
  }
  if (range.end > start) pieces.push({ source, start, end: range.end })
  return pieces
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

import type { ByteSource } from './byte-source.js'
import { ExportError } from './export-error.js'
import { readMessage } from './read-message.js'
import { AttrValue, NodeDef, VersionDef } from './stubs.js'
import { assertDelimited, type ByteRange, readText, scanFields } from './wire-scanner.js'

const GRAPH = { node: 1, library: 2, versions: 4 }
const LIBRARY = { function: 1 }
const FUNCTION = { signature: 1, node: 3 }
const OP_DEF = { name: 1 }
const NODE = { name: 1, op: 2, input: 3, device: 4, attribute: 5 }
const MAP_ENTRY = { key: 1, value: 2 }

/** One node of a graph that lies in a file: what the edges need, and where the rest is. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  /** Other nodes; `:k` for an output other than the first, `^` for a control edge. */
  readonly inputs: readonly string[]
  /** The device that it is pinned to; empty for most. */
  readonly device: string
  /** The whole field of NodeDef that says so, tag included. */
  readonly deviceField: ByteRange | undefined
  /** Serialised NodeDef. */
  readonly range: ByteRange
  /** The whole field of GraphDef that holds it, tag included. */
  readonly field: ByteRange
  /** Where the serialised AttrValue of each attribute lies. */
  readonly attributes: ReadonlyMap<string, ByteRange>
}

/** Nodes that can name each other: the top of a graph, or the body of a function. */
export interface NodeScope {
  readonly source: ByteSource
  readonly nodes: ReadonlyMap<string, GraphNode>
}

/** A function of a graph's library. */
export interface GraphFunction extends NodeScope {
  readonly name: string
}

/** A GraphDef in a file. Attributes, and so weights, are read only when asked for. */
export interface Graph extends NodeScope {
  /** The parts of the file that joined are the serialised GraphDef; one, unless its writer split it. */
  readonly ranges: readonly ByteRange[]
  readonly libraries: readonly ByteRange[]
  /** The version of TensorFlow's graph format that it was written with; 0 when it does not say. */
  readonly producer: number
}

/**
 * Reads the edges of the GraphDef that lies in ranges of a file. Throws `ExportError` when it is damaged, holds two nodes
 * of a name or none at all.
 */
export function readGraph(source: ByteSource, ranges: readonly ByteRange[]): Graph {
  const nodes = new Map<string, GraphNode>()
  const libraries: ByteRange[] = []
  let producer = 0
  for (const range of ranges) {
    for (const field of scanFields(source, range)) {
      if (field.number === GRAPH.node) {
        assertDelimited(source, field, 'a node of a graph')
        addNode(source, nodes, readNode(source, field, { start: field.tagStart, end: field.end }))
      } else if (field.number === GRAPH.library) {
        assertDelimited(source, field, 'a library of functions')
        libraries.push(field)
      } else if (field.number === GRAPH.versions) {
        assertDelimited(source, field, 'the versions of a graph')
        producer = readMessage(source.name, `the graph's version at byte ${field.tagStart}`, () =>
          VersionDef.deserializeBinary(source.read(field.start, field.end)).getProducer(),
        )
      }
    }
  }
  if (nodes.size === 0) throw new ExportError(`${source.name}: the graph in it has no nodes`)
  return { source, ranges, nodes, libraries, producer }
}

/** Reads the functions of a graph one by one; TensorFlow 2 keeps nearly everything in them. */
export function* graphFunctions(graph: Graph): Generator<GraphFunction> {
  const { source } = graph
  for (const library of graph.libraries) {
    for (const field of scanFields(source, library)) {
      if (field.number !== LIBRARY.function) continue
      assertDelimited(source, field, 'a function')
      yield readFunction(source, field)
    }
  }
}

function readFunction(source: ByteSource, range: ByteRange): GraphFunction {
  const nodes = new Map<string, GraphNode>()
  let name = ''
  for (const field of scanFields(source, range)) {
    if (field.number === FUNCTION.signature) name = functionName(source, field)
    if (field.number !== FUNCTION.node) continue
    assertDelimited(source, field, 'a node of a function')
    addNode(source, nodes, readNode(source, field, { start: field.tagStart, end: field.end }))
  }
  return { name, source, nodes }
}

function functionName(source: ByteSource, range: ByteRange): string {
  for (const field of scanFields(source, range)) {
    if (field.number === OP_DEF.name) return readText(source, field)
  }
  return ''
}

function addNode(source: ByteSource, nodes: Map<string, GraphNode>, node: GraphNode): void {
  if (nodes.has(node.name)) {
    throw new ExportError(
      `${source.name}: has two nodes named ${node.name}, the second at byte ${node.field.start}`,
    )
  }
  nodes.set(node.name, node)
}

function readNode(source: ByteSource, range: ByteRange, whole: ByteRange): GraphNode {
  let name = ''
  let op = ''
  let device = ''
  let deviceField: ByteRange | undefined
  const inputs: string[] = []
  const attributes = new Map<string, ByteRange>()
  for (const field of scanFields(source, range)) {
    if (field.number === NODE.name) name = readText(source, field)
    else if (field.number === NODE.op) op = readText(source, field)
    else if (field.number === NODE.input) inputs.push(readText(source, field))
    else if (field.number === NODE.device) {
      device = readText(source, field)
      deviceField = { start: field.tagStart, end: field.end }
    } else if (field.number === NODE.attribute) attributes.set(...readMapEntry(source, field))
  }
  if (name === '' || op === '') {
    throw new ExportError(
      `${source.name}: damaged: the node at byte ${whole.start} has no ${name === '' ? 'name' : `op (${name})`}`,
    )
  }
  return {
    name,
    op,
    inputs,
    device,
    deviceField,
    range: { start: range.start, end: range.end },
    field: whole,
    attributes,
  }
}

/** Finds key and value of an entry of a map whose values are messages; an absent value is the empty message. */
function readMapEntry(source: ByteSource, entry: ByteRange): [string, ByteRange] {
  let key = ''
  let value: ByteRange = { start: entry.end, end: entry.end }
  for (const field of scanFields(source, entry)) {
    if (field.number === MAP_ENTRY.key) key = readText(source, field)
    else if (field.number === MAP_ENTRY.value) value = field
  }
  return [key, value]
}

/** Reads an attribute of a node; `undefined` when the node does not have it. Not for the weights of a Const. */
export function attributeOf(
  scope: NodeScope,
  node: GraphNode,
  name: string,
): AttrValue | undefined {
  const range = node.attributes.get(name)
  if (range === undefined) return undefined
  const what = `the attribute ${name} of the node ${node.name}, at byte ${range.start},`
  return readMessage(scope.source.name, what, () =>
    AttrValue.deserializeBinary(scope.source.read(range.start, range.end)),
  )
}

/** Reads a whole node. Throws `ExportError` when it is damaged. */
export function nodeDefOf(scope: NodeScope, node: GraphNode): NodeDef {
  const { start, end } = node.range
  return readMessage(scope.source.name, `the node ${node.name} at byte ${start}`, () =>
    NodeDef.deserializeBinary(scope.source.read(start, end)),
  )
}

/** Gives the node that an input names: `^a`, `a:1` and a function's `a:output:0` all name `a`. */
export function inputNode(input: string): string {
  const start = input.startsWith('^') ? 1 : 0
  const colon = input.indexOf(':', start)
  return colon === -1 ? input.slice(start) : input.slice(start, colon)
}

/** Gives the inputs of a node that carry tensors. */
export function dataInputs(node: GraphNode): readonly string[] {
  return node.inputs.filter((input) => !input.startsWith('^'))
}

/** Lists the nodes of an op, in file order. */
export function nodesOf(scope: NodeScope, op: string): GraphNode[] {
  return [...scope.nodes.values()].filter((node) => node.op === op)
}

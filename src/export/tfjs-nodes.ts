import type { GraphNode, NodeAttribute, WeightedGraph, WeightTensor } from '../embedded/weights.js'
import { ExportError } from './export-error.js'
import { makeConstant, makeNode } from './node-builder.js'
import {
  AttrValue,
  type DataTypeCode,
  DataTypeEnum,
  type NodeDef,
  TensorShapeProto,
} from './stubs.js'

const WEIGHT_TYPES = { float32: 'DT_FLOAT', int32: 'DT_INT32' } as const

/**
 * Converts the nodes of a TensorFlow.js graph model to NodeDefs: the attributes from the converter's JSON, the
 * constants from the weights. Control inputs are kept: constants inside a loop belong to its frame only by them.
 * Throws `ExportError`, naming the node, on a constant without weights and on an attribute of a kind that graph models do not have.
 */
export function fromTfjsGraph(graph: WeightedGraph): NodeDef[] {
  return graph.nodes.map((node) => {
    if (node.op === 'Const') return fromConstant(node, graph.tensors.get(node.name))
    try {
      return fromOperation(node)
    } catch (cause) {
      const { message } = cause as Error
      throw new ExportError(`The node ${node.name} cannot be converted: ${message}`, { cause })
    }
  })
}

function fromConstant(node: GraphNode, weight: WeightTensor | undefined): NodeDef {
  if (weight === undefined) {
    throw new ExportError(`There are no weights for the constant ${node.name}`)
  }
  const { data, shape, dtype } = weight
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return makeConstant(node.name, WEIGHT_TYPES[dtype], shape, content, node.input)
}

function fromOperation(node: GraphNode): NodeDef {
  const attributes: Record<string, AttrValue> = {}
  for (const [name, attribute] of Object.entries(node.attr ?? {})) {
    // Names with an underscore are notes that TensorFlow's optimizer left for itself.
    if (!name.startsWith('_')) attributes[name] = fromAttribute(name, attribute)
  }
  return makeNode(node.name, node.op, node.input, attributes)
}

/** Every kind is set even to 0, false or the empty text: a value of no kind is refused when the graph is loaded. */
function fromAttribute(name: string, attribute: NodeAttribute): AttrValue {
  const value = new AttrValue()
  const { i, f, b, s, type, shape, list } = attribute
  if (i !== undefined) value.setI(String(i))
  else if (f !== undefined) value.setF(Number(f))
  else if (b !== undefined) value.setB(Boolean(b))
  else if (s !== undefined) value.setS(fromText(s))
  else if (type !== undefined) value.setType(fromType(type))
  else if (shape !== undefined) value.setShape(fromShape(shape))
  else if (list !== undefined) value.setList(fromList(name, list as Record<string, unknown[]>))
  else throw new Error(`its attribute ${name} has none of the kinds i, f, b, s, type, shape, list`)
  return value
}

function fromList(name: string, list: Readonly<Record<string, readonly unknown[]>>) {
  const value = new AttrValue.ListValue()
  const filled = Object.entries(list).filter(([, items]) => items.length > 0)
  for (const [kind, items] of filled) {
    if (kind === 'i') value.setIList(items.map(String))
    else if (kind === 'f') value.setFList(items.map(Number))
    else if (kind === 'b') value.setBList(items.map(Boolean))
    else if (kind === 's') value.setSList(items.map(fromText))
    else if (kind === 'type') value.setTypeList(items.map(fromType))
    else if (kind === 'shape') value.setShapeList(items.map(fromShape))
    else throw new Error(`its attribute ${name} is a list of the unknown kind ${kind}`)
  }
  return value
}

/** Texts are lists of byte values from older converters, base64 from newer ones. */
function fromText(text: unknown): Uint8Array {
  return typeof text === 'string'
    ? new Uint8Array(Buffer.from(text, 'base64'))
    : Uint8Array.from(text as number[])
}

/** Types are numbers from older converters, names like DT_FLOAT from newer ones. */
function fromType(type: unknown): DataTypeCode {
  const number = typeof type === 'string' ? DataTypeEnum[type as keyof typeof DataTypeEnum] : type
  if (number === undefined) throw new Error(`the element type ${type} is unknown`)
  return number as DataTypeCode
}

function fromShape(json: unknown): TensorShapeProto {
  const { dim, unknownRank } = json as {
    readonly dim?: readonly { readonly size: string | number }[]
    readonly unknownRank?: boolean
  }
  const shape = new TensorShapeProto()
  shape.setUnknownRank(unknownRank ?? false)
  for (const { size } of dim ?? []) shape.addDim().setSize(Number(size))
  return shape
}

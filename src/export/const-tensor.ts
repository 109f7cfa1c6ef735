import { dataTypeName, elementBytes, elementCount } from './data-types.js'
import { ExportError } from './export-error.js'
import { type GraphNode, inputNode, type NodeScope } from './graph.js'
import type { Piece } from './piece.js'
import { readMessage } from './read-message.js'
import { type DataTypeCode, DataTypeEnum, TensorProto, TensorShapeProto } from './stubs.js'
import { assertDelimited, type ByteRange, scanFields } from './wire-scanner.js'

const ATTRIBUTE = { tensor: 8 }
const TENSOR = { dtype: 1, shape: 2, content: 4 }

/** Elements beyond which a constant is not looked at as a setting: sizes, names and axes are small. */
const SETTING_LIMIT = 100_000

/** The tensor of a Const node: its type, its shape and where its elements lie. */
export interface ConstTensor {
  readonly node: string
  readonly dtype: DataTypeCode
  readonly shape: readonly number[]
  /** Serialised TensorProto. */
  readonly range: ByteRange
  /** Its `tensor_content`, when the elements are in that form. */
  readonly content: ByteRange | undefined
}

/** Finds the tensor of a Const node without reading its elements. Throws `ExportError` when there is none. */
export function readConst(scope: NodeScope, node: GraphNode): ConstTensor {
  const { source } = scope
  const value = node.attributes.get('value')
  const field =
    value && [...scanFields(source, value)].findLast(({ number }) => number === ATTRIBUTE.tensor)
  if (field === undefined) {
    throw new ExportError(`${source.name}: the constant ${node.name} has no value`)
  }
  assertDelimited(source, field, 'a tensor')
  let dtype: DataTypeCode = DataTypeEnum.DT_INVALID
  let shape: readonly number[] = []
  let content: ByteRange | undefined
  for (const part of scanFields(source, field)) {
    if (part.number === TENSOR.dtype) dtype = part.value as DataTypeCode
    else if (part.number === TENSOR.shape) {
      shape = readMessage(source.name, `the shape of the constant ${node.name}`, () =>
        sizesOf(TensorShapeProto.deserializeBinary(source.read(part.start, part.end))),
      )
    } else if (part.number === TENSOR.content && part.end > part.start) content = part
  }
  return { node: node.name, dtype, shape, range: field, content }
}

/** Gives the sizes of a shape, -1 for those that are not known. */
export function sizesOf(shape: TensorShapeProto): number[] {
  return shape.getDimList().map((dim) => dim.getSize())
}

/** Gives the length of a tensor's elements in bytes. Throws `ExportError` for a type without a fixed size. */
export function constBytes(scope: NodeScope, tensor: ConstTensor): number {
  const bytes = elementBytes(tensor.dtype)
  const size = bytes === undefined ? Number.NaN : elementCount(tensor.shape) * bytes
  if (Number.isSafeInteger(size) && size >= 0) return size
  throw new ExportError(
    `${scope.source.name}: the constant ${tensor.node} (${dataTypeName(tensor.dtype)} [${tensor.shape}]) has no size in bytes`,
  )
}

/**
 * Gives the elements of a numeric tensor as little-endian bytes: a range of the file where they lie there in that form,
 * otherwise made from its list of values. Throws `ExportError` when their number does not fit the shape.
 */
export function constData(scope: NodeScope, tensor: ConstTensor): Piece {
  const size = constBytes(scope, tensor)
  const { source } = scope
  if (tensor.content === undefined) return expandedValues(scope, tensor)
  const { start, end } = tensor.content
  if (end - start === size) return { source, start, end }
  throw new ExportError(
    `${source.name}: the constant ${tensor.node} has ${end - start} bytes at byte ${start} where its shape ` +
      `[${tensor.shape}] needs ${size}. The file is damaged`,
  )
}

/** A short list of values repeats its last to the end of the tensor; an empty one is zeros (tensor.proto). */
function expandedValues(scope: NodeScope, tensor: ConstTensor): Uint8Array {
  const proto = tensorProto(scope, tensor)
  const elements = newElements(proto, elementCount(tensor.shape))
  const values = valuesOf(proto)
  const { length } = elements
  for (let i = 0; i < Math.min(values.length, length); i++) elements[i] = values[i]!
  const last = values[values.length - 1]
  if (last !== undefined && values.length < length) elements.fill(last as never, values.length)
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)
}

type Elements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

function newElements(proto: TensorProto, count: number): Elements {
  switch (proto.getDtype()) {
    case DataTypeEnum.DT_FLOAT:
      return new Float32Array(count)
    case DataTypeEnum.DT_DOUBLE:
      return new Float64Array(count)
    case DataTypeEnum.DT_INT8:
      return new Int8Array(count)
    case DataTypeEnum.DT_INT16:
      return new Int16Array(count)
    case DataTypeEnum.DT_INT32:
      return new Int32Array(count)
    case DataTypeEnum.DT_UINT32:
      return new Uint32Array(count)
    case DataTypeEnum.DT_INT64:
      return new BigInt64Array(count)
    case DataTypeEnum.DT_UINT64:
      return new BigUint64Array(count)
    case DataTypeEnum.DT_BOOL:
    case DataTypeEnum.DT_UINT8:
      return new Uint8Array(count)
    case DataTypeEnum.DT_UINT16:
    case DataTypeEnum.DT_HALF:
    case DataTypeEnum.DT_BFLOAT16:
      return new Uint16Array(count)
    default:
      throw new ExportError(
        `Constants of the type ${dataTypeName(proto.getDtype())} cannot be read here`,
      )
  }
}

function valuesOf(proto: TensorProto): readonly (number | bigint)[] {
  switch (proto.getDtype()) {
    case DataTypeEnum.DT_FLOAT:
      return proto.getFloatValList()
    case DataTypeEnum.DT_DOUBLE:
      return proto.getDoubleValList()
    case DataTypeEnum.DT_INT64:
      return proto.getInt64ValList().map(BigInt)
    case DataTypeEnum.DT_UINT64:
      return proto.getUint64ValList().map(BigInt)
    case DataTypeEnum.DT_UINT32:
      return proto.getUint32ValList()
    case DataTypeEnum.DT_BOOL:
      return proto.getBoolValList().map(Number)
    case DataTypeEnum.DT_HALF:
    case DataTypeEnum.DT_BFLOAT16:
      return proto.getHalfValList()
    default:
      return proto.getIntValList()
  }
}

function tensorProto(scope: NodeScope, tensor: ConstTensor): TensorProto {
  const { start, end } = tensor.range
  return readMessage(scope.source.name, `the constant ${tensor.node} at byte ${start}`, () =>
    TensorProto.deserializeBinary(scope.source.read(start, end)),
  )
}

/**
 * Reads the numbers of the constant that an input names, looking through Identity and Enter; `undefined` when it is not a
 * small constant of int32, int64 or float32.
 */
export function constNumbers(scope: NodeScope, input: string): readonly number[] | undefined {
  const tensor = settingOf(scope, input)
  if (tensor === undefined) return undefined
  const data = constData(scope, tensor)
  const bytes = Buffer.from(
    data instanceof Uint8Array ? data : data.source.read(data.start, data.end),
  )
  switch (tensor.dtype) {
    case DataTypeEnum.DT_INT32:
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i))
    case DataTypeEnum.DT_FLOAT:
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
    case DataTypeEnum.DT_INT64:
      return Array.from({ length: bytes.length / 8 }, (_, i) => Number(bytes.readBigInt64LE(8 * i)))
    default:
      return undefined
  }
}

/** Reads the texts of the constant that an input names; `undefined` when it is not a constant of texts. */
export function constTexts(scope: NodeScope, input: string): readonly string[] | undefined {
  const tensor = settingOf(scope, input)
  if (tensor?.dtype !== DataTypeEnum.DT_STRING) return undefined
  const values = tensorProto(scope, tensor).getStringValList_asU8()
  return values.map((bytes) => Buffer.from(bytes).toString('utf8'))
}

function settingOf(scope: NodeScope, input: string): ConstTensor | undefined {
  let node = scope.nodes.get(inputNode(input))
  for (let steps = 0; steps < 4 && (node?.op === 'Identity' || node?.op === 'Enter'); steps++) {
    node = scope.nodes.get(inputNode(node.inputs[0] ?? ''))
  }
  if (node?.op !== 'Const') return undefined
  const tensor = readConst(scope, node)
  return elementCount(tensor.shape) <= SETTING_LIMIT ? tensor : undefined
}

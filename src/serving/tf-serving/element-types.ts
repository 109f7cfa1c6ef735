import type { DataType, NumericData } from '../model-server.js'
import { fromBfloat16, fromHalf, toBfloat16, toHalf } from './half.js'
import { DataTypeEnum, type TensorProto } from './stubs.js'

export type NumericType = Exclude<DataType, 'DT_STRING'>

/** How the elements of one data type lie in a TensorProto. All bytes are little-endian, as the host's must be. */
export interface ElementType {
  /** Bytes of an element in `tensor_content`. */
  readonly bytes: number
  /** The type of the array that holds the elements here. */
  readonly array: new (
    length: number,
  ) => NumericData
  /** Gives the elements as bytes, as a view where the array has them in that form. */
  readonly toContent: (data: NumericData) => Uint8Array
  /** Reads elements from bytes whose length is a multiple of `bytes`; may be a view of them. */
  readonly fromContent: (content: Uint8Array) => NumericData
  /** Reads the `*_val` list of the type into `count` elements: a short list repeats its last, an empty one is zeros. */
  readonly fromList: (proto: TensorProto, count: number) => NumericData
  /** Number of values in the `*_val` list of the type. */
  readonly listLength: (proto: TensorProto) => number
}

type NumberArray = Exclude<NumericData, BigInt64Array | BigUint64Array>
type BigintArray = BigInt64Array | BigUint64Array

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): T
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
}

/** Every numeric type that the gateway reads and sends; the list fields are those of tensor.proto. */
export const ELEMENT_TYPES: Readonly<Record<NumericType, ElementType>> = {
  DT_FLOAT: numbers<Float32Array>(Float32Array, (proto) => proto.getFloatValList()),
  DT_DOUBLE: numbers<Float64Array>(Float64Array, (proto) => proto.getDoubleValList()),
  DT_HALF: sixteenBits(fromHalf, toHalf),
  DT_BFLOAT16: sixteenBits(fromBfloat16, toBfloat16),
  DT_INT8: numbers<Int8Array>(Int8Array, (proto) => proto.getIntValList()),
  DT_UINT8: numbers<Uint8Array>(Uint8Array, (proto) => proto.getIntValList()),
  DT_INT16: numbers<Int16Array>(Int16Array, (proto) => proto.getIntValList()),
  DT_UINT16: numbers<Uint16Array>(Uint16Array, (proto) => proto.getIntValList()),
  DT_INT32: numbers<Int32Array>(Int32Array, (proto) => proto.getIntValList()),
  DT_UINT32: numbers<Uint32Array>(Uint32Array, (proto) => proto.getUint32ValList()),
  DT_INT64: bigints<BigInt64Array>(BigInt64Array, (proto) => proto.getInt64ValList()),
  DT_UINT64: bigints<BigUint64Array>(BigUint64Array, (proto) => proto.getUint64ValList()),
  DT_BOOL: numbers<Uint8Array>(Uint8Array, (proto) => proto.getBoolValList().map(Number)),
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(DataTypeEnum).map(([name, value]) => [value, name]),
)

/** Gives the `DT_*` name of a number of `tensorflow.DataType`, `DT_<number>` for one not known here. */
export function dataTypeName(value: number): string {
  return NAMES.get(value) ?? `DT_${value}`
}

/** Tells whether the gateway reads and sends numbers of a type. */
export function isNumericType(name: string): name is NumericType {
  return Object.hasOwn(ELEMENT_TYPES, name)
}

function bytesOf(data: NumericData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function viewOf<T>(type: ArrayType<T>, content: Uint8Array): T {
  const size = type.BYTES_PER_ELEMENT
  const { buffer, byteOffset, byteLength } =
    content.byteOffset % size === 0 ? content : content.slice()
  return new type(buffer, byteOffset, byteLength / size)
}

function numbers<T extends NumberArray>(
  type: ArrayType<T>,
  list: (proto: TensorProto) => readonly number[],
): ElementType {
  return {
    bytes: type.BYTES_PER_ELEMENT,
    array: type,
    toContent: bytesOf,
    fromContent: (content) => viewOf(type, content),
    fromList: (proto, count) => fill(new type(count), list(proto)),
    listLength: (proto) => list(proto).length,
  }
}

function fill<T extends NumberArray>(target: T, list: readonly number[]): T {
  target.set(list.length > target.length ? list.slice(0, target.length) : list)
  const last = list.at(-1)
  if (last !== undefined && list.length < target.length) target.fill(last, list.length)
  return target
}

function bigints<T extends BigintArray>(
  type: ArrayType<T>,
  list: (proto: TensorProto) => readonly string[],
): ElementType {
  return {
    bytes: type.BYTES_PER_ELEMENT,
    array: type,
    toContent: bytesOf,
    fromContent: (content) => viewOf(type, content),
    fromList: (proto, count) => {
      const target = new type(count)
      const values = list(proto).slice(0, count).map(BigInt)
      target.set(values)
      const last = values.at(-1)
      if (last !== undefined) target.fill(last, values.length)
      return target
    },
    listLength: (proto) => list(proto).length,
  }
}

function sixteenBits(
  widen: (bits: number) => number,
  narrow: (value: number) => number,
): ElementType {
  return {
    bytes: 2,
    array: Float32Array,
    toContent: (data) => bytesOf(Uint16Array.from(data as Float32Array, narrow)),
    fromContent: (content) => Float32Array.from(viewOf<Uint16Array>(Uint16Array, content), widen),
    fromList: (proto, count) =>
      fill(
        new Float32Array(count),
        proto.getHalfValList().map((bits) => widen(bits & 0xffff)),
      ),
    listLength: (proto) => proto.getHalfValList().length,
  }
}

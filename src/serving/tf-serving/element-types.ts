import { fromBfloat16, fromHalf } from '../half.js'
import type { NumericData } from '../model-server.js'
import { type NumericType, RAW_TYPES, type RawType } from '../raw-elements.js'
import { DataTypeEnum, type TensorProto } from './stubs.js'

/** How the elements of one data type lie in a TensorProto: in `tensor_content` as elsewhere, or in a list of their own. */
export interface ElementType extends RawType {
  /** Reads the `*_val` list of the type into `count` elements: a short list repeats its last, an empty one is zeros. */
  readonly fromList: (proto: TensorProto, count: number) => NumericData
  /** Number of values in the `*_val` list of the type. */
  readonly listLength: (proto: TensorProto) => number
}

type NumberArray = Exclude<NumericData, BigInt64Array | BigUint64Array>
type BigintArray = BigInt64Array | BigUint64Array

interface NewArray<T> {
  new (length: number): T
}

/** Every numeric type that the gateway reads and sends; the list fields are those of tensor.proto. */
export const ELEMENT_TYPES: Readonly<Record<NumericType, ElementType>> = {
  DT_FLOAT: numbers('DT_FLOAT', Float32Array, (proto) => proto.getFloatValList()),
  DT_DOUBLE: numbers('DT_DOUBLE', Float64Array, (proto) => proto.getDoubleValList()),
  DT_HALF: sixteenBits('DT_HALF', fromHalf),
  DT_BFLOAT16: sixteenBits('DT_BFLOAT16', fromBfloat16),
  DT_INT8: numbers('DT_INT8', Int8Array, (proto) => proto.getIntValList()),
  DT_UINT8: numbers('DT_UINT8', Uint8Array, (proto) => proto.getIntValList()),
  DT_INT16: numbers('DT_INT16', Int16Array, (proto) => proto.getIntValList()),
  DT_UINT16: numbers('DT_UINT16', Uint16Array, (proto) => proto.getIntValList()),
  DT_INT32: numbers('DT_INT32', Int32Array, (proto) => proto.getIntValList()),
  DT_UINT32: numbers('DT_UINT32', Uint32Array, (proto) => proto.getUint32ValList()),
  DT_INT64: bigints('DT_INT64', BigInt64Array, (proto) => proto.getInt64ValList()),
  DT_UINT64: bigints('DT_UINT64', BigUint64Array, (proto) => proto.getUint64ValList()),
  DT_BOOL: numbers('DT_BOOL', Uint8Array, (proto) => proto.getBoolValList().map(Number)),
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(DataTypeEnum).map(([name, value]) => [value, name]),
)

/** Gives the `DT_*` name of a number of `tensorflow.DataType`, `DT_<number>` for one not known here. */
export function dataTypeName(value: number): string {
  return NAMES.get(value) ?? `DT_${value}`
}

function numbers<T extends NumberArray>(
  name: NumericType,
  type: NewArray<T>,
  list: (proto: TensorProto) => readonly number[],
): ElementType {
  return {
    ...RAW_TYPES[name],
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
  name: NumericType,
  type: NewArray<T>,
  list: (proto: TensorProto) => readonly string[],
): ElementType {
  return {
    ...RAW_TYPES[name],
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

function sixteenBits(name: NumericType, widen: (bits: number) => number): ElementType {
  return {
    ...RAW_TYPES[name],
    fromList: (proto, count) =>
      fill(
        new Float32Array(count),
        proto.getHalfValList().map((bits) => widen(bits & 0xffff)),
      ),
    listLength: (proto) => proto.getHalfValList().length,
  }
}

import type { DataType, NumericData } from '../model-server.js'
import type { NumericType } from '../raw-elements.js'
import type { InferTensorContents } from './stubs.js'

/** The protocol's names of the element types, upper case only. */
const DATATYPES: Readonly<Record<DataType, string>> = {
  DT_BOOL: 'BOOL',
  DT_UINT8: 'UINT8',
  DT_UINT16: 'UINT16',
  DT_UINT32: 'UINT32',
  DT_UINT64: 'UINT64',
  DT_INT8: 'INT8',
  DT_INT16: 'INT16',
  DT_INT32: 'INT32',
  DT_INT64: 'INT64',
  DT_HALF: 'FP16',
  DT_BFLOAT16: 'BF16',
  DT_FLOAT: 'FP32',
  DT_DOUBLE: 'FP64',
  DT_STRING: 'BYTES',
}

const DATA_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(DATATYPES).map(([name, datatype]) => [datatype, name]),
)

/** Gives the protocol's name of an element type. */
export function toDatatype(dtype: DataType): string {
  return DATATYPES[dtype]
}

/** Gives TensorFlow's name of one of the protocol's types, `DT_<name>` for one that is not known here. */
export function toDataType(datatype: string): DataType | `DT_${string}` {
  return (DATA_TYPES.get(datatype) ?? `DT_${datatype || 'INVALID'}`) as `DT_${string}`
}

type ReadList = (contents: InferTensorContents) => NumericData | null

const bigints = (values: readonly string[]): bigint[] => values.map(BigInt)

/** Reads the elements of a type from the typed field that is its own; null where the type has none. */
export const TYPED_LISTS: Readonly<Record<NumericType, ReadList>> = {
  DT_BOOL: (contents) => Uint8Array.from(contents.getBoolContentsList(), Number),
  DT_UINT8: (contents) => Uint8Array.from(contents.getUintContentsList()),
  DT_UINT16: (contents) => Uint16Array.from(contents.getUintContentsList()),
  DT_UINT32: (contents) => Uint32Array.from(contents.getUintContentsList()),
  DT_UINT64: (contents) => BigUint64Array.from(bigints(contents.getUint64ContentsList())),
  DT_INT8: (contents) => Int8Array.from(contents.getIntContentsList()),
  DT_INT16: (contents) => Int16Array.from(contents.getIntContentsList()),
  DT_INT32: (contents) => Int32Array.from(contents.getIntContentsList()),
  DT_INT64: (contents) => BigInt64Array.from(bigints(contents.getInt64ContentsList())),
  DT_HALF: () => null,
  DT_BFLOAT16: () => null,
  DT_FLOAT: (contents) => Float32Array.from(contents.getFp32ContentsList()),
  DT_DOUBLE: (contents) => Float64Array.from(contents.getFp64ContentsList()),
}

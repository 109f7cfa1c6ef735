import { fromBfloat16Bits, fromHalfBits, toBfloat16Bits, toHalfBits } from './half-float.js'
import { DataTypeCodes, type TensorProto } from './stubs.js'
import type { DataType, NumericData } from './tensor.js'

type NumericType = Exclude<DataType, 'DT_STRING'>
type Values = readonly (number | string | boolean)[]

/** How the elements of one type travel in a TensorProto. */
export interface ElementType {
  /** Bytes an element takes in `tensor_content`. */
  readonly bytes: number
  /** The elements of `tensor_content`, which holds a whole number of them. */
  fromContent(content: Uint8Array): NumericData
  /** The elements as they stand in `tensor_content`. */
  toContent(data: NumericData): Uint8Array
  /** The elements of the typed field, as many as were sent. */
  fromValues(proto: TensorProto): NumericData
  setValues(proto: TensorProto, data: NumericData): void
  allocate(size: number): NumericData
}

/** One of the typed fields of TensorProto. */
interface ValueField {
  get(proto: TensorProto): Values
  set(proto: TensorProto, values: Values): void
}

interface ArrayClass<A extends NumericData> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): A
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): A
}

const field = <V>(
  get: (proto: TensorProto) => V[],
  set: (proto: TensorProto, values: V[]) => void,
): ValueField => ({
  get: get as ValueField['get'],
  set: (proto, values) => set(proto, values as unknown as V[]),
})

const FLOAT_VAL = field(
  (p) => p.getFloatValList(),
  (p, v) => p.setFloatValList(v),
)
const DOUBLE_VAL = field(
  (p) => p.getDoubleValList(),
  (p, v) => p.setDoubleValList(v),
)
const INT_VAL = field(
  (p) => p.getIntValList(),
  (p, v) => p.setIntValList(v),
)
const INT64_VAL = field(
  (p) => p.getInt64ValList(),
  (p, v) => p.setInt64ValList(v),
)
const BOOL_VAL = field(
  (p) => p.getBoolValList(),
  (p, v) => p.setBoolValList(v),
)
const HALF_VAL = field(
  (p) => p.getHalfValList(),
  (p, v) => p.setHalfValList(v),
)
const UINT32_VAL = field(
  (p) => p.getUint32ValList(),
  (p, v) => p.setUint32ValList(v),
)
const UINT64_VAL = field(
  (p) => p.getUint64ValList(),
  (p, v) => p.setUint64ValList(v),
)

/** Element types by TensorFlow's names, with the fields that tensor.proto assigns to each. */
export const ELEMENT_TYPES: Readonly<Record<NumericType, ElementType>> = {
  DT_FLOAT: numbers(Float32Array, FLOAT_VAL),
  DT_DOUBLE: numbers(Float64Array, DOUBLE_VAL),
  DT_INT8: numbers(Int8Array, INT_VAL),
  DT_UINT8: numbers(Uint8Array, INT_VAL),
  DT_INT16: numbers(Int16Array, INT_VAL),
  DT_UINT16: numbers(Uint16Array, INT_VAL),
  DT_INT32: numbers(Int32Array, INT_VAL),
  DT_UINT32: numbers(Uint32Array, UINT32_VAL),
  DT_INT64: bigIntegers(BigInt64Array, INT64_VAL),
  DT_UINT64: bigIntegers(BigUint64Array, UINT64_VAL),
  DT_BOOL: booleans(),
  DT_HALF: halves(fromHalfBits, toHalfBits),
  DT_BFLOAT16: halves(fromBfloat16Bits, toBfloat16Bits),
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(DataTypeCodes).map(([name, code]) => [code as number, name]),
)

/** The `DT_*` name of a DataType number; undefined for 0 and numbers that TensorFlow does not have. */
export function dataTypeName(code: number): string | undefined {
  return code === 0 ? undefined : NAMES.get(code)
}

/** The DataType number of a `DT_*` name; 0 for one that TensorFlow does not have. */
export function dataTypeCode(name: string): DataTypeCode {
  return Object.hasOwn(DataTypeCodes, name) ? DataTypeCodes[name as keyof typeof DataTypeCodes] : 0
}

export type DataTypeCode = ReturnType<TensorProto['getDtype']>

/** The elements of a numeric type, or undefined for strings and types that this server does not carry. */
export function elementType(dtype: string): ElementType | undefined {
  return Object.hasOwn(ELEMENT_TYPES, dtype) ? ELEMENT_TYPES[dtype as NumericType] : undefined
}

function numbers<A extends Exclude<NumericData, BigInt64Array | BigUint64Array>>(
  Class: ArrayClass<A>,
  { get, set }: ValueField,
): ElementType {
  return {
    ...content(Class),
    fromValues: (proto) => copyInto(new Class(get(proto).length), get(proto) as readonly number[]),
    setValues: (proto, data) => set(proto, Array.from(data as A)),
    allocate: (size) => new Class(size),
  }
}

function bigIntegers<A extends BigInt64Array | BigUint64Array>(
  Class: ArrayClass<A>,
  { get, set }: ValueField,
): ElementType {
  return {
    ...content(Class),
    fromValues: (proto) =>
      copyInto(
        new Class(get(proto).length),
        get(proto).map((value) => BigInt(value)),
      ),
    setValues: (proto, data) => set(proto, Array.from(data as A, String)),
    allocate: (size) => new Class(size),
  }
}

function booleans(): ElementType {
  return {
    ...content(Uint8Array),
    fromValues: (proto) => Uint8Array.from(BOOL_VAL.get(proto), Number),
    setValues: (proto, data) => BOOL_VAL.set(proto, Array.from(data as Uint8Array, Boolean)),
    allocate: (size) => new Uint8Array(size),
  }
}

function halves(widen: (bits: number) => number, narrow: (value: number) => number): ElementType {
  const bits = content(Uint16Array)
  return {
    bytes: 2,
    fromContent: (bytes) => Float32Array.from(bits.fromContent(bytes) as Uint16Array, widen),
    toContent: (data) => bits.toContent(Uint16Array.from(data as Float32Array, narrow)),
    fromValues: (proto) => Float32Array.from(HALF_VAL.get(proto) as readonly number[], widen),
    setValues: (proto, data) => HALF_VAL.set(proto, Array.from(data as Float32Array, narrow)),
    allocate: (size) => new Float32Array(size),
  }
}

function content<A extends NumericData>(Class: ArrayClass<A>) {
  const bytes = Class.BYTES_PER_ELEMENT
  return {
    bytes,
    fromContent(bytesOf: Uint8Array): A {
      const aligned = bytesOf.byteOffset % bytes === 0 ? bytesOf : bytesOf.slice()
      return new Class(aligned.buffer, aligned.byteOffset, aligned.byteLength / bytes)
    },
    toContent: (data: NumericData) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  }
}

/** Stores values one by one: out of range numbers wrap around, as TensorFlow's casts do. */
function copyInto<A extends NumericData>(target: A, values: readonly (number | bigint)[]): A {
  values.forEach((value, index) => {
    target[index] = value
  })
  return target
}

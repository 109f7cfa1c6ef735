import { fromBfloat16, fromHalf, toBfloat16, toHalf } from './half.js'
import type { DataType, NumericData } from './model-server.js'

/** A data type whose elements are numbers. */
export type NumericType = Exclude<DataType, 'DT_STRING'>

/**
 * How the elements of one data type lie in bytes, as `tensor_content` of TensorFlow and the raw contents of the Open
 * Inference Protocol have them: little-endian, as the host's must be, row by row, without padding.
 */
export interface RawType {
  /** Bytes of an element. */
  readonly bytes: number
  /** The type of the array that holds the elements here. */
  readonly array: new (
    length: number,
  ) => NumericData
  /** Whether elements are in a form that `toContent` takes: an `array`, or the bits of half floats in a Uint16Array. */
  readonly takes: (data: NumericData) => boolean
  /** Gives the elements as bytes, as a view where the array has them in that form. */
  readonly toContent: (data: NumericData) => Uint8Array
  /** Reads elements from bytes whose length is a multiple of `bytes`; may be a view of them. */
  readonly fromContent: (content: Uint8Array) => NumericData
}

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): T
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
}

/** Every numeric type that the gateway reads and sends. */
export const RAW_TYPES: Readonly<Record<NumericType, RawType>> = {
  DT_FLOAT: plain<Float32Array>(Float32Array),
  DT_DOUBLE: plain<Float64Array>(Float64Array),
  DT_HALF: sixteenBits(fromHalf, toHalf),
  DT_BFLOAT16: sixteenBits(fromBfloat16, toBfloat16),
  DT_INT8: plain<Int8Array>(Int8Array),
  DT_UINT8: plain<Uint8Array>(Uint8Array),
  DT_INT16: plain<Int16Array>(Int16Array),
  DT_UINT16: plain<Uint16Array>(Uint16Array),
  DT_INT32: plain<Int32Array>(Int32Array),
  DT_UINT32: plain<Uint32Array>(Uint32Array),
  DT_INT64: plain<BigInt64Array>(BigInt64Array),
  DT_UINT64: plain<BigUint64Array>(BigUint64Array),
  DT_BOOL: plain<Uint8Array>(Uint8Array),
}

/** Tells whether the gateway reads and sends numbers of a type. */
export function isNumericType(name: string): name is NumericType {
  return Object.hasOwn(RAW_TYPES, name)
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

function plain<T extends NumericData>(type: ArrayType<T>): RawType {
  return {
    bytes: type.BYTES_PER_ELEMENT,
    array: type,
    takes: (data) => data instanceof type,
    toContent: bytesOf,
    fromContent: (content) => viewOf(type, content),
  }
}

function sixteenBits(widen: (bits: number) => number, narrow: (value: number) => number): RawType {
  return {
    bytes: 2,
    array: Float32Array,
    takes: (data) => data instanceof Float32Array || data instanceof Uint16Array,
    toContent: (data) =>
      bytesOf(data instanceof Uint16Array ? data : Uint16Array.from(data as Float32Array, narrow)),
    fromContent: (content) => Float32Array.from(viewOf<Uint16Array>(Uint16Array, content), widen),
  }
}

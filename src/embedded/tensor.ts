/** TensorFlow's names of the element types that this server reads and writes. */
export type DataType =
  | 'DT_FLOAT'
  | 'DT_DOUBLE'
  | 'DT_HALF'
  | 'DT_BFLOAT16'
  | 'DT_INT8'
  | 'DT_UINT8'
  | 'DT_INT16'
  | 'DT_UINT16'
  | 'DT_INT32'
  | 'DT_UINT32'
  | 'DT_INT64'
  | 'DT_UINT64'
  | 'DT_BOOL'
  | 'DT_STRING'

/** The numbers of a tensor: half and bfloat16 as Float32Array, booleans as 0 and 1 in a Uint8Array. */
export type NumericData =
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

/** A tensor without protobuf: element type, dimensions, and its elements in row-major order. */
export type Tensor =
  | {
      readonly dtype: Exclude<DataType, 'DT_STRING'>
      readonly shape: readonly number[]
      readonly data: NumericData
    }
  | {
      readonly dtype: 'DT_STRING'
      readonly shape: readonly number[]
      readonly data: readonly Uint8Array[]
    }

export type Tensors = Readonly<Record<string, Tensor>>

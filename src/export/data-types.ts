import { type DataTypeCode, DataTypeEnum } from './stubs.js'

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(DataTypeEnum).map(([name, value]) => [value, name]),
)

const ELEMENT_BYTES: ReadonlyMap<number, number> = new Map<number, number>([
  [DataTypeEnum.DT_FLOAT, 4],
  [DataTypeEnum.DT_DOUBLE, 8],
  [DataTypeEnum.DT_HALF, 2],
  [DataTypeEnum.DT_BFLOAT16, 2],
  [DataTypeEnum.DT_INT8, 1],
  [DataTypeEnum.DT_UINT8, 1],
  [DataTypeEnum.DT_INT16, 2],
  [DataTypeEnum.DT_UINT16, 2],
  [DataTypeEnum.DT_INT32, 4],
  [DataTypeEnum.DT_UINT32, 4],
  [DataTypeEnum.DT_INT64, 8],
  [DataTypeEnum.DT_UINT64, 8],
  [DataTypeEnum.DT_BOOL, 1],
  [DataTypeEnum.DT_COMPLEX64, 8],
  [DataTypeEnum.DT_COMPLEX128, 16],
  [DataTypeEnum.DT_QINT8, 1],
  [DataTypeEnum.DT_QUINT8, 1],
  [DataTypeEnum.DT_QINT16, 2],
  [DataTypeEnum.DT_QUINT16, 2],
  [DataTypeEnum.DT_QINT32, 4],
])

/** `DT_*_REF` is its plain type plus 100: the type of a TensorFlow 1 variable's output. */
const REFERENCE_OFFSET = 100

/** Gives the `DT_*` name of a number of `tensorflow.DataType`, `DT_<number>` for one not known here. */
export function dataTypeName(code: number): string {
  return NAMES.get(code) ?? `DT_${code}`
}

/** Gives the bytes of one element in memory, `undefined` for texts, resources and the like. */
export function elementBytes(code: number): number | undefined {
  return ELEMENT_BYTES.get(code)
}

/** Gives the plain type of a reference type, and any other as it is. */
export function plainType(code: DataTypeCode): DataTypeCode {
  return (code > REFERENCE_OFFSET ? code - REFERENCE_OFFSET : code) as DataTypeCode
}

/** Multiplies the sizes of a shape: the number of its elements. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

import { status } from '@grpc/grpc-js'
import { dataTypeCode, dataTypeName, elementType } from './element-types.js'
import { StatusError } from './status-error.js'
import { joinStrings, splitStrings } from './string-content.js'
import { TensorProto, TensorShapeProto } from './stubs.js'
import type { NumericData, Tensor } from './tensor.js'

/** A few bytes can claim any shape, because the last value is repeated; beyond this the claim is refused. */
const MAX_REPEATED_BYTES = 2 ** 30

/**
 * Reads a TensorProto by the rules of TensorFlow's Tensor::FromProto: `tensor_content` goes before the typed fields and
 * has to fit the shape; too few values repeat the last one (none at all means zeros), surplus ones are dropped; an
 * unknown rank is a scalar. Returns undefined where TensorFlow says `tensor parsing error`. Throws RESOURCE_EXHAUSTED for
 * a tensor of more than 1 GiB made by repeating a value.
 */
export function tensorFromProto(proto: TensorProto): Tensor | undefined {
  const dtype = dataTypeName(proto.getDtype())
  const shape = shapeFromProto(proto.getTensorShape())
  if (dtype === undefined || shape === undefined) return undefined
  const size = sizeOf(shape)
  if (dtype === 'DT_STRING') {
    const data = stringsFromProto(proto, size)
    return data && { dtype, shape, data }
  }
  const data = numbersFromProto(proto, dtype, shape, size)
  // elementType() has vouched for the name.
  return data && ({ dtype, shape, data } as Tensor)
}

/** Writes a tensor in the typed fields, every value written out, or in `tensor_content` when `asContent` is set. */
export function tensorToProto(tensor: Tensor, asContent: boolean): TensorProto {
  const proto = new TensorProto()
  proto.setDtype(dataTypeCode(tensor.dtype))
  proto.setTensorShape(shapeToProto(tensor.shape))
  if (tensor.dtype === 'DT_STRING') {
    if (asContent) proto.setTensorContent(joinStrings(tensor.data))
    else proto.setStringValList([...tensor.data])
    return proto
  }
  const type = elementType(tensor.dtype)
  if (asContent) proto.setTensorContent(type?.toContent(tensor.data) ?? '')
  else type?.setValues(proto, tensor.data)
  return proto
}

/** Writes dimensions, -1 where unknown; `null` is an unknown rank. */
export function shapeToProto(shape: readonly number[] | null): TensorShapeProto {
  const proto = new TensorShapeProto()
  proto.setUnknownRank(shape === null)
  for (const size of shape ?? []) {
    const dimension = new TensorShapeProto.Dim()
    dimension.setSize(size)
    proto.addDim(dimension)
  }
  return proto
}

/** What C++ TensorFlow prints for an element type: `uint8` for DT_UINT8. */
export function printedType(dtype: string): string {
  return dtype.replace(/^DT_/, '').toLowerCase()
}

function shapeFromProto(proto: TensorShapeProto | undefined): number[] | undefined {
  const shape = proto?.getDimList().map((dimension) => dimension.getSize()) ?? []
  const valid = shape.every((size) => size >= 0) && Number.isSafeInteger(sizeOf(shape))
  return valid ? shape : undefined
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function numbersFromProto(
  proto: TensorProto,
  dtype: string,
  shape: readonly number[],
  size: number,
): NumericData | undefined {
  const type = elementType(dtype)
  if (type === undefined) return undefined
  if (size === 0) return type.allocate(0)
  const content = proto.getTensorContent_asU8()
  if (content.length > 0) {
    return content.length === size * type.bytes ? type.fromContent(content) : undefined
  }
  const values = type.fromValues(proto)
  if (values.length >= size) return values.subarray(0, size)
  if (size * type.bytes > MAX_REPEATED_BYTES) throw outOfMemory(dtype, shape)
  return repeatLast(values, type.allocate(size))
}

function outOfMemory(dtype: string, shape: readonly number[]): StatusError {
  return new StatusError(
    status.RESOURCE_EXHAUSTED,
    `OOM when allocating tensor with shape[${shape.join(',')}] and type ${printedType(dtype)}`,
  )
}

function repeatLast(values: NumericData, filled: NumericData): NumericData {
  const last = values.at(-1)
  for (let i = 0; i < values.length; i++) filled[i] = values[i]!
  if (last !== undefined)
    (filled as { fill(value: unknown, from: number): void }).fill(last, values.length)
  return filled
}

function stringsFromProto(proto: TensorProto, size: number): Uint8Array[] | undefined {
  const content = proto.getTensorContent_asU8()
  if (size > 0 && content.length > 0) return splitStrings(content, size)
  const values = proto.getStringValList_asU8().slice(0, size)
  const last = values.at(-1) ?? new Uint8Array()
  if (size > MAX_REPEATED_BYTES / 8) throw outOfMemory('DT_STRING', [size])
  while (values.length < size) values.push(last)
  return values
}

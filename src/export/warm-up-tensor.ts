import { elementBytes, elementCount } from './data-types.js'
import { DataTypeEnum, TensorProto, TensorShapeProto } from './stubs.js'

/** A tensor of a warm-up request: pixels, normalised pixels, or encoded images. */
export type WarmUpTensor =
  | {
      readonly dtype: 'DT_UINT8' | 'DT_FLOAT' | 'DT_HALF'
      readonly shape: readonly number[]
      /** Half floats as their bits. */
      readonly data: Uint8Array | Float32Array | Uint16Array
    }
  | {
      readonly dtype: 'DT_STRING'
      readonly shape: readonly number[]
      readonly data: readonly Uint8Array[]
    }

/** Turns a tensor into its message, numbers as `tensor_content` (little-endian, as this machine has them). */
export function toTensorProto({ dtype, shape, data }: WarmUpTensor): TensorProto {
  const proto = new TensorProto()
  proto.setDtype(DataTypeEnum[dtype])
  const shapeProto = new TensorShapeProto()
  for (const size of shape) {
    const dim = new TensorShapeProto.Dim()
    dim.setSize(size)
    shapeProto.addDim(dim)
  }
  proto.setTensorShape(shapeProto)
  if (dtype === 'DT_STRING') proto.setStringValList([...data])
  else {
    const { buffer, byteOffset, byteLength } = data
    proto.setTensorContent(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return proto
}

/** Says why a tensor's content is not what its type and shape say; `undefined` when it is. */
export function contentProblem(proto: TensorProto): string | undefined {
  const shape = (proto.getTensorShape()?.getDimList() ?? []).map((dim) => dim.getSize())
  const count = elementCount(shape)
  if (proto.getDtype() === DataTypeEnum.DT_STRING) {
    const texts = proto.getStringValList().length
    return texts === count ? undefined : `has ${texts} texts for the shape [${shape}]`
  }
  const content = proto.getTensorContent_asU8().length
  const expected = count * (elementBytes(proto.getDtype()) ?? 0)
  // Values that are listed one by one need not be complete: the last one is repeated.
  if (content === 0 || content === expected) return undefined
  return `has ${content} bytes for the shape [${shape}], which needs ${expected}`
}

import { GatewayError } from '../../errors.js'
import type { Tensor } from '../model-server.js'
import { isNumericType } from '../raw-elements.js'
import { dataTypeName, ELEMENT_TYPES } from './element-types.js'
import { DataTypeEnum, TensorProto, TensorShapeProto } from './stubs.js'

/** What decoding needs beside the message. */
export interface DecodeContext {
  /** Wire name of the output, for errors. */
  readonly name: string
  /** Largest tensor in bytes: a list of one value may stand for any number of elements. */
  readonly maxBytes: number
}

/** Bytes that each element of a string tensor takes at least, as the gateway holds it. */
const STRING_BYTES = 8

/**
 * Turns a tensor into a TensorProto: numbers as `tensor_content` that shares the tensor's memory (floats are
 * narrowed to half and bfloat16 in new memory), strings as `string_val`.
 *
 * @throws {TypeError} when the data is not of the type and number that dtype and shape say.
 */
export function encodeTensor(tensor: Tensor): TensorProto {
  const count = tensor.shape.reduce((product, size) => product * size, 1)
  if (tensor.data.length !== count) {
    throw new TypeError(
      `A tensor of shape [${tensor.shape}] has ${count} elements, not ${tensor.data.length}`,
    )
  }
  const proto = new TensorProto()
  proto.setDtype(DataTypeEnum[tensor.dtype])
  proto.setTensorShape(encodeShape(tensor.shape))
  if (tensor.dtype === 'DT_STRING') {
    proto.setStringValList([...tensor.data])
  } else {
    const type = ELEMENT_TYPES[tensor.dtype]
    if (!type.takes(tensor.data)) {
      throw new TypeError(`A tensor of ${tensor.dtype} needs its data as ${type.array.name}`)
    }
    proto.setTensorContent(type.toContent(tensor.data))
  }
  return proto
}

/**
 * Turns a TensorProto into a tensor, from `tensor_content` or from the `*_val` list of its type; a list shorter than
 * the shape repeats its last value and an absent one means zeros, as in TensorFlow (`Tensor::FromProto`). A shape of
 * unknown rank is taken as one dimension, or none for a single element.
 *
 * @throws {GatewayError} `upstream_invalid_response` when the message makes no sense.
 */
export function decodeTensor(proto: TensorProto, context: DecodeContext): Tensor {
  const dtype = dataTypeName(proto.getDtype())
  const content = proto.getTensorContent_asU8()
  if (dtype === 'DT_STRING') return decodeStrings(proto, content, context)
  if (!isNumericType(dtype)) throw nonsense(context, `is of type ${dtype}, which is not read here`)
  const type = ELEMENT_TYPES[dtype]
  const known = decodeShape(proto, context)
  const found = content.length > 0 ? content.length / type.bytes : type.listLength(proto)
  const count = known === null ? found : countElements(known, type.bytes, context)
  if (!Number.isInteger(count)) {
    throw nonsense(context, `has ${content.length} bytes, no whole elements of ${dtype}`)
  }
  if (content.length > 0 && content.length !== count * type.bytes) {
    throw nonsense(context, `has ${content.length} bytes for [${known}] of ${dtype}`)
  }
  const shape = known ?? (count === 1 ? [] : [count])
  const data = content.length > 0 ? type.fromContent(content) : type.fromList(proto, count)
  return { dtype, shape, data }
}

function decodeStrings(proto: TensorProto, content: Uint8Array, context: DecodeContext): Tensor {
  const list = proto.getStringValList_asU8()
  const known = decodeShape(proto, context)
  const count = known === null ? list.length : countElements(known, STRING_BYTES, context)
  const shape = known ?? (count === 1 ? [] : [count])
  if (content.length > 0) {
    return { dtype: 'DT_STRING', shape, data: splitStrings(content, count, context) }
  }
  const last = list.at(-1) ?? new Uint8Array(0)
  const data = Array.from({ length: count }, (_, index) => list[index] ?? last)
  return { dtype: 'DT_STRING', shape, data }
}

/** Strings in `tensor_content`: the length of each as a varint, then the bytes of each. */
function splitStrings(content: Uint8Array, count: number, context: DecodeContext): Uint8Array[] {
  const lengths: number[] = []
  let offset = 0
  while (lengths.length < count) {
    let length = 0
    for (let scale = 1, byte = 0x80; byte >= 0x80; scale *= 128) {
      byte = content[offset++] ?? Number.NaN
      length += (byte & 0x7f) * scale
      if (Number.isNaN(byte) || length > content.length) {
        throw nonsense(context, `holds no ${count} strings in its ${content.length} bytes`)
      }
    }
    lengths.push(length)
  }
  const strings = lengths.map((length) => {
    offset += length
    return content.subarray(offset - length, offset)
  })
  if (offset === content.length) return strings
  throw nonsense(context, `holds strings of ${offset} bytes in ${content.length} bytes`)
}

function encodeShape(sizes: readonly number[]): TensorShapeProto {
  const shape = new TensorShapeProto()
  for (const size of sizes) {
    const dim = new TensorShapeProto.Dim()
    dim.setSize(size)
    shape.addDim(dim)
  }
  return shape
}

/** Null when the rank is unknown; a tensor without a shape is a scalar. */
function decodeShape(proto: TensorProto, context: DecodeContext): number[] | null {
  const shape = proto.getTensorShape()
  if (shape?.getUnknownRank()) return null
  const sizes = (shape?.getDimList() ?? []).map((dim) => dim.getSize())
  if (sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) return sizes
  throw nonsense(context, `has the shape [${sizes}]`)
}

function countElements(
  shape: readonly number[],
  bytes: number,
  { name, maxBytes }: DecodeContext,
): number {
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1)
  if (count * bytes <= maxBytes) return count
  throw new GatewayError(
    'upstream_response_too_large',
    `The model's output "${name}" has the shape [${shape}], which takes more than ${maxBytes} bytes; ` +
      'UPSTREAM_RESPONSE_MAX_BYTES governs this',
  )
}

function nonsense({ name }: DecodeContext, what: string): GatewayError {
  return new GatewayError('upstream_invalid_response', `The model's output "${name}" ${what}`)
}

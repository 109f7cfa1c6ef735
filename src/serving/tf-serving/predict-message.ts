import { PredictRequest, TensorProto } from './stubs.js'

/** Tags of length-delimited fields: the number of the field times 8, plus 2. */
const TAGS = {
  /** `PredictRequest.inputs`, an entry of the map. */
  input: 0x12,
  /** Key and value of an entry of a map. */
  key: 0x0a,
  value: 0x12,
  /** `TensorProto.tensor_content` and `TensorProto.string_val`. */
  content: 0x22,
  string: 0x42,
} as const

/**
 * Serialises a request as google-protobuf does, to the byte, but copies what is in tensors once and into memory
 * that was not filled with zeros before. Of a tensor it takes type, shape, content and strings, which is what `encodeTensor`
 * sets.
 */
export function serializePredict(request: PredictRequest): Buffer {
  const model = new PredictRequest()
  model.setModelSpec(request.getModelSpec())
  const filter = new PredictRequest()
  filter.setOutputFilterList(request.getOutputFilterList())
  const inputs: Input[] = []
  request.getInputsMap().forEach((tensor, name) => {
    inputs.push([name, tensor])
  })
  return join([
    model.serializeBinary(),
    ...inputs.sort(byName).flatMap(([name, tensor]) => inputParts(name, tensor)),
    filter.serializeBinary(),
  ])
}

type Input = readonly [name: string, tensor: TensorProto]

function byName([one]: Input, [other]: Input): number {
  return one < other ? -1 : 1
}

function inputParts(name: string, tensor: TensorProto): Uint8Array[] {
  const value = tensorParts(tensor)
  const key = Buffer.from(name)
  const entry = [field(TAGS.key, key.length), key, field(TAGS.value, bytesOf(value)), ...value]
  return [field(TAGS.input, bytesOf(entry)), ...entry]
}

function tensorParts(tensor: TensorProto): Uint8Array[] {
  const content = tensor.getTensorContent_asU8()
  const head = new TensorProto()
  head.setDtype(tensor.getDtype())
  head.setTensorShape(tensor.getTensorShape())
  return [
    head.serializeBinary(),
    ...(content.length > 0 ? [field(TAGS.content, content.length), content] : []),
    ...tensor
      .getStringValList_asU8()
      .flatMap((string) => [field(TAGS.string, string.length), string]),
  ]
}

/** Tag and length of a field; a length is written as a varint, seven bits a byte, the lowest first. */
function field(tag: number, length: number): Uint8Array {
  const bytes = [tag]
  let rest = length
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.from([...bytes, rest])
}

function bytesOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

/** Joins parts in memory of their own, which can be given back. */
function join(parts: readonly Uint8Array[]): Buffer {
  const joined = Buffer.allocUnsafeSlow(bytesOf(parts))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

import { GatewayError } from '../../errors.js'
import type { Tensor, Tensors } from '../model-server.js'
import { isNumericType, RAW_TYPES } from '../raw-elements.js'
import { TYPED_LISTS, toDataType, toDatatype } from './datatypes.js'
import {
  type InferOutputTensor,
  type InferTensorContents,
  ModelInferRequest,
  type ModelInferResponse,
} from './stubs.js'

/** Bytes before each element of BYTES that hold its length. */
const LENGTH_BYTES = 4

/**
 * Puts named tensors into a request, all as raw contents: typed ones take up to twice the bytes and several times the
 * time. Numbers share the tensors' memory (floats are narrowed to half and bfloat16 in new memory); of BYTES a copy is made.
 *
 * @throws {TypeError} when the data is not of the type and number that dtype and shape say.
 */
export function setInputs(request: ModelInferRequest, inputs: Tensors): void {
  const raw: Uint8Array[] = []
  for (const [name, tensor] of Object.entries(inputs)) {
    const input = new ModelInferRequest.InferInputTensor()
    input.setName(name)
    input.setDatatype(toDatatype(tensor.dtype))
    input.setShapeList([...tensor.shape])
    request.addInputs(input)
    raw.push(toRaw(tensor))
  }
  request.setRawInputContentsList(raw)
}

function toRaw(tensor: Tensor): Uint8Array {
  const count = tensor.shape.reduce((product, size) => product * size, 1)
  if (tensor.data.length !== count) {
    throw new TypeError(
      `A tensor of shape [${tensor.shape}] has ${count} elements, not ${tensor.data.length}`,
    )
  }
  if (tensor.dtype === 'DT_STRING') return joinStrings(tensor.data)
  const type = RAW_TYPES[tensor.dtype]
  if (!type.takes(tensor.data)) {
    throw new TypeError(`A tensor of ${tensor.dtype} needs its data as ${type.array.name}`)
  }
  return type.toContent(tensor.data)
}

function joinStrings(strings: readonly Uint8Array[]): Uint8Array {
  const total = strings.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0)
  const joined = Buffer.allocUnsafe(total)
  let offset = 0
  for (const string of strings) {
    offset = joined.writeUInt32LE(string.length, offset)
    joined.set(string, offset)
    offset += string.length
  }
  // google-protobuf copies a Buffer once more, but not a plain view.
  return new Uint8Array(joined.buffer, joined.byteOffset, joined.byteLength)
}

/** What decoding needs beside the message. */
export interface OutputsContext {
  /** Names of the outputs that were asked for. */
  readonly names: readonly string[]
  /** Largest tensor in bytes. */
  readonly maxBytes: number
}

/**
 * Takes the outputs asked for out of an answer, by name: servers answer in an order of their own, and some send all
 * they have. Raw contents count as soon as there are any, for servers that send both add empty typed ones; else the
 * field of each output's type does. Nothing is taken for what the model declared: servers do not check their answers.
 *
 * @throws {GatewayError} `upstream_invalid_response` when an output is missing or makes no sense,
 * `upstream_response_too_large` when it would take more bytes than are taken.
 */
export function readOutputs(
  response: ModelInferResponse,
  { names, maxBytes }: OutputsContext,
): Record<string, Tensor> {
  const outputs = response.getOutputsList()
  const raws = response.getRawOutputContentsList_asU8()
  if (raws.length > 0 && raws.length !== outputs.length) {
    throw new GatewayError(
      'upstream_invalid_response',
      `The model server answered with ${outputs.length} outputs and the contents of ${raws.length}`,
    )
  }
  const entries = names.map((name): [string, Tensor] => {
    const at = outputs.findIndex((output) => output.getName() === name)
    const output = outputs[at]
    if (output === undefined) throw missingOutput(name)
    return [name, readOutput(output, raws[at], maxBytes)]
  })
  return Object.fromEntries(entries)
}

function readOutput(
  output: InferOutputTensor,
  raw: Uint8Array | undefined,
  maxBytes: number,
): Tensor {
  const dtype = toDataType(output.getDatatype())
  const shape = output.getShapeList()
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw nonsense(output, `has the shape [${shape}]`)
  }
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1)
  if (dtype === 'DT_STRING') {
    const data = raw === undefined ? typedStrings(output) : splitStrings(output, raw)
    if (data.length !== count) throw wrongCount(output, data.length)
    return { dtype, shape, data }
  }
  if (!isNumericType(dtype)) {
    throw nonsense(output, `is of type ${output.getDatatype()}, which is not read here`)
  }
  const type = RAW_TYPES[dtype]
  if (count * type.bytes > maxBytes) throw tooLarge(output, maxBytes)
  if (raw !== undefined) {
    if (raw.length !== count * type.bytes) {
      throw nonsense(output, `has ${raw.length} bytes for [${shape}] of ${output.getDatatype()}`)
    }
    return { dtype, shape, data: type.fromContent(raw) }
  }
  const contents = output.getContents()
  const data = contents === undefined ? new type.array(0) : TYPED_LISTS[dtype](contents)
  if (data === null) throw nonsense(output, `is of type ${output.getDatatype()} and is not raw`)
  if (data.length !== count) throw wrongCount(output, data.length)
  return { dtype, shape, data }
}

function typedStrings(output: InferOutputTensor): Uint8Array[] {
  const contents: InferTensorContents | undefined = output.getContents()
  return contents?.getBytesContentsList_asU8() ?? []
}

function splitStrings(output: InferOutputTensor, raw: Uint8Array): Uint8Array[] {
  const strings: Uint8Array[] = []
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  let offset = 0
  while (offset < raw.length) {
    const start = offset + LENGTH_BYTES
    const end = start > raw.length ? Number.POSITIVE_INFINITY : start + view.getUint32(offset, true)
    if (end > raw.length) throw nonsense(output, `holds no whole strings in ${raw.length} bytes`)
    strings.push(raw.subarray(start, end))
    offset = end
  }
  return strings
}

function wrongCount(output: InferOutputTensor, found: number): GatewayError {
  return nonsense(output, `has ${found} elements for the shape [${output.getShapeList()}]`)
}

function nonsense(output: InferOutputTensor, what: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model's output "${output.getName()}" ${what}`,
  )
}

function missingOutput(name: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model server left out the output "${name}" that it was asked for`,
  )
}

function tooLarge(output: InferOutputTensor, maxBytes: number): GatewayError {
  return new GatewayError(
    'upstream_response_too_large',
    `The model's output "${output.getName()}" has the shape [${output.getShapeList()}], which takes more than ` +
      `${maxBytes} bytes; UPSTREAM_RESPONSE_MAX_BYTES governs this`,
  )
}

import t from 'tap'
import type { DataType, Tensor, Tensors } from '../../../../src/serving/model-server.js'
import { readOutputs, setInputs } from '../../../../src/serving/oip/codec.js'
import {
  InferTensorContents,
  ModelInferRequest,
  ModelInferResponse,
} from '../../../../src/serving/oip/stubs.js'
import { inferred } from './oip-server.js'

const MAX = 1_000_000
const HUGE = 9007199254740993n

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

/** Every type that is read and sent. */
const TENSORS = {
  DT_BOOL: { dtype: 'DT_BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
  DT_UINT8: { dtype: 'DT_UINT8', shape: [3], data: Uint8Array.of(0, 255, 3) },
  DT_UINT16: { dtype: 'DT_UINT16', shape: [1, 3], data: Uint16Array.of(65535, 2, 3) },
  DT_UINT32: { dtype: 'DT_UINT32', shape: [3], data: Uint32Array.of(2 ** 32 - 1, 2, 3) },
  DT_UINT64: { dtype: 'DT_UINT64', shape: [2], data: BigUint64Array.of(HUGE, 2n) },
  DT_INT8: { dtype: 'DT_INT8', shape: [3], data: Int8Array.of(-128, 127, 3) },
  DT_INT16: { dtype: 'DT_INT16', shape: [3], data: Int16Array.of(-32768, 2, 3) },
  DT_INT32: { dtype: 'DT_INT32', shape: [3, 1], data: Int32Array.of(-(2 ** 31), 2, 3) },
  DT_INT64: { dtype: 'DT_INT64', shape: [2], data: BigInt64Array.of(-HUGE, 2n) },
  DT_HALF: { dtype: 'DT_HALF', shape: [3], data: Float32Array.of(0.5, -2, 65504) },
  DT_BFLOAT16: { dtype: 'DT_BFLOAT16', shape: [3], data: Float32Array.of(0.5, -2, 256) },
  DT_FLOAT: { dtype: 'DT_FLOAT', shape: [3], data: Float32Array.of(0.5, -2, 3) },
  DT_DOUBLE: { dtype: 'DT_DOUBLE', shape: [], data: Float64Array.of(0.1) },
  DT_STRING: { dtype: 'DT_STRING', shape: [2], data: [bytes('ab'), bytes('')] },
} as const satisfies Record<DataType, Tensor>

const viaBytes = (response: ModelInferResponse) =>
  ModelInferResponse.deserializeBinary(response.serializeBinary())

function read(response: ModelInferResponse, ...names: string[]): Tensors {
  return readOutputs(viaBytes(response), { names, maxBytes: MAX })
}

/** An answer with one output `y` and typed contents. */
function typed(
  datatype: string,
  shape: number[],
  fill: (contents: InferTensorContents) => void = () => {},
): ModelInferResponse {
  const output = new ModelInferResponse.InferOutputTensor()
  output.setName('y')
  output.setDatatype(datatype)
  output.setShapeList(shape)
  const contents = new InferTensorContents()
  fill(contents)
  output.setContents(contents)
  const response = new ModelInferResponse()
  response.addOutputs(output)
  return response
}

t.test('setInputs() has the bytes that the protocol says', async (t) => {
  const request = new ModelInferRequest()
  setInputs(request, {
    x: { dtype: 'DT_UINT8', shape: [1, 2], data: Uint8Array.of(1, 255) },
    s: TENSORS.DT_STRING,
  })
  const x = '2a 0e 0a 01 78 12 05 55 49 4e 54 38 1a 02 01 02'
  const s = '2a 0d 0a 01 73 12 05 42 59 54 45 53 1a 01 02'
  const raw = '3a 02 01 ff 3a 0a 02 00 00 00 61 62 00 00 00 00'
  const hex = Buffer.from(request.serializeBinary()).toString('hex')
  t.equal(hex, [x, s, raw].join('').replaceAll(' ', ''))
})

t.test('setInputs() sends half floats that are bits already as they are', async (t) => {
  const request = new ModelInferRequest()
  const data = Uint16Array.of(0x3c00, 0xc000)
  setInputs(request, { x: { dtype: 'DT_HALF', shape: [2], data } })
  const [content] = request.getRawInputContentsList_asU8()
  t.strictSame([...content!], [0, 0x3c, 0, 0xc0])
})

t.test('setInputs() refuses data that does not fit dtype and shape', async (t) => {
  const set = (tensor: Tensor) => () => setInputs(new ModelInferRequest(), { x: tensor })
  t.throws(set({ dtype: 'DT_UINT8', shape: [3], data: new Uint8Array(2) }), /3 elements, not 2/)
  t.throws(set({ dtype: 'DT_FLOAT', shape: [2], data: new Uint8Array(2) }), /Float32Array/)
})

t.test('every type comes back as it was sent, wherever its bytes begin', async (t) => {
  const names = Object.keys(TENSORS)
  t.strictSame(read(inferred(TENSORS), ...names), TENSORS)
  // One byte in front moves all that follows off its boundary.
  const moved = { DT_BOOL: { ...TENSORS.DT_BOOL, shape: [1], data: Uint8Array.of(1) } }
  t.strictSame(read(inferred({ ...TENSORS, ...moved }), ...names), { ...TENSORS, ...moved })
})

t.test('typed contents are read from the field of the type', async (t) => {
  const rows: [DataType, string, (contents: InferTensorContents) => void][] = [
    ['DT_BOOL', 'BOOL', (c) => c.setBoolContentsList([true, false, true])],
    ['DT_UINT8', 'UINT8', (c) => c.setUintContentsList([0, 255, 3])],
    ['DT_UINT16', 'UINT16', (c) => c.setUintContentsList([65535, 2, 3])],
    ['DT_UINT32', 'UINT32', (c) => c.setUintContentsList([2 ** 32 - 1, 2, 3])],
    ['DT_UINT64', 'UINT64', (c) => c.setUint64ContentsList([`${HUGE}`, '2'])],
    ['DT_INT8', 'INT8', (c) => c.setIntContentsList([-128, 127, 3])],
    ['DT_INT16', 'INT16', (c) => c.setIntContentsList([-32768, 2, 3])],
    ['DT_INT32', 'INT32', (c) => c.setIntContentsList([-(2 ** 31), 2, 3])],
    ['DT_INT64', 'INT64', (c) => c.setInt64ContentsList([`${-HUGE}`, '2'])],
    ['DT_FLOAT', 'FP32', (c) => c.setFp32ContentsList([0.5, -2, 3])],
    ['DT_DOUBLE', 'FP64', (c) => c.setFp64ContentsList([0.1])],
    ['DT_STRING', 'BYTES', (c) => c.setBytesContentsList([bytes('ab'), bytes('')])],
  ]
  for (const [name, datatype, fill] of rows) {
    const expected = TENSORS[name]
    t.strictSame(read(typed(datatype, [...expected.shape], fill), 'y'), { y: expected }, datatype)
  }
  t.strictSame(read(typed('FP32', [1, 0]), 'y'), {
    y: { dtype: 'DT_FLOAT', shape: [1, 0], data: new Float32Array(0) },
  })
})

t.test(
  'outputs go by their names; empty typed contents beside raw ones mean nothing',
  async (t) => {
    const response = inferred({ a: TENSORS.DT_UINT8, b: TENSORS.DT_FLOAT, c: TENSORS.DT_BOOL })
    for (const output of response.getOutputsList()) output.setContents(new InferTensorContents())
    t.strictSame(read(response, 'b', 'a'), { b: TENSORS.DT_FLOAT, a: TENSORS.DT_UINT8 })
  },
)

t.test('answers that make no sense are refused', async (t) => {
  const invalid = (response: ModelInferResponse, message: RegExp) =>
    t.throws(
      () => read(response, 'y'),
      { code: 'upstream_invalid_response', message },
      `${message}`,
    )
  const changed = (
    change: (response: ModelInferResponse) => void,
    tensor: Tensor = TENSORS.DT_FLOAT,
  ) => {
    const response = inferred({ y: tensor })
    change(response)
    return response
  }
  const output = (response: ModelInferResponse) => response.getOutputsList()[0]!
  invalid(inferred({ z: TENSORS.DT_FLOAT }), /left out the output "y"/)
  invalid(new ModelInferResponse(), /left out the output "y"/)
  invalid(
    changed((it) => output(it).setShapeList([4])),
    /12 bytes for \[4\] of FP32/,
  )
  invalid(
    changed((it) => output(it).setShapeList([-1, -3])),
    /shape \[-1,-3\]/,
  )
  invalid(
    changed((it) => output(it).setDatatype('FP64')),
    /12 bytes for \[3\] of FP64/,
  )
  invalid(
    changed((it) => output(it).setDatatype('fp32')),
    /of type fp32/,
  )
  invalid(
    changed((it) => output(it).setDatatype('')),
    /of type , which is not read/,
  )
  invalid(
    changed((it) => it.addRawOutputContents(new Uint8Array(1))),
    /1 outputs and the contents of 2/,
  )
  invalid(
    typed('FP32', [2], (c) => c.setFp32ContentsList([1])),
    /1 elements for the shape \[2\]/,
  )
  invalid(
    typed('FP32', [1], (c) => c.setFp64ContentsList([1])),
    /0 elements for the shape \[1\]/,
  )
  invalid(typed('FP16', [1]), /of type FP16 and is not raw/)
  const strings = (raw: string) =>
    changed((it) => it.setRawOutputContentsList([bytes(raw)]), TENSORS.DT_STRING)
  invalid(strings('\u0001\0\0'), /no whole strings in 3 bytes/)
  invalid(strings('\u0005\0\0\0abc'), /no whole strings in 7 bytes/)
  invalid(strings('\u0001\0\0\0a'), /1 elements for the shape \[2\]/)
})

t.test('a shape that stands for more than is taken is refused before it is made', async (t) => {
  const response = typed('FP64', [1000, 1000])
  t.throws(() => read(response, 'y'), {
    code: 'upstream_response_too_large',
    message: /"y" has the shape \[1000,1000\].*1000000 bytes; UPSTREAM_RESPONSE_MAX_BYTES/,
  })
})

import t from 'tap'
import { dataTypeCode } from '../../../src/embedded/element-types.js'
import { TensorProto } from '../../../src/embedded/stubs.js'
import type { Tensor } from '../../../src/embedded/tensor.js'
import { shapeToProto, tensorFromProto, tensorToProto } from '../../../src/embedded/tensor-codec.js'

const NUMBERS: readonly Tensor[] = [
  { dtype: 'DT_FLOAT', shape: [2], data: Float32Array.of(1.5, -2) },
  { dtype: 'DT_DOUBLE', shape: [2], data: Float64Array.of(1.1, -2) },
  { dtype: 'DT_HALF', shape: [3], data: Float32Array.of(1.5, -0.25, 65504) },
  { dtype: 'DT_BFLOAT16', shape: [2], data: Float32Array.of(1.5, -3) },
  { dtype: 'DT_INT8', shape: [2], data: Int8Array.of(-128, 127) },
  { dtype: 'DT_UINT8', shape: [2, 1], data: Uint8Array.of(0, 255) },
  { dtype: 'DT_INT16', shape: [2], data: Int16Array.of(-300, 300) },
  { dtype: 'DT_UINT16', shape: [2], data: Uint16Array.of(0, 65535) },
  { dtype: 'DT_INT32', shape: [], data: Int32Array.of(-7) },
  { dtype: 'DT_UINT32', shape: [1], data: Uint32Array.of(4294967295) },
  { dtype: 'DT_INT64', shape: [2], data: BigInt64Array.of(-(2n ** 63n), 5n) },
  { dtype: 'DT_UINT64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  { dtype: 'DT_BOOL', shape: [2], data: Uint8Array.of(1, 0) },
]

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const STRINGS: Tensor = {
  dtype: 'DT_STRING',
  shape: [3],
  data: [bytes('a'), bytes(''), bytes('x'.repeat(300))],
}

t.test('tensors of every type survive both encodings', async (t) => {
  for (const tensor of [...NUMBERS, STRINGS]) {
    for (const asContent of [false, true]) {
      const sent = tensorToProto(tensor, asContent).serializeBinary()
      const received = tensorFromProto(TensorProto.deserializeBinary(sent))
      const name = `${tensor.dtype} ${asContent ? 'as content' : 'in its field'}`
      t.strictSame(plain(received), plain(tensor), name)
    }
  }
})

t.test('tensorFromProto() refuses what TensorFlow cannot parse', async (t) => {
  const strings = (content: number[], shape = [2]) => filled('DT_STRING', shape, content)
  const rows = [
    ['no type', filled('DT_INVALID', [0])],
    ['a type that is not carried', filled('DT_VARIANT', [1])],
    ['content of another size', filled('DT_FLOAT', [2], [0, 0, 0, 0])],
    ['string content without all lengths', strings([1])],
    ['string content without all bytes', strings([1, 2, 65])],
    ['string content with surplus bytes', strings([1, 1, 65, 66, 67])],
    ['a length that never ends', strings([128, 128], [1])],
  ] as const
  for (const [name, proto] of rows) t.equal(tensorFromProto(proto), undefined, name)
  const unknown = new TensorProto()
  unknown.setDtype(99 as never)
  t.equal(tensorFromProto(unknown), undefined, 'a type that TensorFlow does not have')
})

t.test('tensorFromProto() takes an unknown rank as a scalar', async (t) => {
  const proto = new TensorProto()
  proto.setDtype(dataTypeCode('DT_FLOAT'))
  proto.setTensorShape(shapeToProto(null))
  proto.setFloatValList([3])
  t.strictSame(tensorFromProto(proto), { dtype: 'DT_FLOAT', shape: [], data: Float32Array.of(3) })
})

t.test('tensorFromProto() repeats the last string and the last number', async (t) => {
  const strings = filled('DT_STRING', [3])
  strings.setStringValList([bytes('a'), bytes('b')])
  t.strictSame(
    plain(tensorFromProto(strings)).data,
    [bytes('a'), bytes('b'), bytes('b')].map(String),
  )
  t.strictSame(plain(tensorFromProto(filled('DT_STRING', [1]))).data, [''], 'none at all')
  const longs = filled('DT_INT64', [3])
  longs.setInt64ValList(['7'])
  t.strictSame(tensorFromProto(longs)?.data, BigInt64Array.of(7n, 7n, 7n))
})

t.test('tensorFromProto() wraps numbers that do not fit, as TensorFlow casts', async (t) => {
  const proto = filled('DT_UINT8', [2])
  proto.setIntValList([300, 1])
  t.strictSame(tensorFromProto(proto)?.data, Uint8Array.of(44, 1))
})

t.test('tensorFromProto() refuses to make gigabytes of a few bytes', async (t) => {
  for (const dtype of ['DT_FLOAT', 'DT_STRING']) {
    t.throws(() => tensorFromProto(filled(dtype, [2 ** 30])), { message: /^OOM/ }, dtype)
  }
})

t.test('dataTypeCode() is 0 for names that TensorFlow does not have', async (t) => {
  t.equal(dataTypeCode('DT_FLOAT'), 1)
  t.equal(dataTypeCode('toString'), 0)
})

function filled(dtype: string, shape: readonly number[], content: readonly number[] = []) {
  const proto = new TensorProto()
  proto.setDtype(dataTypeCode(dtype))
  proto.setTensorShape(shapeToProto(shape))
  proto.setTensorContent(Uint8Array.from(content))
  return proto
}

function plain(tensor: Tensor | undefined) {
  const data = Array.from((tensor?.data ?? []) as Iterable<unknown>, String)
  return { dtype: tensor?.dtype, shape: tensor?.shape, data }
}

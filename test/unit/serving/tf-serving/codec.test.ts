import t from 'tap'
import type { NumericData, Tensor } from '../../../../src/serving/model-server.js'
import { decodeTensor, encodeTensor } from '../../../../src/serving/tf-serving/codec.js'
import {
  DataTypeEnum,
  TensorProto,
  TensorShapeProto,
} from '../../../../src/serving/tf-serving/stubs.js'

type DataTypeName = keyof typeof DataTypeEnum

const CONTEXT = { name: 'scores', maxBytes: 1_000_000 }
const HUGE = '9007199254740993'

function shapeProto(sizes: readonly number[]): TensorShapeProto {
  const shape = new TensorShapeProto()
  for (const size of sizes) {
    const dim = new TensorShapeProto.Dim()
    dim.setSize(size)
    shape.addDim(dim)
  }
  return shape
}

function proto(dtype: DataTypeName, sizes: readonly number[], fill: (proto: TensorProto) => void) {
  const message = new TensorProto()
  message.setDtype(DataTypeEnum[dtype])
  message.setTensorShape(shapeProto(sizes))
  fill(message)
  // Through bytes, so that what is decoded is what a server sends.
  return TensorProto.deserializeBinary(message.serializeBinary())
}

/** A TensorProto from its bytes in hexadecimal. */
function fromHex(hex: string): TensorProto {
  return TensorProto.deserializeBinary(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')))
}

const text = (tensor: Tensor) =>
  tensor.dtype === 'DT_STRING' ? tensor.data.map((each) => Buffer.from(each).toString()) : null

const LISTS: [DataTypeName, (proto: TensorProto) => void, NumericData][] = [
  ['DT_FLOAT', (p) => p.setFloatValList([0.5, -2, 3]), Float32Array.of(0.5, -2, 3)],
  ['DT_DOUBLE', (p) => p.setDoubleValList([0.1, 2, 3]), Float64Array.of(0.1, 2, 3)],
  ['DT_INT8', (p) => p.setIntValList([-128, 127, 3]), Int8Array.of(-128, 127, 3)],
  ['DT_UINT8', (p) => p.setIntValList([0, 255, 3]), Uint8Array.of(0, 255, 3)],
  ['DT_INT16', (p) => p.setIntValList([-32768, 2, 3]), Int16Array.of(-32768, 2, 3)],
  ['DT_UINT16', (p) => p.setIntValList([65535, 2, 3]), Uint16Array.of(65535, 2, 3)],
  ['DT_INT32', (p) => p.setIntValList([-(2 ** 31), 2, 3]), Int32Array.of(-(2 ** 31), 2, 3)],
  ['DT_UINT32', (p) => p.setUint32ValList([2 ** 32 - 1, 2, 3]), Uint32Array.of(2 ** 32 - 1, 2, 3)],
  [
    'DT_INT64',
    (p) => p.setInt64ValList([`-${HUGE}`, '2', '3']),
    BigInt64Array.of(-BigInt(HUGE), 2n, 3n),
  ],
  [
    'DT_UINT64',
    (p) => p.setUint64ValList([HUGE, '2', '3']),
    BigUint64Array.of(BigInt(HUGE), 2n, 3n),
  ],
  ['DT_BOOL', (p) => p.setBoolValList([true, false, true]), Uint8Array.of(1, 0, 1)],
  [
    'DT_HALF',
    (p) => p.setHalfValList([0x3c00, 0xc000, 0x3555]),
    Float32Array.of(1, -2, 0.333251953125),
  ],
  ['DT_BFLOAT16', (p) => p.setHalfValList([0x3f80, 0xc000, 0]), Float32Array.of(1, -2, 0)],
]

t.test('decodeTensor() reads the value list of every type', (t) => {
  for (const [dtype, fill, data] of LISTS) {
    t.strictSame(decodeTensor(proto(dtype, [3], fill), CONTEXT), { dtype, shape: [3], data }, dtype)
  }
  t.end()
})

t.test('decodeTensor() reads the content that encodeTensor() makes of every type', (t) => {
  for (const [dtype, , data] of LISTS) {
    const tensor = { dtype, shape: [1, 3], data } as Tensor
    const bytes = encodeTensor(tensor).serializeBinary()
    t.strictSame(decodeTensor(TensorProto.deserializeBinary(bytes), CONTEXT), tensor, dtype)
  }
  t.end()
})

t.test('decodeTensor() reads unpacked, packed and mixed lists', (t) => {
  // dtype 1 (float), shape {dim {size 2}}, then float_val as two fields of wire type 5.
  const shape = '1204 1202 0802'
  const rows: [string, string, NumericData][] = [
    ['unpacked floats', `0801 ${shape} 2d0000003f 2d00000040`, Float32Array.of(0.5, 2)],
    ['packed floats', `0801 ${shape} 2a08 0000003f00000040`, Float32Array.of(0.5, 2)],
    [
      'packed, then unpacked floats',
      `0801 ${shape} 2a04 0000003f 2d00000040`,
      Float32Array.of(0.5, 2),
    ],
    [
      'unpacked doubles',
      `0802 ${shape} 31000000000000f03f 310000000000000040`,
      Float64Array.of(1, 2),
    ],
    ['unpacked ints', `0803 ${shape} 3801 38ffffffffffffffffff01`, Int32Array.of(1, -1)],
    ['packed ints', `0804 ${shape} 3a03 01ff01`, Uint8Array.of(1, 255)],
    [
      'unpacked int64',
      `0809 ${shape} 5081808080808080 10 50ffffffffffffffffff01`,
      BigInt64Array.of(2n ** 53n + 1n, -1n),
    ],
    ['unpacked bools', `080a ${shape} 5801 5800`, Uint8Array.of(1, 0)],
    ['unpacked halves', `0813 ${shape} 688078 68808003`, Float32Array.of(1, -2)],
    ['unpacked uint32', `0816 ${shape} 800101 8001ffffffff0f`, Uint32Array.of(1, 2 ** 32 - 1)],
    [
      'unpacked uint64',
      `0817 ${shape} 880101 8801ffffffffffffffffff01`,
      BigUint64Array.of(1n, 2n ** 64n - 1n),
    ],
  ]
  for (const [name, hex, data] of rows) {
    t.match(decodeTensor(fromHex(hex), CONTEXT), { shape: [2], data }, name)
  }
  t.end()
})

t.test(
  'decodeTensor() repeats the last value of a short list and reads an empty one as zeros',
  (t) => {
    const rows: [DataTypeName, (proto: TensorProto) => void, NumericData][] = [
      ['DT_FLOAT', (p) => p.setFloatValList([1, 2]), Float32Array.of(1, 2, 2, 2)],
      ['DT_FLOAT', () => {}, new Float32Array(4)],
      ['DT_FLOAT', (p) => p.setFloatValList([1, 2, 3, 4, 5]), Float32Array.of(1, 2, 3, 4)],
      ['DT_INT64', (p) => p.setInt64ValList(['7']), BigInt64Array.of(7n, 7n, 7n, 7n)],
      ['DT_INT64', () => {}, new BigInt64Array(4)],
      [
        'DT_UINT64',
        (p) => p.setUint64ValList(['1', '2', '3', '4', '5']),
        BigUint64Array.of(1n, 2n, 3n, 4n),
      ],
      ['DT_BOOL', (p) => p.setBoolValList([true]), Uint8Array.of(1, 1, 1, 1)],
      ['DT_HALF', (p) => p.setHalfValList([0x3c00]), Float32Array.of(1, 1, 1, 1)],
    ]
    for (const [dtype, fill, data] of rows) {
      t.strictSame(
        decodeTensor(proto(dtype, [2, 2], fill), CONTEXT),
        { dtype, shape: [2, 2], data },
        dtype,
      )
    }
    t.end()
  },
)

t.test('decodeTensor() reads strings from their list and from content', (t) => {
  const listed = (values: string[], sizes: number[]) =>
    proto('DT_STRING', sizes, (p) => p.setStringValList(values.map((each) => Buffer.from(each))))
  const packed = (content: number[], sizes: number[]) =>
    proto('DT_STRING', sizes, (p) => p.setTensorContent(Uint8Array.from(content)))
  const long = 'x'.repeat(200)
  const rows: [string, TensorProto, string[]][] = [
    ['a list', listed(['dog', ''], [2]), ['dog', '']],
    ['a short list', listed(['dog'], [2]), ['dog', 'dog']],
    ['no list', listed([], [2]), ['', '']],
    ['a long list', listed(['a', 'b'], [1]), ['a']],
    ['content', packed([3, 0, 0x64, 0x6f, 0x67], [2]), ['dog', '']],
    ['a length of two bytes', packed([0xc8, 1, ...Buffer.from(long)], [1]), [long]],
    ['a scalar', listed(['dog'], []), ['dog']],
  ]
  for (const [name, message, data] of rows) {
    t.strictSame(text(decodeTensor(message, CONTEXT)), data, name)
  }
  t.end()
})

t.test('decodeTensor() takes scalars, empty tensors and unknown ranks', (t) => {
  const unknown = (fill: (proto: TensorProto) => void) =>
    proto('DT_FLOAT', [], (p) => {
      const shape = new TensorShapeProto()
      shape.setUnknownRank(true)
      p.setTensorShape(shape)
      fill(p)
    })
  const bytes = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
  const rows: [string, TensorProto, number[], NumericData][] = [
    ['scalar', proto('DT_FLOAT', [], (p) => p.setFloatValList([5])), [], Float32Array.of(5)],
    ['no shape', fromHex('0801 2d0000003f'), [], Float32Array.of(0.5)],
    ['no elements', proto('DT_FLOAT', [0, 4], () => {}), [0, 4], new Float32Array(0)],
    [
      'no elements of a huge row',
      proto('DT_FLOAT', [2 ** 40, 0], () => {}),
      [2 ** 40, 0],
      new Float32Array(0),
    ],
    ['unknown rank, a value', unknown((p) => p.setFloatValList([5])), [], Float32Array.of(5)],
    ['unknown rank, values', unknown((p) => p.setFloatValList([5, 6])), [2], Float32Array.of(5, 6)],
    [
      'unknown rank, content',
      unknown((p) => p.setTensorContent(bytes(5, 6, 7))),
      [3],
      Float32Array.of(5, 6, 7),
    ],
    ['unknown rank, nothing', unknown(() => {}), [0], new Float32Array(0)],
  ]
  for (const [name, message, shape, data] of rows) {
    t.strictSame(decodeTensor(message, CONTEXT), { dtype: 'DT_FLOAT', shape, data }, name)
  }
  t.end()
})

t.test('decodeTensor() refuses what makes no sense', (t) => {
  const content = (length: number) => (p: TensorProto) => p.setTensorContent(new Uint8Array(length))
  const invalid = 'upstream_invalid_response'
  const large = 'upstream_response_too_large'
  const rows: [string, TensorProto, string, RegExp][] = [
    ['no dtype', proto('DT_INVALID', [1], () => {}), invalid, /"scores" is of type DT_INVALID/],
    ['a complex type', proto('DT_COMPLEX64', [1], () => {}), invalid, /DT_COMPLEX64/],
    ['a type of the future', fromHex('0863'), invalid, /DT_99/],
    ['a negative size', proto('DT_FLOAT', [1, -1], () => {}), invalid, /shape \[1,-1\]/],
    ['short content', proto('DT_FLOAT', [2], content(7)), invalid, /7 bytes/],
    ['long content', proto('DT_FLOAT', [2], content(12)), invalid, /12 bytes/],
    [
      'half an element and no rank',
      fromHex('0802 1202 1801 2202 0000'),
      invalid,
      /2 bytes, no whole/,
    ],
    [
      'a list as large as the moon',
      proto('DT_FLOAT', [2 ** 30, 2 ** 30], () => {}),
      large,
      /UPSTREAM_RESPONSE_MAX_BYTES/,
    ],
    [
      'strings as many as stars',
      proto('DT_STRING', [2 ** 30], () => {}),
      large,
      /UPSTREAM_RESPONSE_MAX_BYTES/,
    ],
    ['more strings than content', proto('DT_STRING', [3], content(2)), invalid, /no 3 strings/],
    [
      'strings shorter than content',
      proto('DT_STRING', [1], content(2)),
      invalid,
      /bytes in 2 bytes/,
    ],
    [
      'strings longer than content',
      proto('DT_STRING', [1], (p) => p.setTensorContent(Uint8Array.of(9, 1))),
      invalid,
      /no 1 strings/,
    ],
  ]
  for (const [name, message, code, detail] of rows) {
    t.throws(() => decodeTensor(message, CONTEXT), { code, message: detail }, name)
  }
  t.end()
})

t.test('decodeTensor() reads content that lies at an odd address', (t) => {
  const bytes = new Uint8Array(9)
  new DataView(bytes.buffer).setFloat32(1, 1.5, true)
  new DataView(bytes.buffer).setFloat32(5, 2.5, true)
  const message = new TensorProto()
  message.setDtype(DataTypeEnum.DT_FLOAT)
  message.setTensorShape(shapeProto([2]))
  message.setTensorContent(bytes.subarray(1))
  t.match(decodeTensor(message, CONTEXT), { data: Float32Array.of(1.5, 2.5) })
  t.end()
})

t.test('encodeTensor() sends numbers as content that shares their memory', (t) => {
  const pixels = new Uint8Array(20).subarray(4, 16)
  const message = encodeTensor({ dtype: 'DT_UINT8', shape: [1, 2, 2, 3], data: pixels })
  const content = message.getTensorContent_asU8()
  t.equal(content.buffer, pixels.buffer)
  t.strictSame([content.byteOffset, content.byteLength], [4, 12])
  t.strictSame(
    message
      .getTensorShape()
      ?.getDimList()
      .map((dim) => dim.getSize()),
    [1, 2, 2, 3],
  )
  t.end()
})

t.test('encodeTensor() sends strings as a list', (t) => {
  const data = [Buffer.from('a'), new Uint8Array([0, 255])]
  const message = encodeTensor({ dtype: 'DT_STRING', shape: [2], data })
  const read = TensorProto.deserializeBinary(message.serializeBinary())
  t.strictSame(
    read.getStringValList_asU8().map((each) => [...each]),
    [[0x61], [0, 255]],
  )
  t.equal(read.getTensorContent_asU8().length, 0)
  t.end()
})

t.test('encodeTensor() refuses data that is not what dtype and shape say', (t) => {
  const rows: [string, Tensor][] = [
    ['too few elements', { dtype: 'DT_UINT8', shape: [2, 2], data: new Uint8Array(3) }],
    ['another array type', { dtype: 'DT_FLOAT', shape: [2], data: new Uint8Array(2) }],
  ]
  for (const [name, tensor] of rows) t.throws(() => encodeTensor(tensor), TypeError, name)
  t.end()
})

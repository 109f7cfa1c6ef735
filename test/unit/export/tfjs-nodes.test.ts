import t from 'tap'
import type { GraphNode, NodeAttribute, WeightTensor } from '../../../src/embedded/weights.js'
import { ExportError } from '../../../src/export/export-error.js'
import { AttrValue, DataTypeEnum } from '../../../src/export/stubs.js'
import { fromTfjsGraph } from '../../../src/export/tfjs-nodes.js'

const convert = (node: GraphNode, tensors: Record<string, WeightTensor> = {}) =>
  fromTfjsGraph({ nodes: [node], tensors: new Map(Object.entries(tensors)) })[0]!

const convertAttribute = (attribute: NodeAttribute) =>
  convert({ name: 'node', op: 'Op', attr: { it: attribute } })
    .getAttrMap()
    .get('it')!

t.test(
  'fromTfjsGraph() reads each kind of attribute, and keeps zeros and empty texts',
  async (t) => {
    const { ValueCase } = AttrValue
    const cases: readonly [NodeAttribute, number, (value: AttrValue) => unknown, unknown][] = [
      [{ i: '7' }, ValueCase.I, (value) => value.getI(), '7'],
      [{ i: 0 }, ValueCase.I, (value) => value.getI(), '0'],
      [{ f: 0.5 }, ValueCase.F, (value) => value.getF(), 0.5],
      [{ f: 0 }, ValueCase.F, (value) => value.getF(), 0],
      [{ b: true }, ValueCase.B, (value) => value.getB(), true],
      [{ b: false }, ValueCase.B, (value) => value.getB(), false],
      [{ s: [83, 65] }, ValueCase.S, (value) => textOf(value.getS_asU8()), 'SA'],
      [{ s: 'U0FNRQ==' }, ValueCase.S, (value) => textOf(value.getS_asU8()), 'SAME'],
      [{ s: [] }, ValueCase.S, (value) => textOf(value.getS_asU8()), ''],
      [{ type: 3 }, ValueCase.TYPE, (value) => value.getType(), DataTypeEnum.DT_INT32],
      [{ type: 'DT_INT32' }, ValueCase.TYPE, (value) => value.getType(), DataTypeEnum.DT_INT32],
    ]
    for (const [attribute, kind, read, expected] of cases) {
      // What is not on the wire is lost: TensorFlow refuses an attribute without a value.
      const value = AttrValue.deserializeBinary(convertAttribute(attribute).serializeBinary())
      t.equal(value.getValueCase(), kind, `kind of ${JSON.stringify(attribute)}`)
      t.equal(read(value), expected, JSON.stringify(attribute))
    }
  },
)

t.test('fromTfjsGraph() reads shapes', async (t) => {
  const known = convertAttribute({ shape: { dim: [{ size: '-1' }, { size: 3 }] } }).getShape()
  t.strictSame(
    known?.getDimList().map((dim) => dim.getSize()),
    [-1, 3],
  )
  t.equal(known?.getUnknownRank(), false)
  const unknown = convertAttribute({ shape: { dim: [], unknownRank: true } }).getShape()
  t.equal(unknown?.getUnknownRank(), true)
})

t.test('fromTfjsGraph() reads the one filled list of a list attribute', async (t) => {
  const list = (lists: Record<string, unknown[]>) =>
    convertAttribute({ list: { i: [], f: [], b: [], s: [], type: [], shape: [], ...lists } })
      .getList()
      ?.toObject()
  t.strictSame(list({ i: ['1', 2] })?.iList, ['1', '2'])
  t.strictSame(list({ f: [0.5] })?.fList, [0.5])
  t.strictSame(list({ b: [true, false] })?.bList, [true, false])
  t.strictSame(list({ s: [[65]] })?.sList, [Buffer.from('A').toString('base64')])
  t.strictSame(list({ type: [1, 'DT_UINT8'] })?.typeList, [1, 4])
  t.strictSame(list({ shape: [{ dim: [{ size: 2 }] }] })?.shapeList[0]?.dimList[0]?.size, 2)
  t.strictSame(list({})?.iList, [], 'an empty list')
})

t.test('fromTfjsGraph() keeps inputs and leaves out the notes of the optimizer', async (t) => {
  const node = convert({
    name: 'sum',
    op: 'Add',
    input: ['a:1', '^b'],
    attr: { T: { type: 1 }, '_grappler:Stage': { b: true } },
  })
  t.strictSame(node.getInputList(), ['a:1', '^b'])
  t.strictSame([...node.getAttrMap().keys()], ['T'])
})

t.test('fromTfjsGraph() fills constants from the weights', async (t) => {
  const data = new Float32Array([9, 1, 2]).subarray(1)
  const weight: WeightTensor = { dtype: 'float32', shape: [2, 1], data }
  const node = convert({ name: 'w', op: 'Const', input: ['^loop'] }, { w: weight })
  const tensor = node.getAttrMap().get('value')?.getTensor()
  t.strictSame(node.getInputList(), ['^loop'], 'the frame that it belongs to')
  t.equal(node.getAttrMap().get('dtype')?.getType(), DataTypeEnum.DT_FLOAT)
  t.equal(tensor?.getDtype(), DataTypeEnum.DT_FLOAT)
  t.strictSame(
    tensor
      ?.getTensorShape()
      ?.getDimList()
      .map((dim) => dim.getSize()),
    [2, 1],
  )
  t.strictSame(Buffer.from(tensor!.getTensorContent_asU8()).readFloatLE(4), 2)
  t.equal(tensor?.getTensorContent_asU8().length, 8)
})

t.test('fromTfjsGraph() names the node that it cannot convert', async (t) => {
  const bad: readonly [GraphNode, RegExp][] = [
    [{ name: 'w', op: 'Const' }, /no weights for the constant w/],
    [{ name: 'n', op: 'Op', attr: { f: { func: {} } } }, /node n .* attribute f has none/],
    [{ name: 'n', op: 'Op', attr: { l: { list: { func: [{}] } } } }, /n .* unknown kind func/],
    [{ name: 'n', op: 'Op', attr: { t: { type: 'DT_NEW' } } }, /n .* type DT_NEW is unknown/],
  ]
  for (const [node, message] of bad) {
    t.throws(() => convert(node), { name: ExportError.name, message }, String(message))
  }
})

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

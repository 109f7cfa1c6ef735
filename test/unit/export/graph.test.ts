import t from 'tap'
import { bufferSource } from '../../../src/export/byte-source.js'
import { constData, constNumbers, constTexts, readConst } from '../../../src/export/const-tensor.js'
import {
  attributeOf,
  type Graph,
  graphFunctions,
  nodeDefOf,
  readGraph,
} from '../../../src/export/graph.js'
import { graphPieces, joinChanges } from '../../../src/export/graph-edit.js'
import { readMetaGraph } from '../../../src/export/meta-graph.js'
import {
  makeConstant,
  makeIntegers,
  makeNode,
  textAttribute,
  toShape,
  typeAttribute,
} from '../../../src/export/node-builder.js'
import { joinPieces } from '../../../src/export/piece.js'
import {
  AttrValue,
  DataTypeEnum,
  FunctionDef,
  GraphDef,
  NodeDef,
  TensorProto,
} from '../../../src/export/stubs.js'
import { bytesField, stringField, varintField } from '../../../src/export/wire-writer.js'
import { graphBytes, listConstant } from './fixtures.js'

function read(...parts: readonly Uint8Array[]): Graph {
  const bytes = Buffer.concat(parts)
  return readGraph(bufferSource('x.pb', bytes), [{ start: 0, end: bytes.length }])
}

const a = makeNode('a', 'Placeholder', [], { dtype: typeAttribute('DT_UINT8') })
const b = makeNode('b', 'Identity', ['a', '^c'], { T: typeAttribute('DT_UINT8') })
const c = makeNode('c', 'NoOp')

/** A message with a field of a wire type that does not exist. */
const WRONG = Buffer.of(0x0f)

t.test('nodes are read with their edges', async (t) => {
  const graph = read(graphBytes([a, b, c]))
  t.strictSame([...graph.nodes.keys()], ['a', 'b', 'c'])
  t.strictSame(graph.nodes.get('b')!.inputs, ['a', '^c'])
  t.equal(attributeOf(graph, graph.nodes.get('b')!, 'T')?.getType(), DataTypeEnum.DT_UINT8)
  t.equal(attributeOf(graph, graph.nodes.get('b')!, 'none'), undefined)
})

t.test('a graph in parts is one graph', async (t) => {
  const bytes = Buffer.concat([graphBytes([a]), Buffer.alloc(3), graphBytes([b, c])])
  const middle = graphBytes([a]).length
  const ranges = [
    { start: 0, end: middle },
    { start: middle + 3, end: bytes.length },
  ]
  const graph = readGraph(bufferSource('x.pb', bytes), ranges)
  t.equal(graph.nodes.size, 3)
  const again = GraphDef.deserializeBinary(joinPieces(graphPieces(graph)))
  t.equal(again.getNodeList().length, 3)
})

t.test('damaged graphs are refused with the place', async (t) => {
  const nameless = makeNode('', 'NoOp')
  const rows: readonly [string, readonly Uint8Array[], RegExp][] = [
    ['two nodes of a name', [graphBytes([a, c, a])], /two nodes named a, the second at byte/],
    ['a node without name', [graphBytes([a, nameless])], /node at byte \d+ has no name/],
    ['a node without op', [graphBytes([makeNode('a', '')])], /has no op \(a\)/],
    ['no nodes', [varintField(3, 1)], /has no nodes/],
    ['a number for a node', [graphBytes([a]), varintField(1, 1)], /not a node of a graph/],
    ['a number for a library', [graphBytes([a]), varintField(2, 1)], /not a library/],
    ['a number for the versions', [graphBytes([a]), varintField(4, 1)], /not the versions/],
    ['damaged versions', [graphBytes([a]), bytesField(4, WRONG)], /x\.pb: the graph's version at/],
    ['a cut graph', [graphBytes([a, b]).subarray(0, 40)], /truncated/],
  ]
  for (const [name, parts, message] of rows) t.throws(() => read(...parts), message, name)
})

t.test('a part that is damaged inside is named with the file', async (t) => {
  const debug = Buffer.concat([a.serializeBinary(), bytesField(6, WRONG)])
  const graph = read(bytesField(1, debug))
  t.throws(() => nodeDefOf(graph, graph.nodes.get('a')!), {
    name: 'ExportError',
    message: /^x\.pb: the node a at byte \d+ is damaged/,
  })
  const shape = bytesField(8, bytesField(2, WRONG))
  const constant = Buffer.concat([
    makeNode('k', 'Const').serializeBinary(),
    bytesField(5, Buffer.concat([stringField(1, 'value'), bytesField(2, shape)])),
  ])
  const constants = read(bytesField(1, constant))
  t.throws(() => readConst(constants, constants.nodes.get('k')!), /the shape of the constant k is/)
  const parts: readonly [field: number, RegExp][] = [
    [1, /^m\.meta: what it says of itself/],
    [3, /^m\.meta: the saver in it is damaged/],
    [5, /^m\.meta: a signature or asset in it is damaged/],
  ]
  for (const [field, message] of parts) {
    const content = field === 1 ? bytesField(3, WRONG) : WRONG
    const bytes = Buffer.concat([bytesField(2, graphBytes([a])), bytesField(field, content)])
    const source = bufferSource('m.meta', bytes)
    const range = { start: 0, end: bytes.length }
    t.throws(() => readMetaGraph(source, range), { name: 'ExportError', message }, String(field))
  }
})

t.test('functions are read one by one', async (t) => {
  const body = new FunctionDef()
  body.setNodeDefList([b, c])
  const signature = Buffer.from([(1 << 3) | 2, 3, (1 << 3) | 2, 1, 0x66])
  const content = Buffer.concat([signature, body.serializeBinary()])
  const graph = read(graphBytes([a]), bytesField(2, bytesField(1, content)))
  const functions = [...graphFunctions(graph)]
  t.strictSame(
    functions.map(({ name, nodes }) => [name, ...nodes.keys()]),
    [['f', 'b', 'c']],
  )
})

t.test('a graph is spliced: what is unknown survives, devices do not', async (t) => {
  const unknown = bytesField(900, Buffer.from('later'))
  const pinned = new NodeDef()
  pinned.setName('pinned')
  pinned.setOp('NoOp')
  pinned.setDevice('/device:GPU:0')
  const strange = Buffer.concat([makeNode('d', 'NoOp').serializeBinary(), unknown])
  const graph = read(graphBytes([a, pinned, c]), bytesField(1, strange), unknown)
  const untouched = Buffer.from(joinPieces(graphPieces(graph)))
  t.equal(graph.nodes.get('pinned')!.device, '/device:GPU:0')
  t.notOk(untouched.includes('GPU'))
  const changes = joinChanges([
    { remove: new Set(['a']), add: [makeNode('a', 'Const', ['c'])] },
    { remove: new Set(['c']), add: [makeNode('c', 'NoOp')] },
  ])
  const spliced = Buffer.from(joinPieces(graphPieces(graph, changes)))
  t.equal(spliced.toString('latin1').split('later').length, 3)
  const nodes = GraphDef.deserializeBinary(spliced).getNodeList()
  t.strictSame(
    nodes.map((node) => [node.getName(), node.getOp(), node.getDevice()]),
    [
      ['pinned', 'NoOp', ''],
      ['d', 'NoOp', ''],
      ['a', 'Const', ''],
      ['c', 'NoOp', ''],
    ],
  )
})

t.test('changes that do not fit are refused', async (t) => {
  const graph = read(graphBytes([a, c]))
  const remove = new Set<string>()
  const add =
    (...nodes: NodeDef[]) =>
    () =>
      graphPieces(graph, { remove, add: nodes })
  t.throws(add(makeNode('a', 'NoOp')), /already has a node named a/)
  t.throws(add(makeNode('x', 'NoOp', ['^y'])), /has no node y/)
})

t.test('constants are read in every form', async (t) => {
  const rows: readonly [string, NodeDef, readonly number[]][] = [
    ['bytes', makeIntegers('k', [3, -4]), [3, -4]],
    ['one value repeated', listConstant('k', [3], (it) => it.setFloatValList([2])), [2, 2, 2]],
    ['the last repeated', listConstant('k', [3], (it) => it.setFloatValList([1, 2])), [1, 2, 2]],
    ['no values', listConstant('k', [2], () => {}), [0, 0]],
    [
      'int64',
      listConstant('k', [2], (it) => {
        it.setDtype(DataTypeEnum.DT_INT64)
        it.setInt64ValList(['-5', '7'])
      }),
      [-5, 7],
    ],
  ]
  for (const [name, node, expected] of rows) {
    t.strictSame(constNumbers(read(graphBytes([node])), 'k:0'), expected, name)
  }
})

t.test('list values of every type become its bytes', async (t) => {
  const { DT_HALF, DT_DOUBLE, DT_BOOL, DT_UINT32, DT_UINT64, DT_INT8, DT_INT16 } = DataTypeEnum
  const rows: readonly [number, (it: TensorProto) => void, readonly number[]][] = [
    [DT_HALF, (it) => it.setHalfValList([0x3c00]), [0, 0x3c, 0, 0x3c]],
    [DT_BOOL, (it) => it.setBoolValList([true, false]), [1, 0]],
    [DT_UINT32, (it) => it.setUint32ValList([1]), [1, 0, 0, 0, 1, 0, 0, 0]],
    [DT_INT8, (it) => it.setIntValList([-1, 2]), [255, 2]],
    [DT_INT16, (it) => it.setIntValList([-1]), [255, 255, 255, 255]],
    [
      DT_UINT64,
      (it) => it.setUint64ValList(['9']),
      [9, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0],
    ],
    [
      DT_DOUBLE,
      (it) => it.setDoubleValList([1]),
      [0, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 240, 63],
    ],
  ]
  for (const [dtype, fill, expected] of rows) {
    const node = listConstant('k', [2], (it) => {
      it.setDtype(dtype as 1)
      fill(it)
    })
    const graph = read(graphBytes([node]))
    const data = constData(graph, readConst(graph, graph.nodes.get('k')!))
    t.strictSame([...joinPieces([data])], expected, `type ${dtype}`)
  }
})

t.test('settings are found through Identity and Enter', async (t) => {
  const graph = read(
    graphBytes([
      makeIntegers('k', 5),
      makeNode('enter', 'Enter', ['k']),
      makeNode('same', 'Identity', ['enter:0']),
      makeNode('other', 'Shape', ['k']),
    ]),
  )
  t.strictSame(constNumbers(graph, 'same'), [5])
  t.equal(constNumbers(graph, 'other'), undefined)
  t.equal(constNumbers(graph, 'none'), undefined)
  t.equal(constTexts(graph, 'k'), undefined)
})

t.test('constants of texts are read', async (t) => {
  const tensor = new TensorProto()
  tensor.setDtype(DataTypeEnum.DT_STRING)
  tensor.setTensorShape(toShape([2]))
  tensor.setStringValList([Buffer.from('ä'), Buffer.from('')])
  const value = new AttrValue()
  value.setTensor(tensor)
  const graph = read(graphBytes([makeNode('k', 'Const', [], { value })]))
  t.strictSame(constTexts(graph, 'k'), ['ä', ''])
  t.equal(
    constNumbers(read(graphBytes([makeConstant('k', 'DT_UINT8', [1], Buffer.of(1))])), 'k'),
    undefined,
  )
})

t.test('damaged constants are refused by name', async (t) => {
  const wrong = read(graphBytes([makeConstant('k', 'DT_FLOAT', [3], Buffer.alloc(8))]))
  t.throws(() => constNumbers(wrong, 'k'), /constant k has 8 bytes .*\[3\] needs 12/)
  const none = read(graphBytes([makeNode('k', 'Const')]))
  t.throws(() => constNumbers(none, 'k'), /constant k has no value/)
  const text = read(graphBytes([makeNode('k', 'Const', [], { value: textAttribute('x') })]))
  t.throws(() => constNumbers(text, 'k'), /constant k has no value/)
})

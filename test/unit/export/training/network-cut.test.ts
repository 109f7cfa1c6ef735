import t from 'tap'
import { bufferSource } from '../../../../src/export/byte-source.js'
import { readGraph } from '../../../../src/export/graph.js'
import {
  makeConstant,
  makeFloats,
  makeIntegers,
  makeNode,
  shapeAttribute,
  typeAttribute,
} from '../../../../src/export/node-builder.js'
import type { NodeDef } from '../../../../src/export/stubs.js'
import { cutNetwork } from '../../../../src/export/training/network-cut.js'
import { graphBytes } from '../fixtures.js'
import { shaped } from './training-fixtures.js'

const FLOAT = typeAttribute('DT_FLOAT')
const SCOPE = 'FeatureExtractor/BatchNorm'
const SHAPE = [4, 2, 2, 3]

function cut(nodes: readonly NodeDef[], head: string, options = {}) {
  const bytes = graphBytes(nodes)
  const graph = readGraph(bufferSource('a.meta', bytes), [{ start: 0, end: bytes.length }])
  const found = cutNetwork(graph, { heads: [head], batch: 4, images: 'images', ...options })
  return { ...found, byName: new Map(found.nodes.map((node) => [node.getName(), node])) }
}

const op = (name: string, kind: string, inputs: string[], shape = SHAPE) =>
  shaped(makeNode(name, kind, inputs, { T: FLOAT }), shape)

const input = shaped(makeNode('batch', 'QueueDequeueV2'), SHAPE)

function variable(name: string, isResource: boolean): NodeDef[] {
  const attributes = { dtype: FLOAT, shape: shapeAttribute([3]) }
  return isResource
    ? [
        makeNode(name, 'VarHandleOp', [], attributes),
        makeNode(`${name}/Read`, 'ReadVariableOp', [name], { dtype: FLOAT }),
      ]
    : [
        makeNode(name, 'VariableV2', [], attributes),
        makeNode(`${name}/Read`, 'Identity', [name], { T: FLOAT }),
      ]
}

t.test('batch normalization written out in single ops', async (t) => {
  for (const isResource of [false, true]) {
    const nodes = [
      input,
      ...['moving_mean', 'moving_variance'].flatMap((name) =>
        variable(`${SCOPE}/${name}`, isResource),
      ),
      op(`${SCOPE}/moments/mean`, 'Mean', ['batch']),
      op(`${SCOPE}/moments/Squeeze`, 'Squeeze', [`${SCOPE}/moments/mean`], [3]),
      op(`${SCOPE}/moments/Squeeze_1`, 'Squeeze', [`${SCOPE}/moments/mean`], [3]),
      op(
        `${SCOPE}/AssignMovingAvg/sub`,
        'Sub',
        [`${SCOPE}/moving_mean/Read`, `${SCOPE}/moments/Squeeze`],
        [3],
      ),
      // Either side of the difference may come first.
      op(
        `${SCOPE}/AssignMovingAvg_1/sub`,
        'Sub',
        [`${SCOPE}/moments/Squeeze_1`, `${SCOPE}/moving_variance/Read`],
        [3],
      ),
      op(`${SCOPE}/batchnorm/sub`, 'Sub', ['batch', `${SCOPE}/moments/Squeeze`]),
      op(`${SCOPE}/batchnorm/mul`, 'Mul', [
        `${SCOPE}/batchnorm/sub`,
        `${SCOPE}/moments/Squeeze_1:0`,
      ]),
    ]
    const { byName, variables } = cut(nodes, `${SCOPE}/batchnorm/mul`)
    t.strictSame(byName.get(`${SCOPE}/batchnorm/sub`)?.getInputList(), [
      'images',
      `${SCOPE}/moving_mean/Read`,
    ])
    t.strictSame(byName.get(`${SCOPE}/batchnorm/mul`)?.getInputList(), [
      `${SCOPE}/batchnorm/sub`,
      `${SCOPE}/moving_variance/Read`,
    ])
    t.notOk(byName.has(`${SCOPE}/moments/mean`), 'the statistics of the batch are gone')
    t.equal(byName.get(`${SCOPE}/moving_mean/Read`)?.getOp(), 'Identity')
    t.strictSame(variables, [`${SCOPE}/moving_mean`, `${SCOPE}/moving_variance`])
  }
})

t.test('fused batch normalization', async (t) => {
  const fused = (attributes = {}, weights = 'gamma') => [
    input,
    ...['gamma', 'moving_mean', 'moving_variance'].flatMap((name) =>
      variable(`${SCOPE}/${name}`, false),
    ),
    makeConstant('empty', 'DT_FLOAT', [0], new Uint8Array()),
    makeNode(
      `${SCOPE}/FusedBatchNorm`,
      'FusedBatchNorm',
      ['batch', `${SCOPE}/${weights}/Read`, `${SCOPE}/${weights}/Read`, 'empty', 'empty'],
      { T: FLOAT, ...attributes },
    ),
  ]
  t.test('without updates takes the averages beside its weights', async (t) => {
    // An absent is_training means true.
    const { byName } = cut(fused(), `${SCOPE}/FusedBatchNorm`)
    const norm = byName.get(`${SCOPE}/FusedBatchNorm`)!
    t.strictSame(norm.getInputList().slice(3), [`${SCOPE}/moving_mean`, `${SCOPE}/moving_variance`])
    t.equal(norm.getAttrMap().get('is_training')?.getB(), false)
  })
  t.test('without averages is refused', async (t) => {
    const nodes = fused().filter((node) => !node.getName().includes('moving_variance'))
    t.throws(() => cut(nodes, `${SCOPE}/FusedBatchNorm`), {
      name: 'ExportError',
      message: /FusedBatchNorm has no moving averages \(moving_variance\)/,
    })
  })
})

t.test('dropout of older releases', async (t) => {
  const scope = 'BoxPredictor_0/Dropout/dropout'
  const nodes = [
    input,
    op('FeatureExtractor/Relu', 'Relu', ['batch']),
    makeFloats(`${scope}/keep_prob`, 0.8),
    op(`${scope}/div`, 'RealDiv', ['FeatureExtractor/Relu', `${scope}/keep_prob`]),
    makeNode(`${scope}/random_uniform/RandomUniform`, 'RandomUniform', []),
    op(`${scope}/add`, 'Add', [`${scope}/keep_prob`, `${scope}/random_uniform/RandomUniform`]),
    op(`${scope}/Floor`, 'Floor', [`${scope}/add`]),
    op(`${scope}/mul`, 'Mul', [`${scope}/div`, `${scope}/Floor`]),
  ]
  const { byName } = cut(nodes, `${scope}/mul`)
  t.strictSame([...byName.keys()].sort(), [`${scope}/mul`, 'FeatureExtractor/Relu'])
  t.strictSame(byName.get(`${scope}/mul`)?.getInputList(), ['FeatureExtractor/Relu'])
})

t.test('the batch size in constants', async (t) => {
  const reshape = (target: readonly number[], shape: readonly number[]) => [
    input,
    op('FeatureExtractor/Relu', 'Relu', ['batch']),
    makeIntegers('FeatureExtractor/shape', target),
    shaped(
      makeNode(
        'FeatureExtractor/Reshape',
        'Reshape',
        ['FeatureExtractor/Relu', 'FeatureExtractor/shape'],
        { T: FLOAT },
      ),
      shape,
    ),
    makeNode(
      'FeatureExtractor/Reshape_1',
      'Reshape',
      ['FeatureExtractor/Reshape', 'FeatureExtractor/shape'],
      { T: FLOAT },
    ),
  ]
  const shapeIn = (nodes: NodeDef[]) => {
    const { byName } = cut(nodes, 'FeatureExtractor/Reshape')
    const [, target] = byName.get('FeatureExtractor/Reshape')!.getInputList()
    const tensor = byName.get(target!)!.getAttrMap().get('value')!.getTensor()!
    return [...new Int32Array(Uint8Array.from(tensor.getTensorContent_asU8()).buffer)]
  }
  t.strictSame(shapeIn(reshape([4, 12], [4, 12])), [-1, 12], 'is freed')
  t.strictSame(shapeIn(reshape([4, -1, 6], [4, 2, 6])), [-1, 2, 6], 'beside a free size')
  t.strictSame(shapeIn(reshape([2, 24], [2, 24])), [2, 24], 'another number stays')
  t.throws(() => shapeIn(reshape([4, -1], [4, -1])), /reshapes to \[4,-1\]/)

  const zeros = shaped(
    makeConstant('FeatureExtractor/zeros', 'DT_FLOAT', SHAPE, new Uint8Array(192)),
    SHAPE,
  )
  const nodes = [
    input,
    zeros,
    makeIntegers('axis', 1),
    op('FeatureExtractor/concat', 'ConcatV2', ['batch', 'FeatureExtractor/zeros', 'axis']),
  ]
  t.throws(
    () => cut(nodes, 'FeatureExtractor/concat'),
    /zeros \[4,2,2,3\].*batch size 4.*pad_to_multiple/,
  )
})

t.test('paddings that are computed from the size of the image', async (t) => {
  // Dilated convolutions of images of any size: sizes modulo the dilation.
  const nodes = [
    input,
    op('FeatureExtractor/Shape', 'Shape', ['batch'], [4]),
    op('FeatureExtractor/paddings/mod', 'FloorMod', ['FeatureExtractor/Shape', 'block'], [2]),
    makeIntegers('block', [2, 2]),
    op('FeatureExtractor/SpaceToBatchND', 'SpaceToBatchND', [
      'batch',
      'block',
      'FeatureExtractor/paddings/mod',
    ]),
  ]
  const { byName } = cut(nodes, 'FeatureExtractor/SpaceToBatchND')
  t.equal(byName.get('FeatureExtractor/paddings/mod')?.getOp(), 'FloorMod')
})

t.test('one batch of images enters', async (t) => {
  const other = shaped(makeNode('other', 'QueueDequeueV2'), SHAPE)
  const nodes = [input, other, op('FeatureExtractor/add', 'AddV2', ['batch', 'other'])]
  t.throws(() => cut(nodes, 'FeatureExtractor/add'), /one batch of images.*other/)
  const { entry } = cut(
    [input, op('FeatureExtractor/Relu', 'Relu', ['batch'])],
    'FeatureExtractor/Relu',
  )
  t.strictSame(entry, { tensor: 'batch', shape: SHAPE })
})

t.test('borders end the cut', async (t) => {
  const nodes = [input, op('a', 'Relu', ['batch']), op('b', 'Relu', ['a'])]
  const { byName } = cut(nodes, 'b', { images: undefined, borders: new Map([['a', 'mine']]) })
  t.strictSame([...byName.keys()], ['b'])
  t.strictSame(byName.get('b')?.getInputList(), ['mine'])
})

import t from 'tap'
import { bufferSource } from '../../../src/export/byte-source.js'
import { countClasses } from '../../../src/export/class-count.js'
import { type Graph, readGraph } from '../../../src/export/graph.js'
import { makeFloats, makeIntegers, makeNode } from '../../../src/export/node-builder.js'
import { findResizer } from '../../../src/export/resizer.js'
import { FunctionDef, type NodeDef } from '../../../src/export/stubs.js'
import { bytesField } from '../../../src/export/wire-writer.js'
import { detectorNodes, graphBytes, variableNodes } from './fixtures.js'

function graphOf(nodes: readonly NodeDef[], inFunction: readonly NodeDef[] = []): Graph {
  const body = new FunctionDef()
  body.setNodeDefList([...inFunction])
  const library = bytesField(2, bytesField(1, body.serializeBinary()))
  const bytes = Buffer.concat([graphBytes(nodes), inFunction.length > 0 ? library : Buffer.of()])
  return readGraph(bufferSource('x.pb', bytes), [{ start: 0, end: bytes.length }])
}

const input = makeNode('image_tensor', 'Placeholder')
const size = makeIntegers('size', [20, 30])
const resize = (from: string, to = 'size', name = 'resize') =>
  makeNode(name, 'ResizeBilinear', [from, to])

/** What keep_aspect_ratio_resizer consists of, as far as it is looked at. */
function keepAspect(scope: string, minSide: number, maxSide: number): NodeDef[] {
  const division = (name: string, op: string, side: number) => [
    makeFloats(`${scope}/${name}/side`, side),
    makeNode(`${scope}/${name}`, op, ['height', 'width']),
    makeNode(`${scope}/${name}/div`, 'RealDiv', [`${scope}/${name}/side`, `${scope}/${name}`]),
  ]
  return [...division('low', 'Minimum', minSide), ...division('high', 'Maximum', maxSide)]
}

const fixed = { kind: 'fixed', size: [20, 30] }

t.test('a resizer is found by its structure', async (t) => {
  const packed = [
    makeIntegers('h', 20),
    makeIntegers('w', 30),
    makeNode('size', 'Pack', ['h', 'w']),
  ]
  const loop = [
    makeNode('scatter', 'TensorArrayScatterV3', ['array', 'range', 'image_tensor', 'flow']),
    makeNode('enter', 'Enter', ['scatter']),
    makeNode('read', 'TensorArrayReadV3', ['handle', 'index', 'enter']),
    makeNode('expand', 'ExpandDims', ['read', 'axis']),
  ]
  const conv = makeNode('conv', 'Conv2D', ['image_tensor'])
  const chain = Array.from({ length: 20 }, (_, i) =>
    makeNode(`i${i}`, 'Identity', [i === 0 ? 'image_tensor' : `i${i - 1}`]),
  )
  const range = keepAspect('Preprocessor/ResizeToRange', 600, 1024)
  const rows: readonly [string, readonly NodeDef[], unknown][] = [
    ['none', [input], undefined],
    ['of the placeholder', [input, size, resize('image_tensor')], fixed],
    ['with a packed size', [input, ...packed, resize('image_tensor')], fixed],
    ['in a loop', [input, size, ...loop, resize('expand')], fixed],
    ['by its scope', [input, size, conv, resize('conv', 'size', 'Preprocessor/r')], fixed],
    ['of features only', [input, size, conv, resize('conv')], undefined],
    ['too far away', [input, size, ...chain, resize('i19')], undefined],
    ['two', [input, size, resize('image_tensor'), resize('image_tensor', 'size', 'b')], undefined],
    [
      'of a size that is computed',
      [input, makeNode('size', 'Shape'), resize('image_tensor')],
      undefined,
    ],
    ['of no inputs', [input, size, makeNode('resize', 'ResizeBilinear')], undefined],
    ['keep aspect', [input, ...range], { kind: 'keep-aspect', minSide: 600, maxSide: 1024 }],
    ['keep aspect without a limit', [input, ...range.slice(0, 3)], undefined],
    ['keep aspect elsewhere', [input, ...keepAspect('Other', 1, 2)], undefined],
  ]
  for (const [name, nodes, expected] of rows)
    t.strictSame(findResizer(graphOf(nodes)), expected, name)
})

t.test('functions are looked into', async (t) => {
  const rows: readonly [string, readonly NodeDef[], unknown][] = [
    ['fixed', [size, resize('input_tensor')], fixed],
    ['not of an image', [size, resize('features')], undefined],
    [
      'keep aspect',
      keepAspect('ResizeToRange', 5, 9),
      { kind: 'keep-aspect', minSide: 5, maxSide: 9 },
    ],
  ]
  for (const [name, nodes, expected] of rows) {
    t.strictSame(findResizer(graphOf([input], nodes)), expected, name)
  }
})

t.test('classes are counted by the sizes of the heads', async (t) => {
  const biases = (name: string, count: number) =>
    makeFloats(
      `${name}/biases`,
      Array.from({ length: count }, () => 0),
    )
  const second = 'SecondStageBoxPredictor'
  const shared = 'WeightSharedConvolutionalBoxPredictor'
  const rows: readonly [string, readonly NodeDef[], number | undefined][] = [
    ['SSD', detectorNodes(), 3],
    ['variables', variableNodes().nodes, 3],
    ['shared', [biases(`${shared}/ClassPredictor`, 546), biases(`${shared}/BoxPredictor`, 24)], 90],
    [
      'Faster R-CNN',
      [
        biases('FirstStageBoxPredictor/ClassPredictor', 24),
        biases('FirstStageBoxPredictor/BoxEncodingPredictor', 48),
        biases(`${second}/ClassPredictor`, 91),
        biases(`${second}/BoxEncodingPredictor`, 360),
      ],
      90,
    ],
    ['other names', [input], undefined],
    ['no boxes', [biases('a/ClassPredictor', 8)], undefined],
    [
      'sizes that do not fit',
      [biases('a/ClassPredictor', 9), biases('a/BoxPredictor', 8)],
      undefined,
    ],
    [
      'a scalar',
      [makeFloats('a/ClassPredictor/biases', 1), biases('a/BoxPredictor', 8)],
      undefined,
    ],
  ]
  for (const [name, nodes, expected] of rows) {
    t.equal(countClasses(graphOf(nodes)), expected, name)
  }
})

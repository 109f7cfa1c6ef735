import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeFrozenGraph } from '../../../src/export/frozen-graph.js'
import {
  makeFloats,
  makeIntegers,
  makeNode,
  typeAttribute,
} from '../../../src/export/node-builder.js'
import type { NodeDef } from '../../../src/export/stubs.js'
import { verifyBundle } from '../../../src/export/tensor-bundle-check.js'
import { readBundleIndex } from '../../../src/export/tensor-bundle-reader.js'
import {
  type DetectorOptions,
  detectorNodes,
  graphBytes,
  put,
  WEIGHT,
  writtenModel,
} from './fixtures.js'

function putGraph(directory: string, nodes: readonly NodeDef[] = detectorNodes()): string {
  return put(directory, 'frozen.pb', graphBytes(nodes))
}

t.test('a detector is served with its constants', async (t) => {
  const directory = t.testdir()
  const written = await writeFrozenGraph(putGraph(directory), join(directory, '1'))
  t.strictSame(written.input, {
    name: 'inputs',
    tensor: 'image_tensor:0',
    dtype: 'DT_UINT8',
    shape: [-1, -1, -1, 3],
  })
  t.strictSame(
    written.signature.outputs.map(({ name, dtype, shape }) => [name, dtype, shape]),
    [
      ['detection_boxes', 'DT_FLOAT', [-1, -1, 4]],
      ['detection_classes', 'DT_FLOAT', [-1, -1]],
      ['detection_scores', 'DT_FLOAT', [-1, -1]],
      ['num_detections', 'DT_FLOAT', [-1]],
    ],
  )
  t.strictSame(written.resizer, { kind: 'fixed', size: [30, 40] })
  t.equal(written.classes, 3)
  t.equal(written.variables, 0)
  const { metaGraph, nodes } = writtenModel(join(directory, '1'))
  t.strictSame([...metaGraph.getSignatureDefMap().keys()], ['serving_default'])
  t.equal(metaGraph.hasSaverDef(), false)
  t.equal(nodes.size, detectorNodes().length)
  t.notOk(existsSync(join(directory, '1', 'variables')))
})

t.test('weights become variables that are read under their old names', async (t) => {
  const directory = t.testdir()
  const version = join(directory, '1')
  const written = await writeFrozenGraph(putGraph(directory), version, { variables: true })
  t.equal(written.variables, 2)
  const index = readBundleIndex(join(version, 'variables', 'variables'))
  await verifyBundle(index)
  t.strictSame(index.entries.get(WEIGHT)?.shape, [8])
  const { metaGraph, nodes } = writtenModel(version)
  const handle = nodes.get(`${WEIGHT}/handle`)
  t.equal(nodes.get(WEIGHT)?.getOp(), 'ReadVariableOp')
  t.equal(handle?.getOp(), 'VarHandleOp')
  t.equal(Buffer.from(handle!.getAttrMap().get('shared_name')!.getS_asU8()).toString(), WEIGHT)
  t.equal(nodes.get('scalar')?.getOp(), 'Const')
  t.equal(nodes.get('Preprocessor/size')?.getOp(), 'Const')
  t.equal(metaGraph.getSaverDef()?.getRestoreOpName(), 'save/restore_all')
  const restored = nodes.get('save/restore_all')!.getInputList()
  t.strictSame(restored, ['^save/AssignVariableOp_0', '^save/AssignVariableOp_1'])
})

t.test('without names that tell, every vector of floats is a weight', async (t) => {
  const directory = t.testdir()
  const inLoop = makeFloats('in_loop', [1, 2])
  inLoop.setInputList(['^scalar'])
  const nodes = detectorNodes().filter((node) => !node.getName().endsWith('/read'))
  const file = putGraph(directory, [...nodes, inLoop, makeNode('save/x', 'NoOp')])
  const written = await writeFrozenGraph(file, join(directory, '1'), { variables: true })
  t.equal(written.variables, 2)
  const { nodes: found, metaGraph } = writtenModel(join(directory, '1'))
  t.equal(found.get('in_loop')?.getOp(), 'Const')
  t.equal(metaGraph.getSaverDef()?.getRestoreOpName(), 'save_1/restore_all', 'the scope is free')
})

t.test('a graph without weights has none to put into variables', async (t) => {
  const directory = t.testdir()
  const nodes = detectorNodes().filter((node) => !node.getName().startsWith('BoxPredictor'))
  const file = putGraph(directory, nodes)
  const written = writeFrozenGraph(file, join(directory, '1'), { variables: true })
  await t.rejects(written, /frozen\.pb: --variables: .* no floating-point constants/)
})

t.test('images are decoded in the graph when asked for', async (t) => {
  const rows: readonly [string, DetectorOptions, readonly number[], boolean][] = [
    ['free size', {}, [-1], false],
    ['fixed size', { inputShape: [1, 30, 40, 3] }, [1], true],
    ['grey', { inputShape: [-1, -1, -1, 1] }, [-1], false],
    ['TensorFlow 2', { inputName: 'input_tensor', inputShape: [1, -1, -1, 3] }, [1], false],
  ]
  for (const [name, options, shape, resizes] of rows) {
    const directory = t.testdir({ [name]: {} })
    const file = putGraph(join(directory, name), detectorNodes(options))
    const version = join(directory, name, '1')
    const written = await writeFrozenGraph(file, version, { input: 'encoded' })
    t.equal(written.input.dtype, 'DT_STRING', name)
    t.equal(written.input.tensor, 'encoded_image_string_tensor:0', name)
    t.strictSame(written.input.shape, shape, name)
    const { nodes } = writtenModel(version)
    const input = nodes.get(options.inputName ?? 'image_tensor')
    t.equal(input?.getOp(), 'PlaceholderWithDefault', name)
    t.strictSame(input?.getInputList(), ['EncodedInput/map/stack'], name)
    t.equal(nodes.has('EncodedInput/map/while/ResizeBilinear'), resizes, name)
  }
})

t.test('an input that is no pixels gets no decoder', async (t) => {
  const rows: readonly [string, DetectorOptions, RegExp][] = [
    ['floats', { inputType: 'DT_FLOAT' }, /image_tensor is DT_FLOAT/],
    ['three dimensions', { inputShape: [-1, -1, 3] }, /has the shape \[-1,-1,3\]/],
    ['four channels', { inputShape: [-1, -1, -1, 4] }, /has the shape \[-1,-1,-1,4\]/],
    ['an unknown rank', { inputShape: undefined }, /shape of an unknown rank/],
  ]
  const directory = t.testdir()
  for (const [name, options, message] of rows) {
    const file = putGraph(directory, detectorNodes(options))
    await t.rejects(
      writeFrozenGraph(file, join(directory, '1'), { input: 'encoded' }),
      message,
      name,
    )
  }
})

t.test('a graph that takes files keeps doing so', async (t) => {
  const directory = t.testdir()
  const options = { inputName: 'encoded_image_string_tensor', inputShape: [-1] } as const
  const file = putGraph(directory, detectorNodes({ ...options, inputType: 'DT_STRING' }))
  for (const input of ['encoded', undefined] as const) {
    const written = await writeFrozenGraph(file, join(directory, '1'), { input })
    t.equal(written.input.dtype, 'DT_STRING', `${input}`)
  }
  const asked = writeFrozenGraph(file, join(directory, '1'), { input: 'pixels' })
  await t.rejects(asked, /takes encoded images/)
})

t.test('a graph that is no detector lists what it has', async (t) => {
  const dtype = typeAttribute('DT_FLOAT')
  const without = (name: string) => detectorNodes().filter((node) => node.getName() !== name)
  const rows: readonly [string, readonly NodeDef[], RegExp][] = [
    [
      'a classifier',
      [makeNode('x', 'Placeholder', [], { dtype }), makeNode('softmax', 'Softmax', ['x'])],
      /no node image_tensor or .*placeholders: x.*reads: softmax \(Softmax\)/,
    ],
    [
      'no boxes',
      without('detection_boxes'),
      /no node detection_boxes\. Its placeholders: image_tensor \[/,
    ],
    ['nothing', [makeIntegers('k', 1)], /placeholders: none.*reads: none/],
    [
      'TensorFlow Lite',
      [...detectorNodes(), makeNode('TFLite_Detection_PostProcess', 'X')].filter(
        (node) => node.getName() !== 'detection_boxes',
      ),
      /made for TensorFlow Lite/,
    ],
    [
      'records',
      [makeNode('tf_example', 'Placeholder', [], { dtype })],
      /takes serialized tf\.Example/,
    ],
    [
      'many loose ends',
      Array.from({ length: 12 }, (_, i) => makeNode(`n${i}`, 'Softmax')),
      /n7 \(Softmax\), and 4 more/,
    ],
  ]
  const directory = t.testdir()
  for (const [name, nodes, message] of rows) {
    await t.rejects(
      writeFrozenGraph(putGraph(directory, nodes), join(directory, '1')),
      message,
      name,
    )
  }
})

t.test('a cut graph leaves nothing behind', async (t) => {
  const directory = t.testdir()
  const bytes = graphBytes(detectorNodes())
  const file = put(directory, 'cut.pb', bytes.subarray(0, -10))
  await t.rejects(writeFrozenGraph(file, join(directory, '1')), /cut\.pb: truncated/)
  t.notOk(existsSync(join(directory, '1')))
})

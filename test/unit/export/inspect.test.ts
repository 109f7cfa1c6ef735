import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeTensorInfo } from '../../../src/export/detection-signature.js'
import { inspectPath } from '../../../src/export/inspect.js'
import { inspectionText } from '../../../src/export/inspection-text.js'
import { makeConstant, makeNode } from '../../../src/export/node-builder.js'
import { opNotes } from '../../../src/export/op-notes.js'
import { DataTypeEnum, NodeDef, SignatureDef } from '../../../src/export/stubs.js'
import {
  detectorNodes,
  graphBytes,
  put,
  putCheckpoint,
  putSavedModel,
  putVariables,
  variableNodes,
} from './fixtures.js'

t.test('a frozen graph is told with the signature it would get', async (t) => {
  const path = put(t.testdir(), 'g.pb', graphBytes(detectorNodes()))
  const inspection = await inspectPath(path)
  t.equal(inspection.kind, 'frozen-graph')
  t.strictSame(inspection.problems, [])
  t.strictSame(
    inspection.signatures.map(({ name }) => name),
    ['serving_default'],
  )
  t.strictSame(inspection.graph?.placeholders, [
    { name: 'image_tensor', dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] },
  ])
  t.strictSame(inspection.graph?.constants, { count: 4, bytes: 8 + 32 + 32 + 4 })
  t.strictSame(inspection.graph?.ops[0], { op: 'Identity', count: 6 })
  t.equal(inspection.graph?.classes, 3)
  t.strictSame(JSON.parse(JSON.stringify(inspection)), inspection)
  const text = inspectionText(inspection)
  for (const line of [
    `${path}: frozen graph`,
    'signature (as export writes it): serving_default (tensorflow/serving/predict)',
    '  input  inputs: DT_UINT8 [?, ?, ?, 3] (image_tensor:0)',
    'variables: none',
    'resizer: fixed, 30 x 40 (height x width)',
    'classes: 3',
    'can be exported: yes',
  ]) {
    t.ok(text.split('\n').includes(line), line)
  }
})

t.test('a graph that cannot be exported is told all the same', async (t) => {
  const many = Array.from({ length: 12 }, (_, i) => makeNode(`n${i}`, `Op${i}`))
  const pinned = new NodeDef()
  pinned.setName('gpu')
  pinned.setOp('DecodeImage')
  pinned.setDevice('/device:GPU:0')
  const large = makeConstant('large', 'DT_UINT8', [3 * 1024 ** 2], Buffer.alloc(3 * 1024 ** 2))
  const path = put(
    t.testdir(),
    'g.pb',
    graphBytes([...many, pinned, large, makeNode('x', 'Placeholder')]),
  )
  const inspection = await inspectPath(path)
  t.match(inspection.problems, [/is not a detector/])
  t.strictSame(inspection.signatures, [])
  const text = inspectionText(inspection)
  t.match(text, /placeholder: x: DT_INVALID \[\.\.\.\]/)
  t.match(text, /constants: 1, 3\.0 MiB/)
  t.match(text, /, and 5 more\n {2}DecodeImage is in TF-Serving 2\.3 and later/)
  t.match(text, /pinned to devices: \/device:GPU:0/)
  t.match(text, /resizer: none found\nclasses: not told/)
  t.match(text, /can be exported: no\n {2}.*is not a detector/)
})

t.test('a checkpoint is told with its weights', async (t) => {
  const prefix = await putCheckpoint(t.testdir())
  const inspection = await inspectPath(prefix)
  t.strictSame(inspection.problems, [])
  t.equal(inspection.tensorflowVersion, '1.13.1')
  t.strictSame(inspection.variables[0], {
    name: 'BoxPredictor_0/BoxEncodingPredictor/biases',
    dtype: 'DT_FLOAT',
    shape: [8],
    bytes: 32,
  })
  t.match(inspectionText(inspection), /written by: TensorFlow 1\.13\.1/)
  t.match(inspectionText(inspection), /variables: 2, 64 bytes; the largest:\n {2}BoxPredictor/)
  writeFileSync(`${prefix}.data-00000-of-00001`, Buffer.alloc(64))
  t.match((await inspectPath(prefix)).problems, [/checksum/])
  unlinkSync(`${prefix}.meta`)
  const headless = await inspectPath(prefix)
  t.equal(headless.graph, null)
  t.match(headless.problems, [/checksum/, /\.meta: is missing/])
  t.match(inspectionText(headless), /graph: none/)
  writeFileSync(`${prefix}.index`, 'text')
  await t.rejects(inspectPath(prefix), /is truncated or no index/)
})

t.test('a SavedModel is told with all its signatures', async (t) => {
  const directory = t.testdir()
  const signature = new SignatureDef()
  const { DT_FLOAT } = DataTypeEnum
  signature.getInputsMap().set('x', makeTensorInfo('image_tensor', DT_FLOAT, undefined))
  signature.getOutputsMap().set('detection_masks', makeTensorInfo('scalar', DT_FLOAT, []))
  const signatures = { a: signature, b: new SignatureDef() }
  putSavedModel(directory, { ...variableNodes(), signatures, tags: ['train'] })
  await putVariables(join(directory, 'variables', 'variables'))
  const inspection = await inspectPath(directory)
  t.strictSame(
    inspection.signatures.map(({ name }) => name),
    ['a', 'b'],
  )
  t.strictSame(inspection.tags, [['train']])
  t.equal(inspection.variables.length, 2)
  t.match(inspection.problems, [
    /no graph with the tag serve/,
    /not clear which of a, b/,
    /is DT_FLOAT, in the graph/,
  ])
  t.match(inspectionText(inspection), /signature: a\n {2}input {2}x: DT_FLOAT \[\.\.\.\]/)
  t.match(inspectionText(inspection), /detection_masks is never fetched/)
})

t.test('ops that a server may lack are noted once', async (t) => {
  const notes = opNotes(['Conv2D', 'Addons>X', 'PyFunc', 'PyFunc', 'TFText>Y'])
  t.strictSame(
    notes.map(({ op }) => op),
    ['Addons>X', 'PyFunc'],
  )
})

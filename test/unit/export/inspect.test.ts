import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeTensorInfo } from '../../../src/export/detection-signature.js'
import { inspectPath } from '../../../src/export/inspect.js'
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
  writeFileSync(`${prefix}.data-00000-of-00001`, Buffer.alloc(64))
  t.match((await inspectPath(prefix)).problems, [/checksum/])
  unlinkSync(`${prefix}.meta`)
  const headless = await inspectPath(prefix)
  t.equal(headless.graph, null)
  t.match(headless.problems, [/\.meta: is missing/, /checksum/])
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
})

t.test('ops that a server may lack are noted once', async (t) => {
  const notes = opNotes(['Conv2D', 'Addons>X', 'PyFunc', 'PyFunc', 'TFText>Y'])
  t.strictSame(
    notes.map(({ op }) => op),
    ['Addons>X', 'PyFunc'],
  )
})

import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { filesBelow } from '../../../src/export/copy-file.js'
import { makeTensorInfo } from '../../../src/export/detection-signature.js'
import { makeNode, typeAttribute } from '../../../src/export/node-builder.js'
import { writeSavedModelSource } from '../../../src/export/saved-model-source.js'
import {
  AttrValue,
  type DataTypeCode,
  DataTypeEnum,
  type MetaGraphDef,
  SignatureDef,
} from '../../../src/export/stubs.js'
import { bytesField } from '../../../src/export/wire-writer.js'
import {
  detectorNodes,
  put,
  putSavedModel,
  putVariables,
  type SavedModelParts,
  variableNodes,
  writtenModel,
} from './fixtures.js'

const { DT_FLOAT, DT_INT32, DT_UINT8 } = DataTypeEnum

function signatureOf(
  input = 'image_tensor',
  output = 'detection_boxes',
  dtype: DataTypeCode = DT_FLOAT,
) {
  const signature = new SignatureDef()
  signature.setMethodName('tensorflow/serving/predict')
  signature.getInputsMap().set('images', makeTensorInfo(input, DT_UINT8, [-1, -1, -1, 3]))
  signature.getOutputsMap().set('detection_boxes', makeTensorInfo(output, dtype, undefined))
  return signature
}

const parts: SavedModelParts = {
  nodes: detectorNodes(),
  signatures: { serving_default: signatureOf() },
}

async function putVariableModel(directory: string, change: Partial<SavedModelParts> = {}) {
  putSavedModel(directory, { ...parts, ...variableNodes(), ...change })
  await putVariables(join(directory, 'variables', 'variables'))
  return directory
}

t.test('a model is copied with what belongs to it and nothing else', async (t) => {
  const directory = t.testdir()
  const from = await putVariableModel(join(directory, 'from'))
  for (const file of ['assets/a/b.txt', 'assets.extra/x', 'fingerprint.pb', 'README', '.git/x']) {
    put(from, file, file)
  }
  const to = join(directory, 'to')
  const written = await writeSavedModelSource(from, to)
  t.strictSame(await filesBelow(to), [
    'assets.extra/x',
    'assets/a/b.txt',
    'fingerprint.pb',
    'saved_model.pb',
    'variables/variables.data-00000-of-00001',
    'variables/variables.index',
  ])
  t.ok(readFileSync(join(to, 'saved_model.pb')).equals(readFileSync(join(from, 'saved_model.pb'))))
  t.equal(written.variables, 2)
  t.equal(written.input.name, 'images')
  t.equal(written.classes, 3)
  t.strictSame(written.resizer, { kind: 'fixed', size: [30, 40] })
})

t.test('the signature is chosen', async (t) => {
  const directory = t.testdir()
  const other = signatureOf('image_tensor', 'detection_scores')
  other.getOutputsMap().clear()
  const rows: readonly [Readonly<Record<string, SignatureDef>>, string | RegExp][] = [
    [{ serving_default: signatureOf(), detect: signatureOf() }, 'serving_default'],
    [{ only: other, __saved_model_init_op: other }, 'only'],
    [{ other, detect: signatureOf() }, 'detect'],
    [{ a: signatureOf(), b: signatureOf() }, /not clear which of a, b/],
    [{}, /has no signature, so/],
  ]
  for (const [signatures, expected] of rows) {
    const from = putSavedModel(join(directory, 'from'), { ...parts, signatures })
    const written = writeSavedModelSource(from, join(directory, 'to'))
    if (typeof expected === 'string') t.equal((await written).signature.name, expected)
    else await t.rejects(written, expected)
  }
})

t.test('what TF-Serving would find out later is found before', async (t) => {
  const signatures = (signature: SignatureDef) => ({ signatures: { serving_default: signature } })
  const call = makeNode('call', 'StatefulPartitionedCall')
  const inputless = signatureOf()
  inputless.getInputsMap().clear()
  const second = signatureOf()
  second.getOutputsMap().get('detection_boxes')!.setName('call:3')
  const types = new AttrValue.ListValue()
  types.setTypeList([DT_FLOAT, DT_FLOAT])
  const list = new AttrValue()
  list.setList(types)
  call.getAttrMap().set('Tout', list)
  const rows: readonly [string, Partial<SavedModelParts>, RegExp][] = [
    ['other tags', { tags: ['serve', 'gpu'] }, /no graph with the tag serve.*\{serve, gpu\}/],
    ['no tags', { tags: [] }, /only \{\}/],
    [
      'no such input',
      signatures(signatureOf('nothing')),
      /serving_default, images: names the tensor nothing:0/,
    ],
    [
      'no such output',
      signatures(signatureOf('image_tensor', 'x')),
      /detection_boxes: names the tensor x:0/,
    ],
    [
      'another type',
      signatures(signatureOf('image_tensor', 'detection_boxes', DT_INT32)),
      /is DT_INT32, in the graph it is DT_FLOAT/,
    ],
    ['no inputs', signatures(inputless), /has no inputs/],
    [
      'an output too many',
      { nodes: [...detectorNodes(), call], ...signatures(second) },
      /call has 2 outputs/,
    ],
    ['no asset', { change: addAsset }, /assets.words\.txt: is missing/],
  ]
  for (const [name, change, message] of rows) {
    const directory = t.testdir({ [name]: {} })
    const from = putSavedModel(join(directory, name), { ...parts, ...change })
    await t.rejects(writeSavedModelSource(from, join(directory, 'to')), message, name)
    t.notOk(existsSync(join(directory, 'to')), name)
  }
})

function addAsset(metaGraph: MetaGraphDef): void {
  metaGraph.addAssetFileDef().setFilename('words.txt')
}

t.test('examples may have any type: Classify and Regress feed them', async (t) => {
  const directory = t.testdir()
  const regress = signatureOf('image_tensor', 'detection_boxes', DT_INT32)
  regress.setMethodName('tensorflow/serving/regress')
  const signatures = { serving_default: signatureOf(), regress }
  const from = putSavedModel(join(directory, 'from'), { ...parts, signatures })
  const written = await writeSavedModelSource(from, join(directory, 'to'))
  t.equal(written.signature.name, 'serving_default')
})

t.test('variables that cannot be restored are refused', async (t) => {
  const unnamed = variableNodes().nodes
  for (const node of unnamed) node.getAttrMap().del('shared_name')
  const { nodes } = variableNodes()
  const rows: readonly [string, Partial<SavedModelParts>, string | undefined, RegExp][] = [
    ['no index', {}, 'index', /variables\.index: is missing: the graph has 2 variables/],
    ['no data', {}, 'data-00000-of-00001', /data-00000-of-00001: is missing/],
    ['no names', { nodes: unnamed }, undefined, /has no shared_name/],
  ]
  for (const [name, change, missing, message] of rows) {
    const directory = t.testdir({ [name]: {} })
    const from = await putVariableModel(join(directory, name), change)
    if (missing !== undefined) unlinkSync(join(from, 'variables', `variables.${missing}`))
    await t.rejects(writeSavedModelSource(from, join(directory, 'to')), message, name)
  }
  const from = putSavedModel(join(t.testdir(), 'from'), { ...parts, nodes })
  await putVariables(join(from, 'variables', 'variables'))
  await t.rejects(writeSavedModelSource(from, join(from, 'to')), /no saver/)
})

t.test('a TensorFlow 1 graph is rewritten when asked for', async (t) => {
  const directory = t.testdir()
  const from = putSavedModel(join(directory, 'from'), parts)
  const encoded = await writeSavedModelSource(from, join(directory, 'a'), { input: 'encoded' })
  t.equal(encoded.input.dtype, 'DT_STRING')
  t.equal(encoded.input.name, 'images', 'the key stays')
  const thawed = await writeSavedModelSource(from, join(directory, 'b'), { variables: true })
  t.equal(thawed.variables, 2)
  t.ok(existsSync(join(directory, 'b', 'variables', 'variables.index')))
  t.strictSame(writtenModel(join(directory, 'b')).metaGraph.getMetaInfoDef()?.getTagsList(), [
    'serve',
  ])
})

t.test('variables are kept when the input is rewritten', async (t) => {
  const directory = t.testdir()
  const from = await putVariableModel(join(directory, 'from'))
  const options = { input: 'encoded', variables: true } as const
  const written = await writeSavedModelSource(from, join(directory, 'to'), options)
  t.equal(written.variables, 2)
  const { metaGraph } = writtenModel(join(directory, 'to'))
  t.equal(metaGraph.getSaverDef()?.getRestoreOpName(), 'save/restore_all')
})

t.test('what cannot be rewritten says why', async (t) => {
  const objects = bytesField(7, new Uint8Array())
  const variable = makeNode('image_tensor', 'Identity', ['scalar'], {
    T: typeAttribute('DT_UINT8'),
  })
  const nodes = detectorNodes().map((node) => (node.getName() === 'image_tensor' ? variable : node))
  const rows: readonly [string, Partial<SavedModelParts>, RegExp][] = [
    ['TensorFlow 2', { fields: [objects] }, /--input encoded needs a TensorFlow 1 graph/],
    ['no placeholder', { nodes }, /image_tensor:0 is Identity/],
  ]
  for (const [name, change, message] of rows) {
    const directory = t.testdir({ [name]: {} })
    const from = putSavedModel(join(directory, name), { ...parts, ...change })
    const written = writeSavedModelSource(from, join(directory, 'to'), { input: 'encoded' })
    await t.rejects(written, message, name)
  }
})

t.test('a later schema and a damaged file are refused', async (t) => {
  const directory = t.testdir()
  const from = putSavedModel(directory, parts)
  const file = join(from, 'saved_model.pb')
  const content = readFileSync(file)
  writeFileSync(file, Buffer.concat([Buffer.of(8, 2), content.subarray(2)]))
  await t.rejects(writeSavedModelSource(from, join(directory, 'to')), /has the SavedModel schema 2/)
  writeFileSync(file, content.subarray(0, -3))
  await t.rejects(writeSavedModelSource(from, join(directory, 'to')), /saved_model\.pb: truncated/)
  writeFileSync(file, Buffer.of(8, 1))
  await t.rejects(
    writeSavedModelSource(from, join(directory, 'to')),
    /holds no graph \(meta_graphs\)/,
  )
})

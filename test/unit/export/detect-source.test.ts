import { join } from 'node:path'
import t from 'tap'
import { detectSource, listSources } from '../../../src/export/detect-source.js'
import { ExportError } from '../../../src/export/export-error.js'
import { makeNode } from '../../../src/export/node-builder.js'
import { SignatureDef } from '../../../src/export/stubs.js'
import { bytesField, stringField, varintField } from '../../../src/export/wire-writer.js'
import { detectorNodes, graphBytes, put, putCheckpoint, putSavedModel } from './fixtures.js'

const parts = { nodes: detectorNodes(), signatures: { serving_default: new SignatureDef() } }

t.test('a model zoo has all three, the SavedModel first', async (t) => {
  const zoo = t.testdir()
  putSavedModel(join(zoo, 'saved_model'), parts)
  const file = put(zoo, 'frozen_inference_graph.pb', graphBytes(detectorNodes()))
  put(zoo, 'another.pb', graphBytes(detectorNodes()))
  const prefix = await putCheckpoint(zoo)
  t.strictSame(listSources(zoo), [
    { kind: 'saved-model', directory: join(zoo, 'saved_model') },
    { kind: 'frozen-graph', file },
    { kind: 'checkpoint', prefix },
  ])
  t.strictSame(detectSource(join(zoo, 'saved_model', 'saved_model.pb')), listSources(zoo)[0])
  t.strictSame(detectSource(file), { kind: 'frozen-graph', file })
  for (const end of ['', '.meta', '.index', '.data-00000-of-00001']) {
    t.strictSame(detectSource(prefix + end), { kind: 'checkpoint', prefix }, `prefix${end}`)
  }
})

t.test('the newest version of a model is meant by its directory', async (t) => {
  const model = t.testdir({ 'model.json': '{}' })
  for (const version of ['2', '10']) putSavedModel(join(model, version), parts)
  t.strictSame(detectSource(model), { kind: 'saved-model', directory: join(model, '10') })
})

t.test('other files beside a graph do not matter', async (t) => {
  const directory = t.testdir({ 'fingerprint.pb': 'x', 'labels.pb': 'y' })
  const file = put(directory, 'graph.pb', graphBytes(detectorNodes()))
  t.strictSame(listSources(directory), [{ kind: 'frozen-graph', file }])
})

t.test('the newest checkpoint of a directory is taken', async (t) => {
  const index = { 'model.ckpt-9.index': '', 'model.ckpt-10.index': '', 'model.ckpt-100.data': '' }
  const rows: readonly [string, string | undefined, string][] = [
    ['by its number', undefined, 'model.ckpt-10'],
    ['as listed', 'model_checkpoint_path: "model.ckpt-9"\n', 'model.ckpt-9'],
    ['as listed elsewhere', 'model_checkpoint_path: "/home/a/model.ckpt-9"\n', 'model.ckpt-9'],
    ['listed and gone', 'model_checkpoint_path: "model.ckpt-1"\n', 'model.ckpt-10'],
    ['not listed', 'all_model_checkpoint_paths: "x"\n', 'model.ckpt-10'],
  ]
  for (const [name, list, expected] of rows) {
    const directory = t.testdir({ [name]: { ...index, ...(list && { checkpoint: list }) } })
    const prefix = join(directory, name, expected)
    t.strictSame(detectSource(join(directory, name)), { kind: 'checkpoint', prefix }, name)
  }
})

t.test('other files are called by their name', async (t) => {
  const onnx = Buffer.concat([
    varintField(1, 8),
    stringField(2, 'pytorch'),
    bytesField(7, bytesField(1, stringField(3, 'x'))),
  ])
  const meta = bytesField(2, graphBytes([makeNode('a', 'NoOp')]))
  const tar = Buffer.alloc(512)
  tar.write('ustar', 257)
  const rows: readonly [string, Uint8Array | string, RegExp][] = [
    ['empty', '', /is empty/],
    ['zeros', Buffer.alloc(100), /nothing but zeros/],
    ['hdf5', Buffer.from('\x89HDF\r\n\x1a\n....', 'latin1'), /HDF5.*Keras/],
    ['tflite', Buffer.from('\x20\0\0\0TFL3....', 'latin1'), /TensorFlow Lite/],
    ['onnx', onnx, /ONNX/],
    ['zip', 'PK\x03\x04....', /zip archive/],
    ['pickle', Buffer.of(0x80, 2, 0x8a), /pickle/],
    ['gzip', Buffer.of(0x1f, 0x8b, 8), /gzip/],
    ['tar', tar, /tar archive/],
    ['graph as text', '# comment\nnode {\n  name: "a"\n}', /as text \(\.pbtxt\)/],
    ['model as text', 'saved_model_schema_version: 1', /saved_model\.pbtxt/],
    ['config', 'model {\n ssd {', /pipeline\.config/],
    ['list', 'model_checkpoint_path: "x"', /list of checkpoints/],
    ['page', '\n<!DOCTYPE html><html>', /web page/],
    ['xml', '<?xml version="1.0"?>', /OpenVINO/],
    ['json', '{ "format": "graph-model"', /TensorFlow\.js/],
    ['lfs', 'version https://git-lfs.github.com/spec/v1\noid', /Git LFS pointer/],
    ['safetensors', Buffer.from('\x40\0\0\0\0\0\0\0{"a":1}', 'latin1'), /safetensors/],
    ['png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /a picture/],
    ['jpeg', Buffer.of(0xff, 0xd8, 0xff, 0xe0), /a picture/],
    [
      'noise',
      Buffer.from(Array.from({ length: 99 }, (_, i) => 255 - i)),
      /is not a TensorFlow graph/,
    ],
    ['text', 'hello world', /is not a TensorFlow graph/],
    ['numbers', Buffer.concat([varintField(1, 99999), varintField(7, 1)]), /is not a TensorFlow/],
    ['meta graph', meta, /MetaGraphDef under another name/],
    [
      'file of a SavedModel',
      Buffer.concat([varintField(1, 1), bytesField(2, meta)]),
      /Call a SavedModel saved_model\.pb/,
    ],
  ]
  const directory = t.testdir()
  for (const [name, content, message] of rows) {
    const file = put(directory, `${name}.pb`, content)
    t.throws(() => detectSource(file), message, name)
    t.throws(() => detectSource(file), ExportError, name)
  }
})

t.test('a graph that is cut in its first node is still a graph', async (t) => {
  const bytes = graphBytes(detectorNodes())
  const file = put(t.testdir(), 'cut.pb', bytes.subarray(0, 40))
  t.strictSame(detectSource(file), { kind: 'frozen-graph', file })
})

t.test('places with nothing to export say so', async (t) => {
  const directory = t.testdir({
    empty: {},
    text: { 'saved_model.pbtxt': '' },
    only: { 'model.pb': 'PK\x03\x04' },
  })
  t.throws(() => detectSource(join(directory, 'empty')), /holds no SavedModel/)
  t.throws(() => detectSource(join(directory, 'text')), /SavedModel as text/)
  t.throws(() => detectSource(join(directory, 'only')), /only.model\.pb: is a zip archive/)
  t.throws(() => detectSource(join(directory, 'none')), /no such file, directory or checkpoint/)
})

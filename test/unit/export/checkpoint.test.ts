import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeCheckpoint } from '../../../src/export/checkpoint.js'
import { makeNode } from '../../../src/export/node-builder.js'
import { DataTypeEnum, GraphDef, type MetaGraphDef, SaverDef } from '../../../src/export/stubs.js'
import { writeTensorBundle } from '../../../src/export/tensor-bundle-writer.js'
import { putCheckpoint, putVariables, variableNodes, writtenModel } from './fixtures.js'

t.test('weights, graph and saver become a version', async (t) => {
  const directory = t.testdir()
  const prefix = await putCheckpoint(directory)
  const version = join(directory, '1')
  const steps = new Set<string>()
  const written = await writeCheckpoint(prefix, version, { onProgress: (step) => steps.add(step) })
  t.equal(written.variables, 2)
  t.equal(written.classes, 3)
  t.strictSame(written.resizer, { kind: 'fixed', size: [30, 40] })
  t.strictSame([...steps], ['verify', 'write'])
  for (const end of ['index', 'data-00000-of-00001']) {
    const copy = readFileSync(join(version, 'variables', `variables.${end}`))
    t.ok(copy.equals(readFileSync(`${prefix}.${end}`)), end)
  }
  const { metaGraph } = writtenModel(version)
  t.strictSame(metaGraph.getMetaInfoDef()?.getTagsList(), ['serve'], 'other tags are left out')
  t.equal(metaGraph.getMetaInfoDef()?.getTensorflowVersion(), '1.13.1')
  t.equal(metaGraph.getSaverDef()?.getRestoreOpName(), 'save/restore_all')
  t.ok(metaGraph.getSignatureDefMap().has('serving_default'))
})

t.test('images are decoded in the graph when asked for', async (t) => {
  const directory = t.testdir()
  const prefix = await putCheckpoint(directory)
  const written = await writeCheckpoint(prefix, join(directory, '1'), { input: 'encoded' })
  t.equal(written.input.dtype, 'DT_STRING')
  t.equal(
    writtenModel(join(directory, '1')).nodes.get('image_tensor')?.getOp(),
    'PlaceholderWithDefault',
  )
})

t.test('graphs that cannot be restored or served are refused', async (t) => {
  const saver = (change: (saver: SaverDef) => void) => (meta: MetaGraphDef) => {
    const { saver: changed } = variableNodes()
    change(changed)
    meta.setSaverDef(changed)
  }
  const graph =
    (...nodes: readonly [string, string][]) =>
    (meta: MetaGraphDef) => {
      const changed = new GraphDef()
      changed.setNodeList(nodes.map(([name, op]) => makeNode(name, op)))
      meta.setGraphDef(changed)
    }
  const rows: readonly [string, (meta: MetaGraphDef) => void, RegExp][] = [
    ['no saver', (meta) => meta.clearSaverDef(), /no saver/],
    [
      'old format',
      saver((it) => it.setVersion(SaverDef.CheckpointFormatVersion.V1)),
      /old format V1/,
    ],
    ['foreign saver', saver((it) => it.setRestoreOpName('other')), /names the node other/],
    ['no graph', (meta) => meta.clearGraphDef(), /holds no graph/],
    ['queue', graph(['batch', 'QueueDequeueV2']), /training graph \(it has the node batch/],
    ['data', graph(['next', 'IteratorGetNext']), /training graph/],
    ['gradients', graph(['gradients/x', 'Mul']), /training graph \(it has the node gradients\/x/],
    ['update', graph(['train', 'ApplyMomentum']), /training graph/],
    ['no detector', graph(['a', 'Placeholder']), /not a detector.*placeholders: a/],
  ]
  for (const [name, change, message] of rows) {
    const directory = t.testdir({ [name]: {} })
    const prefix = await putCheckpoint(join(directory, name), change)
    await t.rejects(writeCheckpoint(prefix, join(directory, '1')), message, name)
    t.notOk(existsSync(join(directory, '1')), name)
  }
})

t.test('missing and damaged files are named', async (t) => {
  const rows: readonly [string, (prefix: string) => void, RegExp][] = [
    ['no .meta', (prefix) => unlinkSync(`${prefix}.meta`), /\.meta: is missing/],
    ['no .index', (prefix) => unlinkSync(`${prefix}.index`), /\.index: cannot open it/],
    ['no data', (prefix) => unlinkSync(`${prefix}.data-00000-of-00001`), /00001: is missing/],
    ['a cut .meta', (prefix) => cut(`${prefix}.meta`), /\.meta: truncated/],
    ['a cut .index', (prefix) => cut(`${prefix}.index`), /\.index: is truncated/],
    ['cut data', (prefix) => cut(`${prefix}.data-00000-of-00001`), /00001: is truncated/],
    [
      'other data',
      (prefix) => writeFileSync(`${prefix}.data-00000-of-00001`, Buffer.alloc(64)),
      /checksum/,
    ],
    ['nothing', removeBoth, /is no checkpoint/],
  ]
  for (const [name, damage, message] of rows) {
    const directory = t.testdir({ [name]: {} })
    const prefix = await putCheckpoint(join(directory, name))
    damage(prefix)
    await t.rejects(writeCheckpoint(prefix, join(directory, '1')), message, name)
    t.notOk(existsSync(join(directory, '1')), name)
  }
})

function removeBoth(prefix: string): void {
  for (const end of ['meta', 'index']) unlinkSync(`${prefix}.${end}`)
}

function cut(file: string): void {
  writeFileSync(file, readFileSync(file).subarray(0, -1))
}

t.test('weights of another model are refused', async (t) => {
  const directory = t.testdir()
  const prefix = await putCheckpoint(directory)
  const tensor = {
    name: 'other',
    dtype: DataTypeEnum.DT_FLOAT,
    shape: [],
    size: 4,
    data: Buffer.alloc(4),
  }
  await writeTensorBundle(prefix, [tensor])
  await t.rejects(
    writeCheckpoint(prefix, join(directory, '1')),
    /lacks 2 variable\(s\).*BoxPredictor_0\/ClassPredictor\/biases/,
  )
})

t.test('a checkpoint of TensorFlow 2 has no graph', async (t) => {
  const prefix = join(t.testdir(), 'ckpt-1')
  const name = '_CHECKPOINTABLE_OBJECT_GRAPH'
  const tensor = { name, dtype: DataTypeEnum.DT_FLOAT, shape: [], size: 4, data: Buffer.alloc(4) }
  await writeTensorBundle(prefix, [tensor])
  await t.rejects(writeCheckpoint(prefix, `${prefix}/1`), /is a TensorFlow 2 checkpoint/)
})

t.test('the .meta of another step fits', async (t) => {
  const directory = t.testdir()
  const prefix = await putCheckpoint(directory)
  await putVariables(join(directory, 'model.ckpt-2'))
  renameSync(`${prefix}.meta`, join(directory, 'model.ckpt-2.meta'))
  const written = await writeCheckpoint(join(directory, 'model.ckpt-2'), join(directory, '1'))
  t.equal(written.variables, 2)
})

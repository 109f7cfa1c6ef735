import { readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inspectionText } from '../../../../src/commands/inspect-text.js'
import { inspectPath } from '../../../../src/export/inspect.js'
import { DataTypeEnum } from '../../../../src/export/stubs.js'
import { readBundleIndex } from '../../../../src/export/tensor-bundle-reader.js'
import { writeTensorBundle } from '../../../../src/export/tensor-bundle-writer.js'
import { put } from '../fixtures.js'
import {
  ANCHORS,
  CLASSES,
  KEYS,
  PIPELINE,
  putTraining,
  tensorOf,
  VARIABLES,
} from './training-fixtures.js'

t.test('a training folder is told with its model', async (t) => {
  const directory = t.testdir()
  const prefix = await putTraining(directory)
  const inspection = await inspectPath(directory)
  t.strictSame(inspection.problems, [])
  t.equal(inspection.path, prefix)
  t.strictSame(inspection.training, {
    pipeline: join(directory, 'pipeline.config'),
    family: 'ssd',
    body: 'ssd_mobilenet_v1',
    classes: CLASSES,
    resizer: { kind: 'fixed', size: [2, 2] },
    steps: null,
    anchors: { generator: 'ssd', levels: 2, count: ANCHORS, kinds: null },
    movingAverages: { stored: true, used: false },
    weights: { count: Object.keys(VARIABLES).length, bytes: 4 * countWeights() },
  })
  t.strictSame(inspection.graph?.resizer, { kind: 'fixed', size: [2, 2] })
  t.equal(inspection.graph?.classes, CLASSES)
  t.match(inspection.signatures, [{ name: 'serving_default', inputs: [{ name: 'inputs' }] }])
  t.strictSame(JSON.parse(JSON.stringify(inspection)), inspection)
  const text = inspectionText(inspection)
  for (const line of [
    /^Training checkpoint .*model\.ckpt-7$/m,
    /^ +model +SSD$/m,
    /^ +anchors +ssd_anchor_generator: 2 feature maps, 14 in all$/m,
    /^ +steps +not told by the checkpoint$/m,
    /^ +averages +in the checkpoint; eval_config takes the weights instead$/m,
    /^ +taken +9 variables, /m,
    /can be exported/,
  ]) {
    t.match(text, line)
  }
})

function countWeights(): number {
  return Object.values(VARIABLES)
    .map((shape) => shape.reduce((product, size) => product * size, 1))
    .reduce((sum, count) => sum + count, 0)
}

t.test('steps are counted by the trainer', async (t) => {
  const directory = t.testdir()
  const prefix = await putTraining(directory)
  const step = {
    name: 'global_step',
    dtype: DataTypeEnum.DT_INT64,
    shape: [],
    size: 8,
    data: new Uint8Array(BigInt64Array.of(1234n).buffer),
  }
  await writeTensorBundle(prefix, [...KEYS.map((key) => tensorOf(key)), step])
  const { training, problems } = await inspectPath(directory)
  t.strictSame(problems, [])
  t.equal(training?.steps, 1234)
})

t.test('octaves of anchors and averages that are taken', async (t) => {
  const directory = t.testdir()
  await putTraining(directory, {
    pipeline: `${PIPELINE.replace(
      /anchor_generator \{.*\} \}/,
      'anchor_generator { multiscale_anchor_generator { min_level: 1 max_level: 2 aspect_ratios: 1.0 } }',
    )} eval_config { use_moving_averages: true }`,
  })
  const { training, problems } = await inspectPath(directory)
  t.match(problems, [/makes 8 anchors on level 0.*predicts 12 boxes/])
  t.match(training, {
    family: 'ssd',
    anchors: null,
    weights: null,
    movingAverages: { stored: true, used: true },
  })
})

t.test('what an export would refuse is told', async (t) => {
  const rows: readonly [string, (prefix: string, directory: string) => void, RegExp][] = [
    [
      'no config',
      (_, directory) => unlinkSync(join(directory, 'pipeline.config')),
      /no pipeline\.config beside it/,
    ],
    [
      'another config',
      (_, directory) => put(directory, 'pipeline.config', 'model { center_net {} }'),
      /pipeline\.config:1:9: center_net is a kind of model/,
    ],
    [
      'cut data',
      (prefix) => truncateSync(`${prefix}.data-00000-of-00001`, 100),
      /data-00000-of-00001: is truncated/,
    ],
    ['no index', (prefix) => unlinkSync(`${prefix}.index`), /\.index: cannot open it/],
  ]
  for (const [name, damage, message] of rows) {
    const directory = join(t.testdir({ [name]: {} }), name)
    const prefix = await putTraining(directory)
    damage(prefix, directory)
    const inspection = await inspectPath(prefix)
    t.match(inspection.problems.join('\n'), message, name)
    t.ok(inspection.training, name)
    t.match(inspectionText(inspection), /cannot be exported as it is/, name)
  }
})

t.test('damage to what no export takes is no reason against one', async (t) => {
  const prefix = await putTraining(t.testdir())
  const index = readBundleIndex(prefix)
  const slot = [...index.entries.values()].find(({ name }) => name.endsWith('/Momentum'))!
  const data = `${prefix}.data-00000-of-00001`
  const bytes = readFileSync(data)
  bytes[slot.offset]! ^= 1
  writeFileSync(data, bytes)
  t.strictSame((await inspectPath(prefix)).problems, [])
})

t.test('the configuration may lie elsewhere', async (t) => {
  const directory = t.testdir()
  const prefix = await putTraining(directory, { pipeline: '' })
  const file = put(directory, 'other/of-this-training.config', PIPELINE)
  const { problems, training } = await inspectPath(prefix, file)
  t.strictSame(problems, [])
  t.equal(training?.pipeline, file)
})

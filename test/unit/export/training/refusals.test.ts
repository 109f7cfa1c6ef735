import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSource } from '../../../../src/export/byte-source.js'
import { detectSource } from '../../../../src/export/detect-source.js'
import { readMetaGraph } from '../../../../src/export/meta-graph.js'
import { readBundleIndex } from '../../../../src/export/tensor-bundle-reader.js'
import { findWeights } from '../../../../src/export/training/checkpoint-weights.js'
import { readTrainingGraph } from '../../../../src/export/training/training-graph.js'
import { writeVersion } from '../../../../src/export/write-version.js'
import { detectorNodes, graphBytes, put, putCheckpoint } from '../fixtures.js'
import { putRcnn } from './faster-rcnn-fixtures.js'
import { PIPELINE, putTraining, VARIABLES } from './training-fixtures.js'

const WEIGHTS = 'FeatureExtractor/Net/Conv/weights'

t.test('a partitioned variable is named', async (t) => {
  const prefix = await putTraining(t.testdir())
  const source = openSource(`${prefix}.meta`)
  t.teardown(() => source.close())
  const training = readTrainingGraph(readMetaGraph(source, { start: 0, end: source.size }))
  const index = readBundleIndex(prefix)
  const entries = new Map(index.entries)
  entries.set(WEIGHTS, { ...entries.get(WEIGHTS)!, isSliced: true })
  t.throws(() => findWeights(training, { ...index, entries }, Object.keys(VARIABLES), false), {
    name: 'ExportError',
    message: new RegExp(`variable ${WEIGHTS} is partitioned into slices`),
  })
})

t.test('settings of a training are refused for what is ready for inference', async (t) => {
  const directory = t.testdir()
  const prefix = await putCheckpoint(join(directory))
  const file = put(directory, 'g.pb', graphBytes(detectorNodes()))
  const sources = [
    { kind: 'checkpoint', prefix },
    { kind: 'frozen-graph', file },
  ] as const
  for (const source of sources) {
    await t.rejects(
      writeVersion(source, join(directory, '1'), { movingAverages: true, pipeline: 'p.config' }),
      {
        name: 'ExportError',
        message: /is no training checkpoint.*--moving-averages and --pipeline.*ready for inference/,
      },
      source.kind,
    )
  }
})

t.test('damaged and foreign files are named', async (t) => {
  const rows: readonly [string, (prefix: string, directory: string) => void, RegExp][] = [
    ['a cut .meta', (prefix) => cut(`${prefix}.meta`), /ckpt-7\.meta: truncated/],
    ['a cut .index', (prefix) => cut(`${prefix}.index`), /ckpt-7\.index: is truncated/],
    ['cut data', (prefix) => cut(`${prefix}.data-00000-of-00001`), /of-00001: is truncated/],
    [
      'a photo as .meta',
      (prefix) => copyFileSync('test/fixtures/coffee.jpg', `${prefix}.meta`),
      /ckpt-7\.meta: /,
    ],
    [
      'a binary config',
      (_, directory) => put(directory, 'pipeline.config', Uint8Array.of(0, 159, 146, 150)),
      /pipeline\.config:1:1: unexpected/,
    ],
    [
      'the config of another family',
      (_, directory) => put(directory, 'pipeline.config', PIPELINE),
      /boxes and classes were not found/,
    ],
  ]
  for (const [name, damage, message] of rows) {
    const directory = join(t.testdir({ [name]: {} }), name)
    const prefix = await putRcnn(directory)
    damage(prefix, directory)
    const version = writeVersion(detectSource(directory), join(directory, '1'))
    await t.rejects(version, { name: 'ExportError', message }, name)
  }
})

function cut(file: string): void {
  writeFileSync(file, readFileSync(file).subarray(0, -1))
}

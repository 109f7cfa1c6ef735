import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { detectSource } from '../../../../src/export/detect-source.js'
import { makeNode } from '../../../../src/export/node-builder.js'
import type { NodeDef } from '../../../../src/export/stubs.js'
import { readBundleIndex } from '../../../../src/export/tensor-bundle-reader.js'
import { writeVersion } from '../../../../src/export/write-version.js'
import { putCheckpoint, writtenModel } from '../fixtures.js'
import {
  ANCHORS,
  CLASSES,
  KEYS,
  PIPELINE,
  putTraining,
  replaceNode,
  shaped,
  trainingNodes,
  VARIABLES,
  valuesOf,
} from './training-fixtures.js'

const WEIGHTS = 'FeatureExtractor/Net/Conv/weights'
const NORM = 'FeatureExtractor/Net/Net/Conv/BatchNorm/FusedBatchNormV3'
const DROPOUT = 'BoxPredictor_0/Dropout/dropout/mul_1'

function floatsOf(node: NodeDef | undefined): Float32Array {
  const bytes = node!.getAttrMap().get('value')!.getTensor()!.getTensorContent_asU8()
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

t.test('a training folder becomes a version', async (t) => {
  const directory = t.testdir()
  await putTraining(directory)
  const out = join(directory, '1')
  const progress: string[] = []
  const written = await writeVersion(detectSource(directory), out, {
    onProgress: (step, done, total) => done === total && progress.push(step),
  })
  const { nodes, metaGraph } = writtenModel(out)

  t.test('with the official exporter’s signature', async (t) => {
    t.match(written, {
      input: {
        name: 'inputs',
        tensor: 'image_tensor:0',
        dtype: 'DT_UINT8',
        shape: [-1, -1, -1, 3],
      },
      resizer: { kind: 'fixed', size: [2, 2] },
      classes: CLASSES,
      variables: 0,
    })
    const shapes = Object.fromEntries(
      written.signature.outputs.map(({ name, shape }) => [name, shape]),
    )
    t.strictSame(shapes, {
      detection_boxes: [-1, 10, 4],
      detection_scores: [-1, 10],
      detection_classes: [-1, 10],
      detection_multiclass_scores: [-1, 10, CLASSES + 1],
      num_detections: [-1],
      raw_detection_boxes: [-1, ANCHORS, 4],
      raw_detection_scores: [-1, ANCHORS, CLASSES + 1],
    })
    t.strictSame(metaGraph.getMetaInfoDef()!.getTagsList(), ['serve'])
    t.strictSame(progress, ['verify', 'write'], 'progress is told')
  })

  t.test('without what was there for training', async (t) => {
    const ops = new Set([...nodes.values()].map((node) => node.getOp()))
    for (const op of ['VariableV2', 'RandomUniform', 'IteratorGetNext', 'ApplyMomentum', 'NoOp']) {
      t.notOk(ops.has(op), op)
    }
    t.equal(nodes.get(DROPOUT)?.getOp(), 'Identity')
    t.strictSame(nodes.get(DROPOUT)?.getInputList(), ['FeatureExtractor/Net/Net/Relu6'])
    for (const node of nodes.values()) {
      t.equal(node.getDevice(), '')
      t.notOk(
        node.getInputList().some((input) => input.startsWith('^')),
        node.getName(),
      )
      t.notOk(node.getAttrMap().has('_class'), node.getName())
      t.notOk(node.getAttrMap().has('_output_shapes'), node.getName())
    }
  })

  t.test('with moving averages in batch normalization', async (t) => {
    const norm = nodes.get(NORM)!
    t.equal(norm.getAttrMap().get('is_training')?.getB(), false)
    t.strictSame(norm.getInputList().slice(3), [
      'FeatureExtractor/Net/Conv/BatchNorm/moving_mean/read',
      'FeatureExtractor/Net/Conv/BatchNorm/moving_variance/read',
    ])
  })

  t.test('with every node that is named', async (t) => {
    for (const node of nodes.values()) {
      for (const input of node.getInputList()) {
        t.ok(nodes.has(input.replace(/:\d+$/, '')), `${node.getName()} reads ${input}`)
      }
    }
    t.equal(new Set(nodes.keys()).size, metaGraph.getGraphDef()!.getNodeList().length)
  })

  t.test('with the weights as constants', async (t) => {
    for (const name of Object.keys(VARIABLES)) {
      t.strictSame(floatsOf(nodes.get(name)), valuesOf(name), name)
    }
  })
})

t.test('weights become variables under their own names', async (t) => {
  const directory = t.testdir()
  const prefix = await putTraining(directory)
  const written = await writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'), {
    variables: true,
  })
  const index = readBundleIndex(join(directory, '1', 'variables', 'variables'))
  t.strictSame([...index.entries.keys()], Object.keys(VARIABLES).sort())
  t.equal(written.variables, Object.keys(VARIABLES).length)
  const data = readFileSync(index.shards[0]!)
  const { offset, size } = index.entries.get(WEIGHTS)!
  t.strictSame(
    new Float32Array(Uint8Array.from(data.subarray(offset, offset + size)).buffer),
    valuesOf(WEIGHTS),
  )
})

t.test('moving averages of weights', async (t) => {
  const cases: {
    name: string
    config: boolean
    asked?: boolean
    average: boolean
    note: RegExp
  }[] = [
    { name: 'not by default', config: false, average: false, note: /weights and not.*eval_config/ },
    {
      name: 'as eval_config says',
      config: true,
      average: true,
      note: /moving averages.*eval_config/,
    },
    {
      name: 'asked for',
      config: false,
      asked: true,
      average: true,
      note: /moving averages.*--moving-averages/,
    },
    {
      name: 'declined',
      config: true,
      asked: false,
      average: false,
      note: /weights and not.*--moving-averages/,
    },
  ]
  for (const { name, config, asked, average, note } of cases) {
    const directory = t.testdir({ [name]: {} })
    const prefix = await putTraining(join(directory, name), {
      pipeline: `${PIPELINE}eval_config { use_moving_averages: ${config} }`,
    })
    const out = join(directory, '1')
    const written = await writeVersion({ kind: 'checkpoint', prefix }, out, {
      movingAverages: asked,
    })
    const { nodes } = writtenModel(out)
    const key = average ? `${WEIGHTS}/ExponentialMovingAverage` : WEIGHTS
    t.strictSame(floatsOf(nodes.get(WEIGHTS)), valuesOf(key), name)
    const moving = 'FeatureExtractor/Net/Conv/BatchNorm/moving_mean'
    t.strictSame(floatsOf(nodes.get(moving)), valuesOf(moving), `${name}: has no average`)
    t.match(written.notes?.[0], note, name)
  }
})

t.test('images are decoded in the graph when asked for', async (t) => {
  const directory = t.testdir()
  const prefix = await putTraining(directory)
  const written = await writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'), {
    input: 'encoded',
  })
  t.match(written.input, {
    tensor: 'encoded_image_string_tensor:0',
    dtype: 'DT_STRING',
    shape: [-1],
  })
})

t.test('the first of several GPUs is taken', async (t) => {
  const directory = t.testdir()
  const clones = [...trainingNodes({ scope: 'clone_0/' }), ...trainingNodes({ scope: 'clone_1/' })]
  const names = new Set<string>()
  const nodes = clones.filter((node) => !names.has(node.getName()) && names.add(node.getName()))
  const prefix = await putTraining(directory, { nodes })
  await writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'))
  const written = [...writtenModel(join(directory, '1')).nodes.keys()]
  t.ok(written.some((name) => name.startsWith('clone_0/')))
  t.notOk(written.some((name) => name.startsWith('clone_1/')))
})

t.test('pipeline.config may lie elsewhere, or have another name', async (t) => {
  const directory = t.testdir({ 'my.config': PIPELINE, other: { 'p.config': PIPELINE } })
  const prefix = await putTraining(directory, { pipeline: '' })
  await t.resolves(writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1')))
  const pipeline = join(directory, 'other', 'p.config')
  await t.resolves(writeVersion({ kind: 'checkpoint', prefix }, join(directory, '2'), { pipeline }))
  await t.rejects(
    writeVersion({ kind: 'checkpoint', prefix }, join(directory, '3'), { pipeline: '/nowhere' }),
    { name: 'ExportError', message: /\/nowhere: cannot read it/ },
  )
})

t.test('what does not belong together is refused', async (t) => {
  const without = (key: string) => ({ keys: KEYS.filter((name) => name !== key) })
  const average = `${WEIGHTS}/ExponentialMovingAverage`
  const cases: {
    name: string
    folder: Parameters<typeof putTraining>[1]
    movingAverages?: boolean
    message: RegExp
  }[] = [
    { name: 'no config', folder: { pipeline: '' }, message: /no pipeline\.config.*--pipeline/ },
    {
      name: 'classes',
      folder: { pipeline: PIPELINE.replace('num_classes: 2', 'num_classes: 5') },
      message: /config:2:3: says num_classes 5.*has 3 columns/,
    },
    {
      name: 'size',
      folder: { pipeline: PIPELINE.replace('width: 2', 'width: 4') },
      message: /config:3:3: resizes images to 2 x 4.*trained with 2 x 2 x 3/,
    },
    {
      name: 'anchors',
      folder: { pipeline: PIPELINE.replace('aspect_ratios: 1.0', 'aspect_ratios: [1, 2]') },
      message: /config:5:3: makes 3 anchors on level 1 \(1 x 1 places, 3 each\).*predicts 2 boxes/,
    },
    {
      name: 'levels',
      folder: { pipeline: PIPELINE.replace('num_layers: 2', 'num_layers: 6') },
      message: /config:5:3: says num_layers \(6\).*2 feature maps/,
    },
    {
      name: 'levels of octaves',
      folder: {
        pipeline: PIPELINE.replace(
          /ssd_anchor_generator \{.*?\}/,
          'multiscale_anchor_generator { }',
        ),
      },
      message: /config:5:3: says levels 3 to 7 \(5\).*2 feature maps/,
    },
    {
      name: 'a body that is not known',
      folder: { pipeline: PIPELINE.replace('mobilenet_v1', 'pnasnet') },
      message: /config:4:23: the feature extractor "ssd_pnasnet" is none/,
    },
    {
      name: 'a missing weight',
      folder: without(WEIGHTS),
      message: new RegExp(`no variable ${WEIGHTS}\\.`),
    },
    {
      name: 'a missing average',
      folder: without(average),
      movingAverages: true,
      message: new RegExp(`no variable ${average}\\..*--moving-averages off`),
    },
    {
      name: 'another shape',
      folder: { shapes: { [WEIGHTS]: [1, 1, 3, 5] } },
      message: /DT_FLOAT \[1,1,3,5\].*DT_FLOAT \[1,1,3,4\]/,
    },
    {
      name: 'an op that is not known',
      folder: {
        nodes: replaceNode(
          trainingNodes(),
          'FeatureExtractor/Net/Net/Relu6',
          makeNode('FeatureExtractor/Net/Net/Relu6', 'PyFunc', [NORM]),
        ),
      },
      message: /op PyFunc \(node FeatureExtractor\/Net\/Net\/Relu6\)/,
    },
    {
      name: 'quantization',
      folder: { nodes: [...trainingNodes(), makeNode('act_quant', 'FakeQuantWithMinMaxVars')] },
      message: /quantization \(node act_quant/,
    },
    {
      name: 'no heads',
      folder: { nodes: replaceNode(trainingNodes(), 'concat_1') },
      message: /predictors of boxes and classes were not found/,
    },
    {
      name: 'an input that is no image',
      folder: {
        nodes: replaceNode(
          trainingNodes(),
          'IteratorGetNext',
          shaped(makeNode('IteratorGetNext', 'IteratorGetNext'), [4], [4, 2]),
        ),
      },
      message: /IteratorGetNext:1 enters the network.*no batch of images/,
    },
  ]
  for (const { name, folder, movingAverages, message } of cases) {
    const directory = t.testdir({ [name]: {} })
    const prefix = await putTraining(join(directory, name), folder)
    const version = writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'), {
      movingAverages,
    })
    await t.rejects(version, { name: 'ExportError', message }, name)
  }
})

t.test('what only trainings have is refused elsewhere', async (t) => {
  const options = { movingAverages: true, pipeline: 'p.config' }
  for (const source of [
    { kind: 'frozen-graph', file: '/a.pb' },
    { kind: 'saved-model', directory: '/a' },
  ] as const) {
    await t.rejects(writeVersion(source, t.testdir(), options), {
      name: 'ExportError',
      message: /^\/a.*no training checkpoint.*--moving-averages and --pipeline/,
    })
  }
  const directory = t.testdir()
  const prefix = await putCheckpoint(directory)
  await t.rejects(writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'), options), {
    message: /no training checkpoint/,
  })
})

t.test('damaged data is refused with the variable', async (t) => {
  const directory = t.testdir()
  const prefix = await putTraining(directory)
  const data = `${prefix}.data-00000-of-00001`
  const { offset } = readBundleIndex(prefix).entries.get(WEIGHTS)!
  const content = readFileSync(data)
  content[offset]! ^= 1
  writeFileSync(data, content)
  const version = () => writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'))
  await t.rejects(version(), { message: new RegExp(`checksum of the variable ${WEIGHTS}`) })
  truncateSync(data, 10)
  await t.rejects(version(), { message: /truncated/ })
})

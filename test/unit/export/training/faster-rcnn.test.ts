import { join } from 'node:path'
import t from 'tap'
import { inspectionText } from '../../../../src/commands/inspect-text.js'
import { inspectPath } from '../../../../src/export/inspect.js'
import { makeNode } from '../../../../src/export/node-builder.js'
import type { NodeDef } from '../../../../src/export/stubs.js'
import { anchorKinds } from '../../../../src/export/training/proposals.js'
import { writeVersion } from '../../../../src/export/write-version.js'
import { writtenModel } from '../fixtures.js'
import {
  putRcnn,
  RCNN_CLASSES,
  RCNN_PIPELINE,
  RCNN_VARIABLES,
  rcnnNodes,
} from './faster-rcnn-fixtures.js'
import { replaceNode, shaped, type TrainingFolder } from './training-fixtures.js'

function integersOf(node: NodeDef | undefined): number[] {
  const bytes = node!.getAttrMap().get('value')!.getTensor()!.getTensorContent_asU8()
  return [...new Int32Array(Uint8Array.from(bytes).buffer)]
}

const SSD = `ssd { num_classes: 2 image_resizer { fixed_shape_resizer { } }
  feature_extractor { type: 'ssd_mobilenet_v1' } anchor_generator { ssd_anchor_generator { } } } }`

t.test('a training folder of a Faster R-CNN becomes a version', async (t) => {
  const directory = t.testdir()
  const prefix = await putRcnn(directory)
  const written = await writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'))
  const { nodes, metaGraph } = writtenModel(join(directory, '1'))

  t.test('for one image a call', async (t) => {
    t.match(written, {
      input: { name: 'inputs', tensor: 'image_tensor:0', shape: [1, -1, -1, 3] },
      resizer: { kind: 'keep-aspect', minSide: 30, maxSide: 50 },
      classes: RCNN_CLASSES,
    })
    const shapes = written.signature.outputs.map(({ name, shape }) => [name, shape])
    t.strictSame(Object.fromEntries(shapes), {
      detection_boxes: [1, 5, 4],
      detection_scores: [1, 5],
      detection_classes: [1, 5],
      num_detections: [1],
    })
  })

  t.test('with both trained parts and nothing of what sampled between them', async (t) => {
    const list = [...nodes.values()]
    const ops = list.map((node) => node.getOp())
    for (const op of ['VariableV2', 'PyFunc', 'IteratorGetNext', 'ApplyMomentum']) {
      t.notOk(ops.includes(op), op)
    }
    t.equal(ops.filter((op) => op === 'CropAndResize').length, 1)
    for (const name of Object.keys(RCNN_VARIABLES)) t.equal(nodes.get(name)?.getOp(), 'Const', name)
    const first = nodes.get('FirstStageFeatureExtractor/Net/Conv/Conv2D')!
    t.match(first.getInputList()[0], /^Preprocessor\//)
    const second = nodes.get('SecondStageFeatureExtractor/Net/Conv/Conv2D')!
    t.equal(nodes.get(second.getInputList()[0]!)?.getOp(), 'MaxPool')
  })

  t.test('with any number of crops', async (t) => {
    const flat = nodes.get('SecondStageBoxPredictor/Flatten/Reshape')!
    t.strictSame(integersOf(nodes.get(flat.getInputList()[1]!)), [-1, 16])
  })

  t.test('with every node that is named', async (t) => {
    for (const node of nodes.values()) {
      for (const input of node.getInputList()) {
        t.ok(nodes.has(input.replace(/:\d+$/, '')), `${node.getName()} reads ${input}`)
      }
    }
    t.equal(new Set(nodes.keys()).size, metaGraph.getGraphDef()!.getNodeList().length)
  })
})

t.test('images may come as files', async (t) => {
  const directory = t.testdir()
  const prefix = await putRcnn(directory)
  const { input } = await writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'), {
    input: 'encoded',
  })
  t.match(input, { tensor: 'encoded_image_string_tensor:0', dtype: 'DT_STRING', shape: [1] })
})

t.test('a fixed size, and the first of several GPUs', async (t) => {
  const directory = t.testdir()
  const size = [24, 32] as const
  const clones = ['clone_0/', 'clone_1/'].flatMap((scope) => rcnnNodes({ scope, size }))
  const names = new Set<string>()
  const nodes = clones.filter((node) => !names.has(node.getName()) && names.add(node.getName()))
  const pipeline = RCNN_PIPELINE.replace(
    /keep_aspect_ratio_resizer \{.*?\}/,
    'fixed_shape_resizer { height: 24 width: 32 }',
  )
  const prefix = await putRcnn(directory, { nodes, pipeline })
  const { resizer } = await writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'))
  t.strictSame(resizer, { kind: 'fixed', size })
  const written = [...writtenModel(join(directory, '1')).nodes.keys()]
  t.ok(written.some((name) => name.startsWith('clone_0/')))
  t.notOk(written.some((name) => name.startsWith('clone_1/')))
})

t.test('sizes of anchors: by ratio, then scale', async (t) => {
  const settings = { baseSize: [100, 200], stride: [16, 16], offset: [0, 0] } as const
  t.strictSame(
    anchorKinds({ ...settings, scales: [0.5, 1], aspectRatios: [1, 4] }),
    [50, 100, 100, 200, 25, 200, 50, 400],
  )
})

t.test('it is told by inspect', async (t) => {
  const directory = t.testdir()
  await putRcnn(directory)
  const inspection = await inspectPath(directory)
  t.strictSame(inspection.problems, [])
  t.match(inspection.training, {
    family: 'faster_rcnn',
    body: 'faster_rcnn_resnet50',
    anchors: { generator: 'grid', levels: 1, count: null, kinds: 6 },
    movingAverages: { stored: false, used: false },
    weights: { count: Object.keys(RCNN_VARIABLES).length },
  })
  const text = inspectionText(inspection)
  t.match(text, /model +Faster R-CNN, one image a call/)
  t.match(text, /1 feature map, 6 at a place, their number depends on the image/)
  t.match(text, /averages +none in the checkpoint\n/)
})

t.test('what does not belong together is refused', async (t) => {
  const config = (from: string | RegExp, to: string): TrainingFolder => ({
    pipeline: RCNN_PIPELINE.replace(from, to),
  })
  const replaced = (name: string, ...others: NodeDef[]): TrainingFolder => ({
    nodes: replaceNode(rcnnNodes(), name, ...others),
  })
  const fixed = config(/keep_aspect_ratio_resizer \{.*?\}/, 'fixed_shape_resizer { height: 24 }')
  const weights = 'SecondStageBoxPredictor/ClassPredictor/weights'
  const rows: readonly [name: string, TrainingFolder, RegExp][] = [
    [
      'size',
      { ...fixed, nodes: rcnnNodes({ size: [24, 32] }) },
      /config:3:3: resizes images \(height x width\) to 24 x 300, .*trained with 24 x 32/,
    ],
    [
      'one size only',
      { nodes: rcnnNodes({ size: [24, 32] }) },
      /config:3:3: resizes images .*keeping their proportions.*trained with 24 x 32 alone/,
    ],
    [
      'classes',
      config('num_classes: 2', 'num_classes: 5'),
      /config:2:3: says num_classes 5, .* background, 2/,
    ],
    [
      'shared boxes',
      config('predictor { }', 'predictor { share_box_across_classes: true }'),
      /config:8:3: .*share_box_across_classes\): 1, .* predicts 2/,
    ],
    [
      'anchors',
      config('[1, 2]', '[1]'),
      /config:5:3: .*anchors at a place: 3, .* predicts boxes for 6/,
    ],
    [
      'crops',
      config('crop_size: 4', 'crop_size: 5'),
      /config:7:3: says initial_crop_size 5, .* has 4/,
    ],
    ['pooling', config('stride: 2', 'stride: 1'), /config:7:3: .*side .* of 3, .* has 2/],
    [
      'body',
      config('rcnn_resnet50', 'rcnn_nas'),
      /config:4:23: .*"faster_rcnn_nas" is none of those/,
    ],
    ['an SSD', config(/faster_rcnn \{[\s\S]*/, SSD), /boxes and classes were not found/],
    ['no crops', replaced('CropAndResize'), /should have one CropAndResize, found 0/],
    [
      'two images',
      replaced(
        'FirstStageFeatureExtractor/Net/Conv/Conv2D',
        makeNode('other', 'Placeholder'),
        makeNode('FirstStageFeatureExtractor/Net/Conv/Conv2D', 'AddN', [
          'other',
          'IteratorGetNext',
        ]),
      ),
      /the images should be one tensor that enters the network, found other, IteratorGetNext/,
    ],
    [
      'an op that is not known',
      replaced(
        'SecondStageFeatureExtractor/Net/Conv/Conv2D',
        shaped(
          makeNode('SecondStageFeatureExtractor/Net/Conv/Conv2D', 'PyFunc', ['MaxPool2D/MaxPool']),
          [8, 2, 2, 4],
        ),
      ),
      /op PyFunc \(node SecondStageFeatureExtractor\/Net\/Conv\/Conv2D\)/,
    ],
    [
      'a missing weight',
      { keys: Object.keys(RCNN_VARIABLES).filter((name) => name !== weights) },
      new RegExp(`no variable ${weights}\\.`),
    ],
    [
      'quantization',
      { nodes: [...rcnnNodes(), makeNode('act_quant', 'FakeQuantWithMinMaxVars')] },
      /quantization \(node act_quant/,
    ],
  ]
  for (const [name, folder, message] of rows) {
    const directory = join(t.testdir({ [name]: {} }), name)
    const prefix = await putRcnn(directory, folder)
    const version = writeVersion({ kind: 'checkpoint', prefix }, join(directory, '1'))
    await t.rejects(version, { name: 'ExportError', message }, name)
  }
})

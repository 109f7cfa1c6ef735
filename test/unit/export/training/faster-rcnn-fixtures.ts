import {
  integersAttribute,
  makeIntegers,
  makeNode,
  shapeAttribute,
  textAttribute,
  typeAttribute,
} from '../../../../src/export/node-builder.js'
import type { NodeDef } from '../../../../src/export/stubs.js'
import { putTraining, shaped, type TrainingFolder } from './training-fixtures.js'

const FLOAT = typeAttribute('DT_FLOAT')

export const RCNN_CLASSES = 2
/** Proposals that the made-up training samples: its reshapes have it in them. */
const CROPS = 8

/** The variables of the made-up Faster R-CNN with their shapes. */
export const RCNN_VARIABLES: Readonly<Record<string, readonly number[]>> = {
  'FirstStageFeatureExtractor/Net/Conv/weights': [1, 1, 3, 4],
  'Conv/weights': [1, 1, 4, 4],
  'FirstStageBoxPredictor/BoxEncodingPredictor/weights': [1, 1, 4, 24],
  'FirstStageBoxPredictor/BoxEncodingPredictor/biases': [24],
  'FirstStageBoxPredictor/ClassPredictor/weights': [1, 1, 4, 12],
  'FirstStageBoxPredictor/ClassPredictor/biases': [12],
  'SecondStageFeatureExtractor/Net/Conv/weights': [1, 1, 4, 4],
  'SecondStageBoxPredictor/BoxEncodingPredictor/weights': [16, 8],
  'SecondStageBoxPredictor/BoxEncodingPredictor/biases': [8],
  'SecondStageBoxPredictor/ClassPredictor/weights': [16, 3],
  'SecondStageBoxPredictor/ClassPredictor/biases': [3],
}

export const RCNN_PIPELINE = `model { faster_rcnn {
  num_classes: ${RCNN_CLASSES}
  image_resizer { keep_aspect_ratio_resizer { min_dimension: 30 max_dimension: 50 } }
  feature_extractor { type: 'faster_rcnn_resnet50' }
  first_stage_anchor_generator { grid_anchor_generator { scales: [0.5, 1, 2] aspect_ratios: [1, 2] } }
  first_stage_max_proposals: 6
  initial_crop_size: 4 maxpool_kernel_size: 2 maxpool_stride: 2
  second_stage_box_predictor { mask_rcnn_box_predictor { } }
  second_stage_post_processing { score_converter: SOFTMAX batch_non_max_suppression { max_total_detections: 5 } }
} }
`

/** What of a made-up training differs from the usual one. */
export interface RcnnOptions {
  /** Prefix of the nodes, such as `clone_0/`; variables have none. */
  readonly scope?: string
  /** Of the images; free by default. */
  readonly size?: readonly [number, number]
}

function variable(name: string): NodeDef[] {
  const shape = RCNN_VARIABLES[name]!
  return [
    makeNode(name, 'VariableV2', [], { dtype: FLOAT, shape: shapeAttribute(shape) }),
    shaped(makeNode(`${name}/read`, 'Identity', [name], { T: FLOAT }), shape),
  ]
}

function conv(scope: string, name: string, input: string, shape: readonly number[]): NodeDef {
  const node = makeNode(`${scope}${name}/Conv2D`, 'Conv2D', [input, `${name}/weights/read`], {
    T: FLOAT,
    strides: integersAttribute([1, 1, 1, 1]),
    padding: textAttribute('SAME'),
  })
  return shaped(node, shape)
}

function bias(scope: string, name: string, input: string, shape: readonly number[]): NodeDef {
  const inputs = [input, `${name}/biases/read`]
  return shaped(makeNode(`${scope}${name}/BiasAdd`, 'BiasAdd', inputs, { T: FLOAT }), shape)
}

function firstStage(scope: string): NodeDef[] {
  const body = 'FirstStageFeatureExtractor/Net/Conv'
  const predictor = 'FirstStageBoxPredictor'
  const heads = [
    ['BoxEncodingPredictor', 24],
    ['ClassPredictor', 12],
  ] as const
  return [
    conv(scope, body, 'IteratorGetNext', [1, -1, -1, 4]),
    conv(scope, 'Conv', `${scope}${body}/Conv2D`, [1, -1, -1, 4]),
    shaped(
      makeNode(`${scope}Conv/Relu6`, 'Relu6', [`${scope}Conv/Conv2D`], { T: FLOAT }),
      [1, -1, -1, 4],
    ),
    ...heads.flatMap(([head, width]) => [
      conv(scope, `${predictor}/${head}`, `${scope}Conv/Relu6`, [1, -1, -1, width]),
      bias(scope, `${predictor}/${head}`, `${scope}${predictor}/${head}/Conv2D`, [
        1,
        -1,
        -1,
        width,
      ]),
    ]),
  ]
}

function secondStage(scope: string): NodeDef[] {
  const features = `${scope}FirstStageFeatureExtractor/Net/Conv/Conv2D`
  const body = 'SecondStageFeatureExtractor/Net/Conv'
  const flat = `${scope}SecondStageBoxPredictor/Flatten/Reshape`
  const heads = [
    ['SecondStageBoxPredictor/BoxEncodingPredictor', 8],
    ['SecondStageBoxPredictor/ClassPredictor', 3],
  ] as const
  return [
    makeNode(`${scope}sampled`, 'PyFunc', [
      `${scope}FirstStageBoxPredictor/ClassPredictor/BiasAdd`,
    ]),
    makeIntegers(`${scope}crop_size`, [4, 4]),
    makeNode(`${scope}CropAndResize`, 'CropAndResize', [
      features,
      `${scope}sampled`,
      `${scope}sampled:1`,
      `${scope}crop_size`,
    ]),
    shaped(makeNode(`${scope}MaxPool2D/MaxPool`, 'MaxPool', [`${scope}CropAndResize`]), [
      CROPS,
      2,
      2,
      4,
    ]),
    conv(scope, body, `${scope}MaxPool2D/MaxPool`, [CROPS, 2, 2, 4]),
    makeIntegers(`${flat}/shape`, [CROPS, 16]),
    shaped(makeNode(flat, 'Reshape', [`${scope}${body}/Conv2D`, `${flat}/shape`], { T: FLOAT }), [
      CROPS,
      16,
    ]),
    ...heads.flatMap(([name, width]) => [
      makeNode(`${scope}${name}/MatMul`, 'MatMul', [flat, `${name}/weights/read`], { T: FLOAT }),
      bias(scope, name, `${scope}${name}/MatMul`, [CROPS, width]),
    ]),
  ]
}

/** Makes the graph of a training of a small Faster R-CNN: input, both stages, sampling, gradients and updates. */
export function rcnnNodes({ scope = '', size = [-1, -1] }: RcnnOptions = {}): NodeDef[] {
  return [
    shaped(makeNode('IteratorGetNext', 'IteratorGetNext'), [1, ...size, 3]),
    ...Object.keys(RCNN_VARIABLES).flatMap(variable),
    ...firstStage(scope),
    ...secondStage(scope),
    makeNode('gradients/crops', 'CropAndResize', [`${scope}CropAndResize`]),
    makeNode('Momentum/update', 'ApplyMomentum', ['Conv/weights']),
  ]
}

/** Writes the folder of a training of a Faster R-CNN and gives the prefix of its checkpoint. */
export async function putRcnn(directory: string, folder: TrainingFolder = {}): Promise<string> {
  return putTraining(directory, {
    nodes: rcnnNodes(),
    pipeline: RCNN_PIPELINE,
    keys: [...Object.keys(RCNN_VARIABLES), 'Conv/weights/Momentum'],
    shapes: RCNN_VARIABLES,
    ...folder,
  })
}

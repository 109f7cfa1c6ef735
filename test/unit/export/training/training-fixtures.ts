import { join } from 'node:path'
import {
  booleanAttribute,
  integerAttribute,
  integersAttribute,
  makeConstant,
  makeFloats,
  makeIntegers,
  makeNode,
  shapeAttribute,
  textAttribute,
  toShape,
  typeAttribute,
} from '../../../../src/export/node-builder.js'
import {
  AttrValue,
  DataTypeEnum,
  GraphDef,
  MetaGraphDef,
  type NodeDef,
} from '../../../../src/export/stubs.js'
import { writeTensorBundle } from '../../../../src/export/tensor-bundle-writer.js'
import { bytesField, stringField } from '../../../../src/export/wire-writer.js'
import { put } from '../fixtures.js'

const FLOAT = typeAttribute('DT_FLOAT')
const INT32 = typeAttribute('DT_INT32')

/** The batch size of the made-up training. */
export const BATCH = 4
export const CLASSES = 2
/** Anchors of the two levels: 2 x 2 places with three kinds each, one place with two. */
export const ANCHORS = 14

/** What of a made-up training differs from the usual one. */
export interface TrainingOptions {
  /** Prefix of the nodes, such as `clone_0/`; variables have none. */
  readonly scope?: string
  readonly change?: (nodes: NodeDef[]) => NodeDef[]
}

/** Gives a node the shapes that TensorFlow infers of its outputs. */
export function shaped(node: NodeDef, ...shapes: readonly (readonly number[])[]): NodeDef {
  const list = new AttrValue.ListValue()
  list.setShapeList(shapes.map(toShape))
  const value = new AttrValue()
  value.setList(list)
  node.getAttrMap().set('_output_shapes', value)
  return node
}

/** The variables of the made-up network with their shapes. */
export const VARIABLES: Readonly<Record<string, readonly number[]>> = {
  'FeatureExtractor/Net/Conv/weights': [1, 1, 3, 4],
  'FeatureExtractor/Net/Conv/BatchNorm/gamma': [4],
  'FeatureExtractor/Net/Conv/BatchNorm/beta': [4],
  'FeatureExtractor/Net/Conv/BatchNorm/moving_mean': [4],
  'FeatureExtractor/Net/Conv/BatchNorm/moving_variance': [4],
  'BoxPredictor_0/BoxEncodingPredictor/weights': [1, 1, 4, 12],
  'BoxPredictor_0/ClassPredictor/weights': [1, 1, 4, 9],
  'BoxPredictor_1/BoxEncodingPredictor/weights': [1, 1, 4, 8],
  'BoxPredictor_1/ClassPredictor/weights': [1, 1, 4, 6],
}

const TRAINED = Object.keys(VARIABLES).filter((name) => !name.includes('moving_'))

function variable(name: string): NodeDef[] {
  const read = makeNode(`${name}/read`, 'Identity', [name], {
    T: FLOAT,
    _class: textAttribute(`loc:@${name}`),
  })
  return [
    makeNode(name, 'VariableV2', [], { dtype: FLOAT, shape: shapeAttribute(VARIABLES[name]) }),
    shaped(read, VARIABLES[name]!),
  ]
}

function conv(name: string, input: string, weights: string, shape: readonly number[]): NodeDef {
  const node = makeNode(name, 'Conv2D', [input, `${weights}/read`], {
    T: FLOAT,
    strides: integersAttribute([1, 1, 1, 1]),
    padding: textAttribute('SAME'),
  })
  node.setDevice('/gpu:0')
  return shaped(node, shape)
}

function batchNorm(scope: string): NodeDef[] {
  const norm = 'FeatureExtractor/Net/Conv/BatchNorm'
  const node = `${scope}FeatureExtractor/Net/Net/Conv/BatchNorm/FusedBatchNormV3`
  const update = (moving: string, output: number) =>
    makeNode(
      `${scope}${norm}/AssignMovingAvg_${output}/sub`,
      'Sub',
      [`${norm}/${moving}/read`, `${node}:${output}`],
      { T: FLOAT },
    )
  return [
    makeConstant(`${scope}empty`, 'DT_FLOAT', [0], new Uint8Array()),
    shaped(
      makeNode(
        node,
        'FusedBatchNormV3',
        [
          `${scope}FeatureExtractor/Net/Net/Conv/Conv2D`,
          `${norm}/gamma/read`,
          `${norm}/beta/read`,
          `${scope}empty`,
          `${scope}empty`,
          '^step',
        ],
        { T: FLOAT, U: FLOAT, is_training: booleanAttribute(true) },
      ),
      [BATCH, 2, 2, 4],
      [4],
      [4],
    ),
    update('moving_mean', 1),
    update('moving_variance', 2),
  ]
}

function dropout(scope: string, input: string): NodeDef[] {
  const name = `${scope}BoxPredictor_0/Dropout/dropout`
  return [
    makeFloats(`${name}/Const`, 1.25),
    makeNode(`${name}/mul`, 'Mul', [input, `${name}/Const`], { T: FLOAT }),
    makeIntegers(`${name}/Shape`, [BATCH, 2, 2, 4]),
    makeNode(`${name}/random_uniform/RandomUniform`, 'RandomUniform', [`${name}/Shape`], {
      dtype: FLOAT,
    }),
    makeFloats(`${name}/rate`, 0.2),
    makeNode(`${name}/GreaterEqual`, 'GreaterEqual', [
      `${name}/random_uniform/RandomUniform`,
      `${name}/rate`,
    ]),
    makeNode(`${name}/Cast`, 'Cast', [`${name}/GreaterEqual`], {
      SrcT: typeAttribute('DT_BOOL'),
      DstT: FLOAT,
    }),
    makeNode(`${name}/mul_1`, 'Mul', [`${name}/mul`, `${name}/Cast`], { T: FLOAT }),
  ]
}

interface Level {
  readonly level: number
  readonly side: number
  readonly kinds: number
}

/** A predictor of one level, from its input to the reshape that has the batch size in it. */
function predictor(
  scope: string,
  { level, side, kinds }: Level,
  kind: 'BoxEncodingPredictor' | 'ClassPredictor',
  input: string,
): NodeDef[] {
  const name = `BoxPredictor_${level}/${kind}`
  const width = kind === 'ClassPredictor' ? CLASSES + 1 : 4
  const rows = side * side * kinds
  const reshape = `${scope}BoxPredictor_${level}/${kind === 'ClassPredictor' ? 'Reshape_1' : 'Reshape'}`
  const shape = kind === 'ClassPredictor' ? [BATCH, rows, width] : [BATCH, rows, 1, width]
  return [
    conv(`${scope}${name}/Conv2D`, input, name.concat('/weights'), [
      BATCH,
      side,
      side,
      kinds * width,
    ]),
    makeIntegers(`${reshape}/shape`, shape),
    shaped(
      makeNode(reshape, 'Reshape', [`${scope}${name}/Conv2D`, `${reshape}/shape`], { T: FLOAT }),
      shape,
    ),
  ]
}

function network(scope: string): NodeDef[] {
  const net = `${scope}FeatureExtractor/Net/Net`
  const top = { level: 1, side: 1, kinds: 2 }
  const low = { level: 0, side: 2, kinds: 3 }
  const concat = (name: string, reshape: string) =>
    makeNode(
      name,
      'ConcatV2',
      [...[0, 1].map((level) => `${scope}BoxPredictor_${level}/${reshape}`), `${scope}axis`],
      {
        T: FLOAT,
        Tidx: INT32,
        N: integerAttribute(2),
      },
    )
  return [
    conv(`${net}/Conv/Conv2D`, 'IteratorGetNext:1', 'FeatureExtractor/Net/Conv/weights', [
      BATCH,
      2,
      2,
      4,
    ]),
    ...batchNorm(scope),
    shaped(
      makeNode(`${net}/Relu6`, 'Relu6', [`${net}/Conv/BatchNorm/FusedBatchNormV3`], { T: FLOAT }),
      [BATCH, 2, 2, 4],
    ),
    shaped(
      makeNode(`${net}/MaxPool`, 'MaxPool', [`${net}/Relu6:0`], {
        T: FLOAT,
        ksize: integersAttribute([1, 2, 2, 1]),
        strides: integersAttribute([1, 2, 2, 1]),
        padding: textAttribute('SAME'),
      }),
      [BATCH, 1, 1, 4],
    ),
    ...dropout(scope, `${net}/Relu6`),
    ...predictor(scope, low, 'BoxEncodingPredictor', `${net}/Relu6`),
    ...predictor(scope, low, 'ClassPredictor', `${scope}BoxPredictor_0/Dropout/dropout/mul_1`),
    ...predictor(scope, top, 'BoxEncodingPredictor', `${net}/MaxPool`),
    ...predictor(scope, top, 'ClassPredictor', `${net}/MaxPool`),
    makeIntegers(`${scope}axis`, 1),
    concat(`${scope}concat`, 'Reshape'),
    concat(`${scope}concat_1`, 'Reshape_1'),
  ]
}

/** Makes the graph of a training of a small SSD: input, network, gradients and updates. */
export function trainingNodes({
  scope = '',
  change = (nodes) => nodes,
}: TrainingOptions = {}): NodeDef[] {
  const nodes = [
    shaped(makeNode('IteratorGetNext', 'IteratorGetNext', []), [BATCH], [BATCH, 2, 2, 3]),
    makeNode('step', 'NoOp'),
    ...Object.keys(VARIABLES).flatMap(variable),
    ...network(scope),
    makeNode('gradients/BoxPredictor_0/Reshape_grad/Reshape', 'Reshape', ['concat', 'axis']),
    makeNode('Momentum/update', 'ApplyMomentum', ['FeatureExtractor/Net/Conv/weights']),
  ]
  return change(nodes)
}

/** Replaces a node of a list, or leaves it out. */
export function replaceNode(
  nodes: readonly NodeDef[],
  name: string,
  ...others: NodeDef[]
): NodeDef[] {
  return nodes.flatMap((node) => (node.getName() === name ? others : [node]))
}

/** The values of a variable in the checkpoint: numbers that tell it and its average apart. */
export function valuesOf(key: string): Float32Array {
  const name = key.replace(/\/(ExponentialMovingAverage|Momentum)$/, '')
  const shape = VARIABLES[name] ?? [2]
  const count = shape.reduce((product, size) => product * size, 1)
  const base = Object.keys(VARIABLES).indexOf(name) + (key === name ? 0 : 0.5)
  return Float32Array.from({ length: count }, (_, place) => base + place / 100)
}

export const PIPELINE = `model { ssd {
  num_classes: ${CLASSES}
  image_resizer { fixed_shape_resizer { height: 2 width: 2 } }
  feature_extractor { type: 'ssd_mobilenet_v1' }
  anchor_generator { ssd_anchor_generator { num_layers: 2 aspect_ratios: 1.0 } }
  post_processing { score_converter: SIGMOID batch_non_max_suppression { score_threshold: 0.3 max_total_detections: 10 } }
} }
`

/** What lies in the folder of a made-up training. */
export interface TrainingFolder {
  readonly nodes?: readonly NodeDef[]
  readonly pipeline?: string
  /** Names of the tensors in the checkpoint. */
  readonly keys?: readonly string[]
  /** Shapes that differ from the network's. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>
}

/** The tensors of a checkpoint: the network, its averages, and slots of the optimizer. */
export const KEYS = [
  ...Object.keys(VARIABLES),
  ...TRAINED.flatMap((name) => [`${name}/ExponentialMovingAverage`, `${name}/Momentum`]),
]

/** Writes the folder of a training and gives the prefix of its newest checkpoint. */
export async function putTraining(directory: string, folder: TrainingFolder = {}): Promise<string> {
  const { nodes = trainingNodes(), pipeline = PIPELINE, keys = KEYS, shapes = {} } = folder
  const graph = new GraphDef()
  graph.setNodeList([...nodes])
  const meta = new MetaGraphDef()
  meta.setGraphDef(graph)
  const collection = bytesField(
    4,
    Buffer.concat([
      stringField(1, 'trainable_variables'),
      bytesField(
        2,
        bytesField(
          2,
          Buffer.concat(TRAINED.map((name) => bytesField(1, stringField(1, `${name}:0`)))),
        ),
      ),
    ]),
  )
  const prefix = join(directory, 'model.ckpt-7')
  put(directory, 'model.ckpt-7.meta', Buffer.concat([meta.serializeBinary(), collection]))
  put(directory, 'checkpoint', 'model_checkpoint_path: "/trainer/model.ckpt-7"\n')
  if (pipeline !== '') put(directory, 'pipeline.config', pipeline)
  await writeTensorBundle(
    prefix,
    keys.map((name) => tensorOf(name, shapes[name])),
  )
  return prefix
}

/** Makes a tensor of the checkpoint, of zeros where a shape is given. */
export function tensorOf(name: string, given?: readonly number[]) {
  const values =
    given === undefined ? valuesOf(name) : new Float32Array(given.reduce((a, b) => a * b, 1))
  const data = new Uint8Array(values.buffer)
  const shape = given ??
    VARIABLES[name.replace(/\/(ExponentialMovingAverage|Momentum)$/, '')] ?? [2]
  return { name, dtype: DataTypeEnum.DT_FLOAT, shape, size: data.length, data }
}

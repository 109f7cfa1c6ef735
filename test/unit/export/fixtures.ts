import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  makeConstant,
  makeFloats,
  makeIntegers,
  makeNode,
  shapeAttribute,
  typeAttribute,
} from '../../../src/export/node-builder.js'
import {
  AttrValue,
  DataTypeEnum,
  GraphDef,
  MetaGraphDef,
  type NodeDef,
  SavedModel,
  type SaverDef,
  type SignatureDef,
  TensorProto,
} from '../../../src/export/stubs.js'
import { writeTensorBundle } from '../../../src/export/tensor-bundle-writer.js'
import { makeVariables } from '../../../src/export/variables-form.js'
import { bytesField, varintField } from '../../../src/export/wire-writer.js'

const FLOAT = typeAttribute('DT_FLOAT')

/** What of a made-up detector differs from the usual one. */
export interface DetectorOptions {
  readonly inputShape?: readonly number[] | undefined
  readonly inputType?: 'DT_UINT8' | 'DT_FLOAT' | 'DT_STRING'
  readonly inputName?: string
}

/** The weight that `detectorNodes` has, once as constant, once read. */
export const WEIGHT = 'BoxPredictor_0/ClassPredictor/biases'
export const WEIGHT_VALUES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8]

/** Makes the skeleton of an Object Detection API graph: enough to be recognised, not to be run. */
export function detectorNodes(options: DetectorOptions = {}): NodeDef[] {
  const { inputType = 'DT_UINT8', inputName = 'image_tensor' } = options
  const shape = 'inputShape' in options ? options.inputShape : [-1, -1, -1, 3]
  const identity = (name: string, input: string) =>
    makeNode(name, 'Identity', [input], { T: FLOAT })
  return [
    makeNode(inputName, 'Placeholder', [], {
      dtype: typeAttribute(inputType),
      shape: shapeAttribute(shape),
    }),
    makeIntegers('Preprocessor/size', [30, 40]),
    makeNode('Preprocessor/ResizeBilinear', 'ResizeBilinear', [inputName, 'Preprocessor/size'], {
      T: typeAttribute('DT_UINT8'),
    }),
    makeFloats(WEIGHT, WEIGHT_VALUES),
    identity(`${WEIGHT}/read`, WEIGHT),
    makeFloats('BoxPredictor_0/BoxEncodingPredictor/biases', [0, 0, 0, 0, 0, 0, 0, 0]),
    identity(
      'BoxPredictor_0/BoxEncodingPredictor/biases/read',
      'BoxPredictor_0/BoxEncodingPredictor/biases',
    ),
    makeFloats('scalar', 0.5),
    ...OUTPUTS.map((name) => identity(name, 'Preprocessor/ResizeBilinear')),
  ]
}

const OUTPUTS = ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections']

export function graphBytes(nodes: readonly NodeDef[]): Uint8Array {
  return graphDef(nodes).serializeBinary()
}

function graphDef(nodes: readonly NodeDef[]): GraphDef {
  const graph = new GraphDef()
  graph.setNodeList([...nodes])
  return graph
}

/** Writes a file with the directories above it and gives its path. */
export function put(directory: string, name: string, content: Uint8Array | string): string {
  const path = join(directory, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** The detector with its weights as variables, without a file that holds them. */
export function variableNodes(): { readonly nodes: NodeDef[]; readonly saver: SaverDef } {
  const weights = VARIABLES.map((name) => ({ name, dtype: DataTypeEnum.DT_FLOAT, shape: [8] }))
  const { nodes, saver } = makeVariables(weights)
  const others = detectorNodes().filter((node) => !VARIABLES.includes(node.getName()))
  return { nodes: [...others, ...nodes], saver }
}

const VARIABLES = [WEIGHT, 'BoxPredictor_0/BoxEncodingPredictor/biases']

/** Writes the variables of `variableNodes` as a bundle. */
export async function putVariables(prefix: string): Promise<void> {
  const data = new Uint8Array(Float32Array.from(WEIGHT_VALUES).buffer)
  await writeTensorBundle(
    prefix,
    VARIABLES.map((name) => ({ name, dtype: DataTypeEnum.DT_FLOAT, shape: [8], size: 32, data })),
  )
}

/** Writes a checkpoint `model.ckpt` and gives its prefix. */
export async function putCheckpoint(
  directory: string,
  change: (meta: MetaGraphDef) => void = () => {},
): Promise<string> {
  const { nodes, saver } = variableNodes()
  const info = new MetaGraphDef.MetaInfoDef()
  info.setTagsList(['train'])
  info.setTensorflowVersion('1.13.1')
  const meta = new MetaGraphDef()
  meta.setMetaInfoDef(info)
  meta.setGraphDef(graphDef(nodes))
  meta.setSaverDef(saver)
  change(meta)
  const prefix = join(directory, 'model.ckpt')
  put(directory, 'model.ckpt.meta', meta.serializeBinary())
  await putVariables(prefix)
  return prefix
}

/** What a SavedModel is made of. */
export interface SavedModelParts {
  readonly nodes: readonly NodeDef[]
  readonly signatures: Readonly<Record<string, SignatureDef>>
  readonly saver?: SaverDef
  readonly tags?: readonly string[]
  readonly change?: (metaGraph: MetaGraphDef) => void
  /** Further serialised fields of the MetaGraphDef. */
  readonly fields?: readonly Uint8Array[]
}

/** Writes a `saved_model.pb` and gives its directory. */
export function putSavedModel(directory: string, parts: SavedModelParts): string {
  const info = new MetaGraphDef.MetaInfoDef()
  info.setTagsList([...(parts.tags ?? ['serve'])])
  const metaGraph = new MetaGraphDef()
  metaGraph.setMetaInfoDef(info)
  metaGraph.setGraphDef(graphDef(parts.nodes))
  if (parts.saver !== undefined) metaGraph.setSaverDef(parts.saver)
  for (const [name, signature] of Object.entries(parts.signatures)) {
    metaGraph.getSignatureDefMap().set(name, signature)
  }
  parts.change?.(metaGraph)
  const content = Buffer.concat([metaGraph.serializeBinary(), ...(parts.fields ?? [])])
  put(directory, 'saved_model.pb', Buffer.concat([varintField(1, 1), bytesField(2, content)]))
  return directory
}

/** Reads the one graph of a written SavedModel with the generated classes. */
export function writtenModel(directory: string): {
  readonly metaGraph: MetaGraphDef
  readonly nodes: ReadonlyMap<string, NodeDef>
} {
  const file = readFileSync(join(directory, 'saved_model.pb'))
  const [metaGraph] = SavedModel.deserializeBinary(file).getMetaGraphsList()
  const list = metaGraph!.getGraphDef()!.getNodeList()
  return { metaGraph: metaGraph!, nodes: new Map(list.map((node) => [node.getName(), node])) }
}

/** Makes a Const from a list of values instead of bytes, as TensorFlow writes short ones. */
export function listConstant(
  name: string,
  shape: readonly number[],
  fill: (tensor: TensorProto) => void,
): NodeDef {
  const node = makeConstant(name, 'DT_FLOAT', shape, new Uint8Array())
  const tensor = TensorProto.deserializeBinary(
    node.getAttrMap().get('value')!.getTensor()!.serializeBinary(),
  )
  fill(tensor)
  const value = new AttrValue()
  value.setTensor(tensor)
  node.getAttrMap().set('value', value)
  return node
}

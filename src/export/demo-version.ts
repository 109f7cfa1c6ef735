import { join } from 'node:path'
import { loadWeights, type WeightedGraph } from '../embedded/weights.js'
import { sizesOf } from './const-tensor.js'
import {
  DEMO_ANCHORS,
  DEMO_CLASSES,
  DEMO_MAX_DETECTIONS,
  DEMO_PLACEHOLDERS,
  DEMO_SIZE,
  makeDemoGraph,
} from './demo-graph.js'
import { SAVED_MODEL_FILE } from './detect-source.js'
import { INPUT_KEY, makeTensorInfo } from './detection-signature.js'
import { ExportError } from './export-error.js'
import { countBytes, type ProgressListener } from './progress.js'
import { DEFAULT_SIGNATURE, PREDICT_METHOD, writeSavedModel } from './saved-model-writer.js'
import { DataTypeEnum, type NodeDef, SignatureDef, type TensorProto, VersionDef } from './stubs.js'
import { type BundleTensor, writeTensorBundle } from './tensor-bundle-writer.js'
import { makeVariables } from './variables-form.js'
import { bytesField } from './wire-writer.js'
import {
  type InputForm,
  summarizeSignature,
  type VersionOptions,
  type WrittenVersion,
} from './written-version.js'

/** Fields of GraphDef. */
const GRAPH = { node: 1, versions: 4 }

/** GraphDef's version in TensorFlow 2.4; older servers take it too, because it asks no consumer for anything. */
const PRODUCER = 440

const ROWS = [-1, DEMO_MAX_DETECTIONS]
const OUTPUTS: Readonly<Record<string, readonly number[]>> = {
  detection_boxes: [...ROWS, 4],
  detection_scores: ROWS,
  detection_classes: ROWS,
  num_detections: [-1],
}

/**
 * Writes the demo model as a version for TF-Serving: `saved_model.pb`, and `variables/` when asked for, into a directory
 * that is made when it is missing. Equal options give equal bytes.
 *
 * Its signature is the embedded server's (`input_tensor`, uint8 `[batch, height, width, 3]`) unless the input is to be
 * `encoded`: then it is the Object Detection API's (`inputs`, strings `[batch]`, images of different sizes allowed). Throws
 * `ExportError` when the weights are not installed or a file cannot be written.
 */
export async function writeDemoVersion(
  directory: string,
  { input = 'pixels', variables = false, onProgress }: VersionOptions = {},
): Promise<WrittenVersion> {
  const nodes = makeDemoGraph(await readWeights(), input)
  const weights = variables ? nodes.filter(isWeight) : []
  const others = variables ? nodes.filter((node) => !isWeight(node)) : nodes
  const tensors = weights.map(toVariable)
  const form = variables ? makeVariables(tensors) : undefined
  const signature = makeSignature(input)
  const modelBytes = await writeSavedModel(join(directory, SAVED_MODEL_FILE), {
    graph: graphPieces([...others, ...(form?.nodes ?? [])]),
    signatures: new Map([[DEFAULT_SIGNATURE, signature]]),
    saver: form?.saver,
    onProgress,
  })
  const bundleBytes = variables ? await writeVariables(directory, tensors, onProgress) : 0
  const summary = summarizeSignature(DEFAULT_SIGNATURE, signature)
  return {
    signature: summary,
    input: summary.inputs[0]!,
    resizer: { kind: 'fixed', size: [DEMO_SIZE, DEMO_SIZE] },
    classes: DEMO_CLASSES,
    variables: tensors.length,
    bytes: modelBytes + bundleBytes,
  }
}

async function writeVariables(
  directory: string,
  tensors: readonly BundleTensor[],
  onProgress: ProgressListener | undefined,
): Promise<number> {
  const total = tensors.reduce((sum, { size }) => sum + size, 0)
  const count = countBytes(onProgress, 'write', total)
  const { bytes } = await writeTensorBundle(
    join(directory, 'variables', 'variables'),
    tensors,
    count,
  )
  return bytes
}

async function readWeights(): Promise<WeightedGraph> {
  try {
    return await loadWeights()
  } catch (cause) {
    const { message } = cause as Error
    throw new ExportError(`The demo model cannot be exported. ${message}`, { cause })
  }
}

function constantOf(node: NodeDef): TensorProto | undefined {
  return node.getOp() === 'Const' ? node.getAttrMap().get('value')?.getTensor() : undefined
}

/** Weights are what was trained: filters, biases and norms; not settings, and not the anchors. */
function isWeight(node: NodeDef): boolean {
  const tensor = constantOf(node)
  const isFloat = tensor?.getDtype() === DataTypeEnum.DT_FLOAT
  return isFloat && sizesOf(tensor.getTensorShape()!).length > 0 && node.getName() !== DEMO_ANCHORS
}

function toVariable(weight: NodeDef): BundleTensor {
  const tensor = constantOf(weight)!
  const data = tensor.getTensorContent_asU8()
  return {
    name: weight.getName(),
    dtype: tensor.getDtype(),
    shape: sizesOf(tensor.getTensorShape()!),
    size: data.length,
    data,
  }
}

/** Serialises node by node, so that no message holds all weights a second time. */
function graphPieces(nodes: readonly NodeDef[]): Uint8Array[] {
  const versions = new VersionDef()
  versions.setProducer(PRODUCER)
  return [
    ...nodes.map((node) => bytesField(GRAPH.node, node.serializeBinary())),
    bytesField(GRAPH.versions, versions.serializeBinary()),
  ]
}

function makeSignature(input: InputForm): SignatureDef {
  const signature = new SignatureDef()
  signature.setMethodName(PREDICT_METHOD)
  const node = DEMO_PLACEHOLDERS[input]
  if (input === 'pixels') {
    const info = makeTensorInfo(node, DataTypeEnum.DT_UINT8, [-1, -1, -1, 3])
    signature.getInputsMap().set('input_tensor', info)
  } else {
    signature.getInputsMap().set(INPUT_KEY, makeTensorInfo(node, DataTypeEnum.DT_STRING, [-1]))
  }
  for (const [name, shape] of Object.entries(OUTPUTS)) {
    signature.getOutputsMap().set(name, makeTensorInfo(name, DataTypeEnum.DT_FLOAT, shape))
  }
  return signature
}

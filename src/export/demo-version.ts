import { join } from 'node:path'
import { loadWeights, type WeightedGraph } from '../embedded/weights.js'
import { sizesOf } from './const-tensor.js'
import {
  DEMO_ANCHORS,
  DEMO_CLASSES,
  DEMO_MAX_DETECTIONS,
  DEMO_PLACEHOLDERS,
  DEMO_SIZE,
  type DemoInput,
  makeDemoGraph,
} from './demo-graph.js'
import { INPUT_KEY, makeTensorInfo } from './detection-signature.js'
import { ExportError } from './export-error.js'
import type { Resizer } from './resizer.js'
import { DEFAULT_SIGNATURE, PREDICT_METHOD, writeSavedModel } from './saved-model-writer.js'
import { DataTypeEnum, type NodeDef, SignatureDef, type TensorProto, VersionDef } from './stubs.js'
import { type BundleTensor, writeTensorBundle } from './tensor-bundle-writer.js'
import { makeVariables } from './variables-form.js'
import { bytesField } from './wire-writer.js'

/** Fields of GraphDef. */
const GRAPH = { node: 1, versions: 4 }

/** GraphDef's version in TensorFlow 2.4; older servers take it too, because it asks no consumer for anything. */
const PRODUCER = 440

const INPUTS = {
  pixels: { key: 'input_tensor', dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] },
  encoded: { key: INPUT_KEY, dtype: 'DT_STRING', shape: [-1] },
} as const satisfies Record<DemoInput, DemoVersion['input']>

const ROWS = [-1, DEMO_MAX_DETECTIONS]
const OUTPUTS: Readonly<Record<string, readonly number[]>> = {
  detection_boxes: [...ROWS, 4],
  detection_scores: ROWS,
  detection_classes: ROWS,
  num_detections: [-1],
}

export interface DemoVersionOptions {
  readonly input: DemoInput
  /** Puts the weights into `variables/`; otherwise they are constants of the graph. */
  readonly variables: boolean
}

/** What a written version of the demo model is called with, and what a card says of it. */
export interface DemoVersion {
  /** The one input of `serving_default`: its key there, its type and its shape, -1 where any size goes. */
  readonly input: {
    readonly key: string
    readonly dtype: 'DT_UINT8' | 'DT_STRING'
    readonly shape: readonly number[]
  }
  /** Keys of the outputs, all of them float32. */
  readonly outputs: readonly string[]
  readonly resizer: Resizer
  /** Class ids go from 1 to this. */
  readonly classes: number
}

/**
 * Writes the demo model as a version for TF-Serving: `saved_model.pb`, and `variables/` when asked for, into a directory
 * that is made when it is missing. Equal options give equal bytes.
 *
 * Its signature `serving_default` is the embedded server's (`input_tensor`, uint8 `[batch, height, width, 3]`) or, for
 * `encoded`, the Object Detection API's (`inputs`, strings `[batch]`, images of different sizes allowed). Throws
 * `ExportError` when the weights are not installed or a file cannot be written.
 */
export async function writeDemoVersion(
  outputDirectory: string,
  { input, variables }: DemoVersionOptions,
): Promise<DemoVersion> {
  const nodes = makeDemoGraph(await readWeights(), input)
  const file = join(outputDirectory, 'saved_model.pb')
  const signatures = new Map([[DEFAULT_SIGNATURE, makeSignature(input)]])
  if (variables) {
    const weights = nodes.filter(isWeight).map(toVariable)
    const others = nodes.filter((node) => !isWeight(node))
    const { nodes: added, saver } = makeVariables(weights)
    await writeTensorBundle(join(outputDirectory, 'variables', 'variables'), weights)
    await writeSavedModel(file, { graph: graphPieces([...others, ...added]), signatures, saver })
  } else await writeSavedModel(file, { graph: graphPieces(nodes), signatures })
  return {
    input: INPUTS[input],
    outputs: Object.keys(OUTPUTS),
    resizer: { kind: 'fixed', size: [DEMO_SIZE, DEMO_SIZE] },
    classes: DEMO_CLASSES,
  }
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

function makeSignature(input: DemoInput): SignatureDef {
  const { key, dtype, shape } = INPUTS[input]
  const signature = new SignatureDef()
  signature.setMethodName(PREDICT_METHOD)
  const info = makeTensorInfo(DEMO_PLACEHOLDERS[input], DataTypeEnum[dtype], shape)
  signature.getInputsMap().set(key, info)
  for (const [name, outputShape] of Object.entries(OUTPUTS)) {
    const output = makeTensorInfo(name, DataTypeEnum.DT_FLOAT, outputShape)
    signature.getOutputsMap().set(name, output)
  }
  return signature
}

import { join } from 'node:path'
import { SAVED_MODEL_FILE } from '../detect-source.js'
import { INPUT_KEY, makeTensorInfo } from '../detection-signature.js'
import type { MetaGraph } from '../meta-graph.js'
import { countBytes } from '../progress.js'
import { DEFAULT_SIGNATURE, PREDICT_METHOD, writeSavedModel } from '../saved-model-writer.js'
import { DataTypeEnum, SignatureDef, VersionDef } from '../stubs.js'
import { verifyBundle } from '../tensor-bundle-check.js'
import { type BundleIndex, readBundleIndex } from '../tensor-bundle-reader.js'
import { type BundleTensor, writeTensorBundle } from '../tensor-bundle-writer.js'
import { makeVariables } from '../variables-form.js'
import { bytesField } from '../wire-writer.js'
import { summarizeSignature, type VersionOptions, type WrittenVersion } from '../written-version.js'
import { findWeights, hasAverages, onlyWeights, type Weight } from './checkpoint-weights.js'
import { makeServedNetwork, resizerOf } from './make-network.js'
import type { TrainingPipeline } from './pipeline-settings.js'
import type { ServedNetwork } from './served-network.js'
import { readTrainingGraph, type TrainingGraph } from './training-graph.js'
import { constantPieces, openShards, weightTensor } from './weight-pieces.js'

const GRAPH = { node: 1, versions: 4 }

/** GraphDef's version in TensorFlow 1.15, for graphs that do not say theirs. */
const PRODUCER = 134

/**
 * Writes the checkpoint of a training graph as a SavedModel into `directory`: the network is cut out of the graph, and input,
 * anchors and post-processing are made as `pipeline.config` says. Only the variables that the network reads are taken,
 * and copied straight from the data files. Throws `ExportError` when a file is missing or damaged, they do not belong
 * together, or the model is of a kind that cannot be exported.
 */
export async function writeTrainingVersion(
  metaGraph: MetaGraph,
  prefix: string,
  pipeline: TrainingPipeline,
  directory: string,
  options: VersionOptions,
): Promise<WrittenVersion> {
  const training = readTrainingGraph(metaGraph)
  const network = makeServedNetwork(training, pipeline.model, options.input ?? 'pixels')
  const index = readBundleIndex(prefix)
  const averages = options.movingAverages ?? pipeline.useMovingAverages
  const weights = findWeights(training, index, network.variables, averages)
  const total = weights.reduce((sum, { entry }) => sum + entry.size, 0)
  await verifyBundle(onlyWeights(index, weights), countBytes(options.onProgress, 'verify', total))
  const signature = makeSignature(network)
  const bytes = await writeFiles(directory, training, index, network, weights, signature, options)
  const summary = summarizeSignature(DEFAULT_SIGNATURE, signature)
  return {
    signature: summary,
    input: summary.inputs[0]!,
    resizer: resizerOf(pipeline.model),
    classes: pipeline.model.classes,
    variables: options.variables ? weights.length : 0,
    bytes,
    notes: [averagesNote(pipeline, training, index, options.movingAverages)],
  }
}

/** Gives the signature of a served network: its placeholder and its outputs. */
export function makeSignature({ placeholder, nodes, outputs }: ServedNetwork): SignatureDef {
  const input = nodes.find((node) => node.getName() === placeholder)!
  const attributes = input.getAttrMap()
  const dims = attributes.get('shape')!.getShape()!.getDimList()
  const signature = new SignatureDef()
  signature.setMethodName(PREDICT_METHOD)
  const type = attributes.get('dtype')!.getType()
  const shape = dims.map((dim) => dim.getSize())
  signature.getInputsMap().set(INPUT_KEY, makeTensorInfo(placeholder, type, shape))
  for (const [name, sizes] of Object.entries(outputs)) {
    signature.getOutputsMap().set(name, makeTensorInfo(name, DataTypeEnum.DT_FLOAT, sizes))
  }
  return signature
}

async function writeFiles(
  directory: string,
  { graph }: TrainingGraph,
  index: BundleIndex,
  { nodes }: ServedNetwork,
  weights: readonly Weight[],
  signature: SignatureDef,
  { variables, onProgress }: VersionOptions,
): Promise<number> {
  const shards = openShards(index)
  try {
    const tensors = weights.map((weight) => weightTensor(weight, shards.sources))
    const form = variables ? makeVariables(tensors) : undefined
    const versions = new VersionDef()
    versions.setProducer(graph.producer || PRODUCER)
    const bytes = await writeSavedModel(join(directory, SAVED_MODEL_FILE), {
      graph: [
        ...[...nodes, ...(form?.nodes ?? [])].map((node) =>
          bytesField(GRAPH.node, node.serializeBinary()),
        ),
        ...(variables ? [] : tensors.flatMap(constantPieces)),
        bytesField(GRAPH.versions, versions.serializeBinary()),
      ],
      signatures: new Map([[DEFAULT_SIGNATURE, signature]]),
      saver: form?.saver,
      onProgress,
    })
    return variables ? bytes + (await writeVariables(directory, tensors, onProgress)) : bytes
  } finally {
    shards.close()
  }
}

async function writeVariables(
  directory: string,
  tensors: readonly BundleTensor[],
  onProgress: VersionOptions['onProgress'],
): Promise<number> {
  const total = tensors.reduce((sum, { size }) => sum + size, 0)
  const { bytes } = await writeTensorBundle(
    join(directory, 'variables', 'variables'),
    tensors,
    countBytes(onProgress, 'write', total),
  )
  return bytes
}

/** Weights and their averages differ much in short trainings, so that it is said which was taken. */
function averagesNote(
  { useMovingAverages }: TrainingPipeline,
  training: TrainingGraph,
  index: BundleIndex,
  asked: boolean | undefined,
): string {
  const by = asked === undefined ? 'eval_config of pipeline.config' : '--moving-averages'
  if (asked ?? useMovingAverages) return `Took the moving averages of the weights, as ${by} says`
  if (!hasAverages(training, index))
    return 'Took the weights; the checkpoint has no moving averages'
  return `Took the weights and not their moving averages, as ${by} says; --moving-averages on takes the averages`
}

import { join } from 'node:path'
import { countClasses } from './class-count.js'
import { SAVED_MODEL_FILE } from './detect-source.js'
import {
  type ImageInput,
  INPUT_KEY,
  makeDetectionSignature,
  makeTensorInfo,
} from './detection-signature.js'
import { addDecoder } from './encoded-input.js'
import { ExportError } from './export-error.js'
import { thawWeights } from './frozen-weights.js'
import type { Graph } from './graph.js'
import { type GraphChanges, graphPieces, joinChanges } from './graph-edit.js'
import type { Piece } from './piece.js'
import { countBytes } from './progress.js'
import { findResizer } from './resizer.js'
import { DEFAULT_SIGNATURE, writeSavedModel } from './saved-model-writer.js'
import { DataTypeEnum, type SaverDef, type SignatureDef } from './stubs.js'
import { writeTensorBundle } from './tensor-bundle-writer.js'
import {
  type InputForm,
  imageInputOf,
  summarizeSignature,
  type VersionOptions,
  type WrittenVersion,
} from './written-version.js'

/** A graph with the signature it is to be served by. */
export interface DetectorGraph {
  readonly graph: Graph
  readonly input: ImageInput
  /** The key of that input in the signature. */
  readonly inputKey: string
  readonly signatureName: string
  /** Changed in place where the input changes. */
  readonly signature: SignatureDef
  /** How variables are restored that are in the graph already. */
  readonly saver?: SaverDef | undefined
  /** Serialised MetaInfoDef to keep. */
  readonly metaInfo?: readonly Piece[] | undefined
  /** Further fields of MetaGraphDef to keep. */
  readonly metaGraphFields?: readonly Piece[] | undefined
}

/** Finds input and signature of an Object Detection API graph; throws `ExportError` when it is none. */
export function detectorGraph(graph: Graph): DetectorGraph {
  const { input, signature } = makeDetectionSignature(graph)
  return { graph, input, inputKey: INPUT_KEY, signatureName: DEFAULT_SIGNATURE, signature }
}

/**
 * Writes `saved_model.pb`, and `variables/` when weights become variables, into a directory. The graph's bytes are copied
 * but for the nodes that change.
 */
export async function writeDetectorGraph(
  detector: DetectorGraph,
  directory: string,
  options: VersionOptions,
): Promise<WrittenVersion> {
  const { graph, signature, signatureName } = detector
  const changes: GraphChanges[] = []
  const decoder = decoderChanges(detector, options.input)
  if (decoder !== undefined) changes.push(decoder)
  const thawed = options.variables ? thawWeights(graph) : undefined
  if (thawed !== undefined) changes.push(thawed.changes)

  const pieces = graphPieces(graph, changes.length === 0 ? undefined : joinChanges(changes))
  const modelBytes = await writeSavedModel(join(directory, SAVED_MODEL_FILE), {
    graph: pieces,
    signatures: new Map([[signatureName, signature]]),
    saver: thawed?.saver ?? detector.saver,
    metaInfo: detector.metaInfo,
    metaGraphFields: detector.metaGraphFields,
    onProgress: options.onProgress,
  })
  const bundle =
    thawed &&
    (await writeTensorBundle(
      join(directory, 'variables', 'variables'),
      thawed.tensors,
      countBytes(
        options.onProgress,
        'write',
        thawed.tensors.reduce((sum, { size }) => sum + size, 0),
      ),
    ))
  const summary = summarizeSignature(signatureName, signature)
  return {
    signature: summary,
    input: imageInputOf(summary)!,
    resizer: findResizer(graph),
    classes: countClasses(graph),
    variables: bundle?.tensors ?? 0,
    bytes: modelBytes + (bundle?.bytes ?? 0),
  }
}

/** Changes graph and signature to the form of input that is asked for; `undefined` when it has that form already. */
function decoderChanges(
  { graph, input, inputKey, signature }: DetectorGraph,
  form: InputForm | undefined,
): GraphChanges | undefined {
  const isEncoded = input.dtype === DataTypeEnum.DT_STRING
  if (form === undefined || isEncoded === (form === 'encoded')) return undefined
  if (form === 'pixels') {
    throw new ExportError(
      `${graph.source.name}: takes encoded images (${input.node.name}), and was asked for with --input pixels. ` +
        'Leave that out: the gateway sends what the model takes',
    )
  }
  const encoded = addDecoder(graph, input)
  signature
    .getInputsMap()
    .set(inputKey, makeTensorInfo(encoded.node, DataTypeEnum.DT_STRING, encoded.shape))
  return encoded.changes
}

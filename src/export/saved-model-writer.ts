import { ExportError } from './export-error.js'
import { writeOutput } from './output-file.js'
import { type Piece, pieceChunks, piecesLength } from './piece.js'
import { countBytes, type ProgressListener } from './progress.js'
import { MetaGraphDef, type SaverDef, type SignatureDef } from './stubs.js'
import { fieldHead, varintField } from './wire-writer.js'

/** The tag by which TF-Serving finds the graph in a SavedModel. */
export const SERVE_TAG = 'serve'

/** The signature that is called when a request names none. */
export const DEFAULT_SIGNATURE = 'serving_default'

/** The method of a signature that Predict may call; TF-Serving checks it when it is told to. */
export const PREDICT_METHOD = 'tensorflow/serving/predict'

/** Protobuf's limit for one message: a 32-bit signed length. */
const MESSAGE_LIMIT = 2 ** 31 - 1

const SAVED_MODEL = { schemaVersion: 1, metaGraphs: 2 }
const META_GRAPH = { metaInfo: 1, graph: 2 }
const TENSORFLOW_VERSION = '1.15.0'

/** What `saved_model.pb` is made of. */
export interface SavedModelContent {
  /** The serialised GraphDef, in any number of pieces; ranges of files are copied as they are. */
  readonly graph: readonly Piece[]
  /** By name, such as `serving_default`. */
  readonly signatures: ReadonlyMap<string, SignatureDef>
  /** How the variables are restored; without it the model has none. */
  readonly saver?: SaverDef | undefined
  /** Serialised MetaInfoDef instead of the one made of the two fields that follow. */
  readonly metaInfo?: readonly Piece[] | undefined
  /** `serve` unless given. */
  readonly tags?: readonly string[] | undefined
  /** The release that the graph is said to be written by; 1.15.0 unless given. */
  readonly tensorflowVersion?: string | undefined
  /** Further serialised fields of MetaGraphDef, written before the signatures. */
  readonly metaGraphFields?: readonly Piece[] | undefined
  readonly onProgress?: ProgressListener | undefined
}

/**
 * Writes a `saved_model.pb` with one graph and returns its length in bytes. Equal content gives equal bytes. Memory does
 * not grow with the graph: lengths are added up first, then pieces are copied one after the other. Throws `ExportError`
 * when the file would pass protobuf's limit of 2 GiB, before anything is written.
 */
export async function writeSavedModel(path: string, content: SavedModelContent): Promise<number> {
  const pieces = savedModelPieces(content)
  const length = piecesLength(pieces)
  if (length > MESSAGE_LIMIT) {
    throw new ExportError(
      `${path}: would have ${length} bytes, and protobuf takes no message over ${MESSAGE_LIMIT} (2 GiB). ` +
        'Export with --variables: the weights then lie in variables/, which has no limit',
    )
  }
  const count = countBytes(content.onProgress, 'write', length)
  return writeOutput(path, async (file) => {
    for await (const chunk of pieceChunks(pieces)) {
      await file.write(chunk)
      count(chunk.length)
    }
    return file.length
  })
}

function savedModelPieces(content: SavedModelContent): Piece[] {
  const metaInfo = content.metaInfo ?? [newMetaInfo(content)]
  const metaGraph = [
    fieldHead(META_GRAPH.metaInfo, piecesLength(metaInfo)),
    ...metaInfo,
    fieldHead(META_GRAPH.graph, piecesLength(content.graph)),
    ...content.graph,
    ...(content.metaGraphFields ?? []),
    signatureFields(content),
  ]
  return [
    varintField(SAVED_MODEL.schemaVersion, 1),
    fieldHead(SAVED_MODEL.metaGraphs, piecesLength(metaGraph)),
    ...metaGraph,
  ]
}

function newMetaInfo(content: SavedModelContent): Uint8Array {
  const info = new MetaGraphDef.MetaInfoDef()
  info.setTagsList([...(content.tags ?? [SERVE_TAG])])
  info.setTensorflowVersion(content.tensorflowVersion ?? TENSORFLOW_VERSION)
  info.setStrippedDefaultAttrs(true)
  return info.serializeBinary()
}

function signatureFields(content: SavedModelContent): Uint8Array {
  const fields = new MetaGraphDef()
  if (content.saver !== undefined) fields.setSaverDef(content.saver)
  const names = [...content.signatures.keys()].sort()
  for (const name of names) fields.getSignatureDefMap().set(name, content.signatures.get(name)!)
  return fields.serializeBinary()
}

import type { ByteSource } from './byte-source.js'
import { ExportError } from './export-error.js'
import { type Graph, readGraph } from './graph.js'
import { joinPieces, type Piece } from './piece.js'
import { readMessage } from './read-message.js'
import { MetaGraphDef, SaverDef, type SignatureDef } from './stubs.js'
import { assertDelimited, type ByteRange, scanFields, type WireField } from './wire-scanner.js'
import { VARINT } from './wire-writer.js'

const META_GRAPH = { info: 1, graph: 2, saver: 3, signature: 5, asset: 6, objects: 7 }
const META_INFO = { opList: 2 }
const SAVED_MODEL = { schemaVersion: 1, metaGraphs: 2 }

/** A MetaGraphDef in a file: a checkpoint's `.meta`, or one graph of a SavedModel. */
export interface MetaGraph {
  readonly source: ByteSource
  readonly graph: Graph
  readonly tags: readonly string[]
  /** The release that wrote it, empty when it does not say. */
  readonly tensorflowVersion: string
  readonly saver: SaverDef | undefined
  readonly signatures: ReadonlyMap<string, SignatureDef>
  /** Whether TensorFlow 2 wrote it: `tf.saved_model.load` then takes functions from the objects, not from the graph. */
  readonly hasObjects: boolean
  readonly assets: readonly string[]
  /** Serialised MetaInfoDef. */
  readonly info: readonly Piece[]
  /** Whole fields besides info, graph and signatures, as they are. */
  readonly otherFields: readonly Piece[]
}

/** Reads the MetaGraphDef that lies in a range of a file. Throws `ExportError` when it is damaged or has no graph. */
export function readMetaGraph(source: ByteSource, range: ByteRange): MetaGraph {
  const fields = [...scanFields(source, range)]
  for (const field of fields) assertDelimited(source, field, 'a part of a MetaGraphDef')
  const ofNumber = (number: number) => fields.filter((field) => field.number === number)
  const content = (field: WireField): Piece => ({ source, start: field.start, end: field.end })
  const whole = (field: WireField): Piece => ({ source, start: field.tagStart, end: field.end })

  const graphs = ofNumber(META_GRAPH.graph)
  if (graphs.length === 0) throw new ExportError(`${source.name}: holds no graph (graph_def)`)
  const info = ofNumber(META_GRAPH.info).map(content)
  const savers = ofNumber(META_GRAPH.saver).map(content)
  const parts = [...ofNumber(META_GRAPH.signature), ...ofNumber(META_GRAPH.asset)].map(whole)
  const named = readMessage(source.name, 'a signature or asset in it', () =>
    MetaGraphDef.deserializeBinary(joinPieces(parts)),
  )
  const { tags, tensorflowVersion } = readInfo(source, ofNumber(META_GRAPH.info))
  const rewritten: readonly number[] = [META_GRAPH.info, META_GRAPH.graph, META_GRAPH.signature]
  return {
    source,
    graph: readGraph(source, graphs),
    tags,
    tensorflowVersion,
    saver:
      savers.length === 0
        ? undefined
        : readMessage(source.name, 'the saver in it', () =>
            SaverDef.deserializeBinary(joinPieces(savers)),
          ),
    signatures: new Map(namedSignatures(named)),
    hasObjects: ofNumber(META_GRAPH.objects).length > 0,
    assets: named.getAssetFileDefList().map((asset) => asset.getFilename()),
    info,
    otherFields: fields.filter(({ number }) => !rewritten.includes(number)).map(whole),
  }
}

function* namedSignatures(metaGraph: MetaGraphDef): Generator<[string, SignatureDef]> {
  for (const entry of metaGraph.getSignatureDefMap().entries())
    yield entry as [string, SignatureDef]
}

/** The list of ops is left out: it can be large and is not needed. */
function readInfo(
  source: ByteSource,
  infos: readonly WireField[],
): { readonly tags: readonly string[]; readonly tensorflowVersion: string } {
  const fields = infos
    .flatMap((info) => [...scanFields(source, info)])
    .filter(({ number }) => number !== META_INFO.opList)
    .map(({ tagStart, end }) => source.read(tagStart, end))
  const info = readMessage(source.name, 'what it says of itself (meta_info_def)', () =>
    MetaGraphDef.MetaInfoDef.deserializeBinary(Buffer.concat(fields)),
  )
  return { tags: info.getTagsList(), tensorflowVersion: info.getTensorflowVersion() }
}

/** Reads the graphs of a `saved_model.pb`. Throws `ExportError` when it is damaged, or of a later schema than 1. */
export function readSavedModel(source: ByteSource): MetaGraph[] {
  const metaGraphs: MetaGraph[] = []
  for (const field of scanFields(source, { start: 0, end: source.size })) {
    if (field.number === SAVED_MODEL.schemaVersion && field.wireType === VARINT) {
      if (field.value > 1) {
        throw new ExportError(
          `${source.name}: has the SavedModel schema ${field.value}; only 1 is known`,
        )
      }
    } else if (field.number === SAVED_MODEL.metaGraphs) {
      assertDelimited(source, field, 'a graph of a SavedModel')
      metaGraphs.push(readMetaGraph(source, field))
    }
  }
  if (metaGraphs.length === 0) throw new ExportError(`${source.name}: holds no graph (meta_graphs)`)
  return metaGraphs
}

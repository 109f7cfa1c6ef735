import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openSource } from './byte-source.js'
import { copyOutput } from './copy-file.js'
import { type DetectorGraph, detectorGraph, writeDetectorGraph } from './detector-graph.js'
import { ExportError } from './export-error.js'
import { type Graph, inputNode, nodesOf } from './graph.js'
import { type MetaGraph, readMetaGraph } from './meta-graph.js'
import type { Piece } from './piece.js'
import { countBytes } from './progress.js'
import { assertRestorable } from './restored-names.js'
import { SERVE_TAG } from './saved-model-writer.js'
import { SaverDef } from './stubs.js'
import { verifyBundle } from './tensor-bundle-check.js'
import { type BundleIndex, readBundleIndex } from './tensor-bundle-reader.js'
import { shardPath } from './tensor-bundle-writer.js'
import { writeTrainingCheckpoint } from './training/training-checkpoint.js'
import { trainingNode } from './training/training-graph.js'
import { assertNoTrainingOptions } from './training/training-options.js'
import { scanFields } from './wire-scanner.js'
import { stringField } from './wire-writer.js'
import type { VersionOptions, WrittenVersion } from './written-version.js'

/** The field of MetaInfoDef that holds a tag. */
const TAGS_FIELD = 4

/** The key under which TensorFlow 2 keeps the tree of objects in a checkpoint. */
const OBJECT_GRAPH_KEY = '_CHECKPOINTABLE_OBJECT_GRAPH'

/**
 * Writes a TensorFlow 1 checkpoint as a SavedModel into `directory`. That of an inference graph has its weights copied as
 * `variables/`, and the graph gets signature and tag; out of a training graph the network is cut. Throws `ExportError` when
 * a file is missing or damaged, or graph and weights do not belong together.
 */
export async function writeCheckpoint(
  prefix: string,
  directory: string,
  options: VersionOptions = {},
): Promise<WrittenVersion> {
  const source = openSource(metaFile(prefix))
  try {
    const metaGraph = readMetaGraph(source, { start: 0, end: source.size })
    if (trainingNode(metaGraph.graph) !== undefined) {
      return await writeTrainingCheckpoint(metaGraph, prefix, directory, options)
    }
    assertNoTrainingOptions(prefix, options)
    const detector = checkpointGraph(metaGraph)
    const index = readBundleIndex(prefix)
    assertRestorable(metaGraph.graph, index)
    const bytes = [...index.entries.values()].reduce((sum, { size }) => sum + size, 0)
    await verifyBundle(index, countBytes(options.onProgress, 'verify', bytes))
    // Weights are variables already.
    const written = await writeDetectorGraph(detector, directory, { ...options, variables: false })
    const copied = await copyVariables(index, directory)
    return { ...written, variables: index.entries.size, bytes: written.bytes + copied }
  } finally {
    source.close()
  }
}

/** Finds a checkpoint's graph; throws `ExportError` that tells what the checkpoint is when it has none. */
export function metaFile(prefix: string): string {
  const meta = `${prefix}.meta`
  if (existsSync(meta)) return meta
  if (!existsSync(`${prefix}.index`)) {
    throw new ExportError(
      `${prefix}: is no checkpoint: there is neither ${basename(meta)} nor ${basename(prefix)}.index`,
    )
  }
  if (readBundleIndex(prefix).entries.has(OBJECT_GRAPH_KEY)) {
    throw new ExportError(
      `${prefix}.index: is a TensorFlow 2 checkpoint, which holds weights but no graph. Export the SavedModel that ` +
        'exporter_main_v2.py writes from it',
    )
  }
  throw new ExportError(
    `${meta}: is missing: it holds the graph, the other files only the weights. Copy the .meta of the same training ` +
      'beside them; that of any step fits',
  )
}

/** Gives the graph of a checkpoint with what a server needs; throws `ExportError` when it is not one for inference. */
export function checkpointGraph(metaGraph: MetaGraph): DetectorGraph {
  const { graph, saver, source } = metaGraph
  assertNotTraining(graph)
  const detector = detectorGraph(graph)
  if (saver === undefined) {
    throw new ExportError(
      `${source.name}: has no saver (saver_def), so that the weights could not be restored. Save it with tf.train.Saver`,
    )
  }
  if (saver.getVersion() !== SaverDef.CheckpointFormatVersion.V2) {
    throw new ExportError(
      `${source.name}: belongs to a checkpoint of the old format V${saver.getVersion()}. Load it with TensorFlow and ` +
        'save it with tf.train.Saver(write_version=tf.train.SaverDef.V2)',
    )
  }
  for (const name of [saver.getFilenameTensorName(), saver.getRestoreOpName()]) {
    if (graph.nodes.has(inputNode(name))) continue
    throw new ExportError(`${source.name}: its saver names the node ${name}, which the graph lacks`)
  }
  return {
    ...detector,
    metaInfo: servedInfo(metaGraph),
    metaGraphFields: metaGraph.otherFields,
  }
}

function assertNotTraining(graph: Graph): void {
  const training = trainingNode(graph)
  if (training === undefined) return
  const placeholders = nodesOf(graph, 'Placeholder').map(({ name }) => name)
  throw new ExportError(
    `${graph.source.name}: is the checkpoint of a training graph (it has the node ${training.name}, ${training.op}, and no ` +
      `placeholder image_tensor; placeholders: ${placeholders.join(', ') || 'none'}). Export the checkpoint or ` +
      'frozen_inference_graph.pb that export_inference_graph.py writes from it',
  )
}

/** TF-Serving looks for a graph whose tags are exactly `serve`, so others are left out. */
function servedInfo({ info }: MetaGraph): Piece[] {
  const kept = info.flatMap((piece): Piece[] => {
    if (piece instanceof Uint8Array) return [piece]
    const { source } = piece
    return [...scanFields(source, piece)]
      .filter(({ number }) => number !== TAGS_FIELD)
      .map(({ tagStart, end }) => ({ source, start: tagStart, end }))
  })
  return [...kept, stringField(TAGS_FIELD, SERVE_TAG)]
}

/** The names of the files are not in the index, so they may change. */
async function copyVariables(index: BundleIndex, directory: string): Promise<number> {
  const prefix = join(directory, 'variables', 'variables')
  let bytes = await copyOutput(`${index.prefix}.index`, `${prefix}.index`)
  for (const [shard, path] of index.shards.entries()) {
    bytes += await copyOutput(path, shardPath(prefix, shard, index.shards.length))
  }
  return bytes
}

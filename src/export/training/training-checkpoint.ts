import { readFile } from 'node:fs/promises'
import { ExportError, fileError } from '../export-error.js'
import type { MetaGraph } from '../meta-graph.js'
import type { VersionOptions, WrittenVersion } from '../written-version.js'
import { readPipeline } from './pipeline-config.js'
import { findPipelineFile } from './pipeline-file.js'
import type { TrainingPipeline } from './pipeline-settings.js'
import { trainingNode } from './training-graph.js'
import { writeTrainingVersion } from './training-version.js'

/**
 * Writes a checkpoint that a trainer left as a SavedModel into `directory`, with the help of its `pipeline.config`. Throws
 * `ExportError` as `writeTrainingVersion` does, and when that file is missing or says what cannot be exported.
 */
export async function writeTrainingCheckpoint(
  metaGraph: MetaGraph,
  prefix: string,
  directory: string,
  options: VersionOptions,
): Promise<WrittenVersion> {
  const pipeline = await openPipeline(metaGraph, prefix, options.pipeline)
  return writeTrainingVersion(metaGraph, prefix, pipeline, directory, options)
}

/** Reads the configuration of a training: the file given, or the one beside its checkpoint. Throws `ExportError`. */
export async function openPipeline(
  { graph }: MetaGraph,
  prefix: string,
  given: string | undefined,
): Promise<TrainingPipeline> {
  const file = given ?? findPipelineFile(prefix)
  if (file === undefined) {
    const node = trainingNode(graph)
    throw new ExportError(
      `${prefix}: is the checkpoint of a training graph (it has the node ${node?.name}, ${node?.op}), and there is no ` +
        'pipeline.config beside it: image size, anchors and thresholds are only there. Copy it there, or name it with ' +
        '--pipeline FILE',
    )
  }
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw fileError('read it', file, cause)
  }
  return readPipeline(text, file)
}

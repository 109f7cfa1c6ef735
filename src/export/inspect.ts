import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ByteSource, openSource } from './byte-source.js'
import { checkpointGraph, metaFile } from './checkpoint.js'
import { countClasses } from './class-count.js'
import { dataTypeName } from './data-types.js'
import { detectSource, SAVED_MODEL_FILE, type Source } from './detect-source.js'
import { detectorGraph } from './detector-graph.js'
import { ExportError } from './export-error.js'
import { type Graph, readGraph } from './graph.js'
import { type GraphInspection, inspectGraph } from './graph-inspection.js'
import { type MetaGraph, readMetaGraph, readSavedModel } from './meta-graph.js'
import { Problems } from './problems.js'
import { assertRestorable } from './restored-names.js'
import {
  assertServable,
  assertVariables,
  chooseSignature,
  servedGraph,
  variablesPrefix,
} from './saved-model-check.js'
import { DEFAULT_SIGNATURE } from './saved-model-writer.js'
import { verifyBundle } from './tensor-bundle-check.js'
import { type BundleIndex, readBundleIndex } from './tensor-bundle-reader.js'
import { trainingNode } from './training/training-graph.js'
import { inspectTraining, type TrainingSummary } from './training/training-inspection.js'
import { type SignatureSummary, summarizeSignature } from './written-version.js'

/** A variable as it is stored. */
export interface VariableSummary {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly bytes: number
}

/** What `inspect` tells of a model; ready for JSON. */
export interface Inspection {
  readonly path: string
  readonly kind: Source['kind']
  /** The release that wrote it, `null` when it does not say. */
  readonly tensorflowVersion: string | null
  /** Of each graph in a SavedModel. */
  readonly tags: readonly (readonly string[])[]
  /** Those in the file; of a frozen graph or checkpoint, the one that an export would write. */
  readonly signatures: readonly SignatureSummary[]
  readonly variables: readonly VariableSummary[]
  /** `null` for a checkpoint without graph. */
  readonly graph: GraphInspection | null
  /** Of the checkpoint that a trainer left; `null` for everything else. */
  readonly training: TrainingSummary | null
  /** Why it cannot be exported or served as it is; empty when it can. */
  readonly problems: readonly string[]
}

/**
 * Tells what a model, graph or checkpoint holds, and whether it can be exported: everything that an export checks is
 * checked, checksums of the weights too. `pipeline` is the configuration of a training, where it does not lie beside the
 * checkpoint. Throws `ExportError` only when there is nothing of the kind at the path, or it
 * cannot be read at all.
 */
export async function inspectPath(path: string, pipeline?: string): Promise<Inspection> {
  const source = detectSource(path)
  switch (source.kind) {
    case 'frozen-graph':
      return inspectFrozenGraph(source.file)
    case 'checkpoint':
      return inspectCheckpoint(source.prefix, pipeline)
    case 'saved-model':
      return inspectSavedModel(source.directory)
  }
}

async function inspectFrozenGraph(file: string): Promise<Inspection> {
  return withSource(file, async (source) => {
    const graph = readGraph(source, [{ start: 0, end: source.size }])
    const problems = new Problems()
    const signatures = await problems.collect(() => [exportSignature(graph)])
    return {
      path: file,
      kind: 'frozen-graph',
      tensorflowVersion: null,
      tags: [],
      signatures: signatures ?? [],
      variables: [],
      graph: inspectGraph(graph, countClasses(graph)),
      training: null,
      problems: problems.messages,
    }
  })
}

async function inspectCheckpoint(
  prefix: string,
  pipeline: string | undefined,
): Promise<Inspection> {
  const problems = new Problems()
  const index = await problems.collect(() => readBundleIndex(prefix))
  const verify = () => problems.collect(() => index && verifyBundle(index))
  const found = {
    path: prefix,
    kind: 'checkpoint',
    tags: [],
    variables: summarizeVariables(index),
  } as const
  const file = await problems.collect(() => metaFile(prefix))
  if (file === undefined) {
    if (index === undefined) throw new ExportError(problems.messages.join('; '))
    await verify()
    const { messages } = problems
    const none = { tensorflowVersion: null, signatures: [], graph: null, training: null }
    return { ...found, ...none, problems: messages }
  }
  return withSource(file, async (source) => {
    const metaGraph = readMetaGraph(source, { start: 0, end: source.size })
    const { graph, tensorflowVersion } = metaGraph
    if (trainingNode(graph) !== undefined) {
      const { summary, signatures } = await inspectTraining(
        metaGraph,
        prefix,
        index,
        pipeline,
        problems,
      )
      const { resizer, classes } = summary
      return {
        ...found,
        tensorflowVersion: tensorflowVersion || null,
        signatures,
        // The graph of a training resizes in its input pipeline, if at all.
        graph: { ...inspectGraph(graph, undefined), resizer, classes },
        training: summary,
        problems: problems.messages,
      }
    }
    await verify()
    const signatures = await problems.collect(() => {
      checkpointGraph(metaGraph)
      return [exportSignature(graph)]
    })
    if (index !== undefined) await problems.collect(() => assertRestorable(graph, index))
    return {
      ...found,
      tensorflowVersion: tensorflowVersion || null,
      signatures: signatures ?? [],
      graph: inspectGraph(graph, countClasses(graph)),
      training: null,
      problems: problems.messages,
    }
  })
}

async function inspectSavedModel(directory: string): Promise<Inspection> {
  return withSource(join(directory, SAVED_MODEL_FILE), async (source) => {
    const metaGraphs = readSavedModel(source)
    const problems = new Problems()
    const served =
      (await problems.collect(() => servedGraph(directory, metaGraphs))) ?? metaGraphs[0]!
    const index = await checkSavedModel(directory, served, problems)
    const { graph, hasObjects, signatures, tensorflowVersion } = served
    return {
      path: directory,
      kind: 'saved-model',
      tensorflowVersion: tensorflowVersion || null,
      tags: metaGraphs.map(({ tags }) => tags),
      signatures: [...signatures].map(([name, signature]) => summarizeSignature(name, signature)),
      variables: summarizeVariables(index),
      graph: inspectGraph(graph, hasObjects ? undefined : countClasses(graph)),
      training: null,
      problems: problems.messages,
    }
  })
}

async function checkSavedModel(
  directory: string,
  served: MetaGraph,
  problems: Problems,
): Promise<BundleIndex | undefined> {
  await problems.collect(() => chooseSignature(served))
  await problems.collect(() => assertServable(directory, served))
  await problems.collect(() => assertVariables(directory, served))
  const prefix = variablesPrefix(directory)
  if (!existsSync(`${prefix}.index`)) return undefined
  const index = await problems.collect(() => readBundleIndex(prefix))
  if (index !== undefined) await problems.collect(() => verifyBundle(index))
  return index
}

async function withSource<T>(file: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = openSource(file)
  try {
    return await use(source)
  } finally {
    source.close()
  }
}

function exportSignature(graph: Graph): SignatureSummary {
  return summarizeSignature(DEFAULT_SIGNATURE, detectorGraph(graph).signature)
}

function summarizeVariables(index: BundleIndex | undefined): VariableSummary[] {
  return [...(index?.entries.values() ?? [])]
    .filter(({ isSlice }) => !isSlice)
    .map(({ name, dtype, shape, size }) => ({
      name,
      dtype: dataTypeName(dtype),
      shape,
      bytes: size,
    }))
}

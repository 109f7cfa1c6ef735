import { openSource } from '../byte-source.js'
import type { MetaGraph } from '../meta-graph.js'
import type { Problems } from '../problems.js'
import type { Resizer } from '../resizer.js'
import { DEFAULT_SIGNATURE } from '../saved-model-writer.js'
import { DataTypeEnum } from '../stubs.js'
import { verifyBundle } from '../tensor-bundle-check.js'
import type { BundleIndex } from '../tensor-bundle-reader.js'
import { type SignatureSummary, summarizeSignature } from '../written-version.js'
import { findWeights, hasAverages, onlyWeights, type Weight } from './checkpoint-weights.js'
import { makeServedNetwork, resizerOf } from './make-network.js'
import type { ModelSettings, SsdSettings, TrainingPipeline } from './pipeline-settings.js'
import type { ServedNetwork } from './served-network.js'
import { openPipeline } from './training-checkpoint.js'
import { readTrainingGraph } from './training-graph.js'
import { makeSignature } from './training-version.js'

/** The variable in which trainers count. */
const STEP_VARIABLE = 'global_step'
const STEP_BYTES = 8

/** The anchors that a model predicts boxes for. */
export interface AnchorSummary {
  readonly generator: SsdSettings['anchors']['kind'] | 'grid'
  /** Feature maps that they lie on. */
  readonly levels: number
  /** Of an image; `null` where it depends on the image. */
  readonly count: number | null
  /** Kinds at one place of a grid, where it is the same everywhere. */
  readonly kinds: number | null
}

/** What is told of the checkpoint that a trainer left; `null` for what its `pipeline.config` would tell. */
export interface TrainingSummary {
  readonly pipeline: string | null
  readonly family: ModelSettings['kind'] | null
  /** `feature_extractor.type`. */
  readonly body: string | null
  /** Without the background. */
  readonly classes: number | null
  /** How the network will resize images by itself. */
  readonly resizer: Resizer | null
  /** The steps it was trained for; `null` when the checkpoint does not count them. */
  readonly steps: number | null
  readonly anchors: AnchorSummary | null
  readonly movingAverages: {
    /** Whether the checkpoint has them. */
    readonly stored: boolean
    /** Whether an export takes them, by `eval_config`. */
    readonly used: boolean | null
  }
  /** The variables that an export takes; the others are the optimizer's and the averages'. */
  readonly weights: { readonly count: number; readonly bytes: number } | null
}

/** A training checkpoint, and the signature that an export would give it. */
export interface TrainingInspection {
  readonly summary: TrainingSummary
  readonly signatures: readonly SignatureSummary[]
}

/**
 * Tells what a training checkpoint holds and does everything that an export does but to write, so that whatever an export
 * would refuse is among the problems. `pipeline` is its configuration where that does not lie beside it.
 */
export async function inspectTraining(
  metaGraph: MetaGraph,
  prefix: string,
  index: BundleIndex | undefined,
  pipeline: string | undefined,
  problems: Problems,
): Promise<TrainingInspection> {
  const training = readTrainingGraph(metaGraph)
  const config = await problems.collect(() => openPipeline(metaGraph, prefix, pipeline))
  const network =
    config && (await problems.collect(() => makeServedNetwork(training, config.model, 'pixels')))
  const weights =
    network &&
    index &&
    (await problems.collect(() =>
      findWeights(training, index, network.variables, config.useMovingAverages),
    ))
  if (index !== undefined) {
    await problems.collect(() => verifyBundle(weights ? onlyWeights(index, weights) : index))
  }
  return {
    summary: {
      ...summarizeModel(config),
      steps: (index && (await problems.collect(() => readSteps(index)))) ?? null,
      anchors: config && network ? summarizeAnchors(config.model, network) : null,
      movingAverages: {
        stored: index !== undefined && hasAverages(training, index),
        used: config?.useMovingAverages ?? null,
      },
      weights: weights ? summarizeWeights(weights) : null,
    },
    signatures: network ? [summarizeSignature(DEFAULT_SIGNATURE, makeSignature(network))] : [],
  }
}

function summarizeModel(
  config: TrainingPipeline | undefined,
): Pick<TrainingSummary, 'pipeline' | 'family' | 'body' | 'classes' | 'resizer'> {
  if (config === undefined) {
    return { pipeline: null, family: null, body: null, classes: null, resizer: null }
  }
  const { file, model } = config
  return {
    pipeline: file,
    family: model.kind,
    body: model.extractor,
    classes: model.classes,
    resizer: resizerOf(model),
  }
}

function summarizeAnchors(model: ModelSettings, { outputs }: ServedNetwork): AnchorSummary {
  if (model.kind === 'faster_rcnn') {
    const { scales, aspectRatios } = model.anchors
    const kinds = scales.length * aspectRatios.length
    return { generator: 'grid', levels: 1, count: null, kinds }
  }
  const { anchors } = model
  const count = outputs.raw_detection_boxes?.[1] ?? null
  if (anchors.kind === 'ssd') {
    return { generator: anchors.kind, levels: anchors.layers, count, kinds: null }
  }
  const levels = anchors.maxLevel - anchors.minLevel + 1
  const kinds = anchors.aspectRatios.length * anchors.scalesPerOctave
  return { generator: anchors.kind, levels, count, kinds }
}

function summarizeWeights(weights: readonly Weight[]): { count: number; bytes: number } {
  return {
    count: weights.length,
    bytes: weights.reduce((sum, { entry }) => sum + entry.size, 0),
  }
}

/** Reads the counter out of the data file. */
function readSteps({ entries, shards }: BundleIndex): number | undefined {
  const entry = entries.get(STEP_VARIABLE)
  const path = entry && shards[entry.shard]
  const isCounter = entry?.dtype === DataTypeEnum.DT_INT64 && entry.size === STEP_BYTES
  if (!isCounter || path === undefined) return undefined
  const source = openSource(path)
  try {
    const bytes = source.read(entry.offset, entry.offset + STEP_BYTES)
    return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true))
  } finally {
    source.close()
  }
}

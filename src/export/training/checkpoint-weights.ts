import { sizesOf } from '../const-tensor.js'
import { dataTypeName, plainType } from '../data-types.js'
import { ExportError } from '../export-error.js'
import { attributeOf } from '../graph.js'
import type { BundleEntry, BundleIndex } from '../tensor-bundle-reader.js'
import type { TrainingGraph } from './training-graph.js'

/** How TensorFlow's ExponentialMovingAverage calls the average of a variable. */
const AVERAGE = '/ExponentialMovingAverage'

/** A weight of the network and where its value lies. */
export interface Weight {
  /** The variable's own name, whichever value is taken. */
  readonly name: string
  readonly entry: BundleEntry
}

/**
 * Finds the values of variables in a checkpoint: their own, or with `averages` the moving averages of those that were
 * trained. Throws `ExportError` with the key when one is missing, partitioned, or not of the shape that the graph has.
 */
export function findWeights(
  { graph, trainable }: TrainingGraph,
  index: BundleIndex,
  variables: readonly string[],
  averages: boolean,
): Weight[] {
  return variables.map((name) => {
    const isAverage = averages && trainable.has(name)
    const key = isAverage ? `${name}${AVERAGE}` : name
    const entry = index.entries.get(key)
    if (entry === undefined) throw missing(index, graph.source.name, key, isAverage)
    if (entry.isSliced) {
      throw new ExportError(
        `${index.prefix}.index: the variable ${key} is partitioned into slices, which cannot be joined here. Export the ` +
          'frozen_inference_graph.pb that export_inference_graph.py writes',
      )
    }
    assertFits({ graph, trainable }, index, name, entry)
    return { name, entry }
  })
}

/**
 * Leaves of a checkpoint's index what an export takes: a checkpoint holds several times the network, and slots of the
 * optimizer and averages are neither read nor missed.
 */
export function onlyWeights(index: BundleIndex, weights: readonly Weight[]): BundleIndex {
  return { ...index, entries: new Map(weights.map(({ entry }) => [entry.name, entry])) }
}

/** Tells whether a checkpoint has moving averages of trained variables. */
export function hasAverages({ trainable }: TrainingGraph, index: BundleIndex): boolean {
  return [...trainable].some((name) => index.entries.has(`${name}${AVERAGE}`))
}

function missing(index: BundleIndex, graph: string, key: string, isAverage: boolean): ExportError {
  const advice = isAverage
    ? 'The training kept no moving averages, or only of other variables: export with --moving-averages off for the ' +
      'weights as they are'
    : `${graph} and the checkpoint are not of the same training`
  return new ExportError(`${index.prefix}.index: has no variable ${key}. ${advice}`)
}

function assertFits(
  { graph }: TrainingGraph,
  index: BundleIndex,
  name: string,
  { name: key, shape, dtype }: BundleEntry,
): void {
  const node = graph.nodes.get(name)!
  const proto = attributeOf(graph, node, 'shape')?.getShape()
  const wanted = proto === undefined ? undefined : sizesOf(proto)
  const type = attributeOf(graph, node, 'dtype')?.getType()
  const isShape = wanted === undefined || wanted.join() === shape.join()
  const isType = type === undefined || plainType(type) === dtype
  if (isShape && isType) return
  throw new ExportError(
    `${index.prefix}.index: the variable ${key} is ${dataTypeName(dtype)} [${shape}], ${graph.source.name} has ` +
      `${dataTypeName(type ?? dtype)} [${wanted}]: graph and weights are not of the same training`,
  )
}

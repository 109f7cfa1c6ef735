import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataTypeName, plainType } from './data-types.js'
import { SAVED_MODEL_FILE } from './detect-source.js'
import { ExportError } from './export-error.js'
import { attributeOf, inputNode, nodesOf } from './graph.js'
import type { MetaGraph } from './meta-graph.js'
import { outputCount, outputType } from './output-type.js'
import { assertRestorable } from './restored-names.js'
import { DEFAULT_SIGNATURE, PREDICT_METHOD, SERVE_TAG } from './saved-model-writer.js'
import type { TensorInfoProto } from './stubs.js'
import { type BundleIndex, readBundleIndex } from './tensor-bundle-reader.js'
import { summarizeSignature } from './written-version.js'

const VARIABLE_OPS = ['VarHandleOp', 'VariableV2', 'Variable']

/** Gives the path of a SavedModel's variables without `.index` and `.data-...`. */
export function variablesPrefix(directory: string): string {
  return join(directory, 'variables', 'variables')
}

/** Chooses the graph that TF-Serving loads; throws `ExportError` with the tags there are when none has exactly `serve`. */
export function servedGraph(directory: string, metaGraphs: readonly MetaGraph[]): MetaGraph {
  const served = metaGraphs.find(({ tags }) => tags.length === 1 && tags[0] === SERVE_TAG)
  if (served !== undefined) return served
  const tags = metaGraphs.map((metaGraph) => `{${metaGraph.tags.join(', ')}}`).join(' and ')
  throw new ExportError(
    `${join(directory, SAVED_MODEL_FILE)}: has no graph with the tag ${SERVE_TAG}, which TF-Serving loads, only ${tags}. ` +
      'Save it again with that tag',
  )
}

/**
 * Chooses the signature to call: `serving_default`, else the only one, else one that looks like a detector's. Throws
 * `ExportError` when the choice is not clear.
 */
export function chooseSignature({ source, signatures }: MetaGraph): string {
  if (signatures.has(DEFAULT_SIGNATURE)) return DEFAULT_SIGNATURE
  const names = [...signatures.keys()].filter((name) => !name.startsWith('__saved_model_'))
  const detectors = names.filter((name) =>
    signatures.get(name)!.getOutputsMap().has('detection_boxes'),
  )
  const candidates = names.length === 1 ? names : detectors
  if (candidates.length === 1) return candidates[0]!
  throw new ExportError(
    names.length === 0
      ? `${source.name}: has no signature, so that TF-Serving has nothing to call. Save it with signatures=...`
      : `${source.name}: has no signature ${DEFAULT_SIGNATURE}, and it is not clear which of ${names.join(', ')} to call. ` +
          `Save it again with one named ${DEFAULT_SIGNATURE}`,
  )
}

/**
 * Checks what TF-Serving finds out only when a request comes: that every tensor of every signature is in the graph with the
 * type it is said to have, and that every asset is there. Throws `ExportError`.
 */
export function assertServable(directory: string, metaGraph: MetaGraph): void {
  for (const [name, signature] of metaGraph.signatures) {
    for (const map of [signature.getInputsMap(), signature.getOutputsMap()]) {
      map.forEach((info, key) => {
        assertTensor(metaGraph, `${name}, ${key}`, info, signature.getMethodName())
      })
    }
  }
  for (const asset of metaGraph.assets) {
    const path = join(directory, 'assets', asset)
    if (!existsSync(path)) throw new ExportError(`${path}: is missing: the graph reads it. Copy it`)
  }
}

function assertTensor(
  { graph, source }: MetaGraph,
  where: string,
  info: TensorInfoProto,
  method: string,
): void {
  const tensor = info.getName()
  // Sparse and composite tensors are made of several, which have no name here.
  if (tensor === '') return
  const node = graph.nodes.get(inputNode(tensor))
  if (node === undefined) {
    throw new ExportError(
      `${source.name}: the signature ${where}: names the tensor ${tensor}, which the graph lacks. Save the model again`,
    )
  }
  const output = Number(/:(\d+)$/.exec(tensor)?.[1] ?? 0)
  const count = outputCount(graph, node)
  if (count !== undefined && output >= count) {
    throw new ExportError(
      `${source.name}: the signature ${where}: names the tensor ${tensor}, but ${node.name} has ${count} outputs`,
    )
  }
  // Classify and Regress feed serialized examples whatever type the signature says; such models are in use.
  if (method !== '' && method !== PREDICT_METHOD) return
  const type = outputType(graph, node, output)
  if (type === undefined || type === plainType(info.getDtype())) return
  throw new ExportError(
    `${source.name}: the signature ${where}: says ${tensor} is ${dataTypeName(info.getDtype())}, in the graph it is ` +
      `${dataTypeName(type)}. Save the model again`,
  )
}

/**
 * Checks that the variables of a graph can be restored and gives their index; `undefined` when the model has none. Throws
 * `ExportError` where TF-Serving would load the model and fail on its first request.
 */
export function assertVariables(directory: string, metaGraph: MetaGraph): BundleIndex | undefined {
  const { graph, source } = metaGraph
  const variables = VARIABLE_OPS.flatMap((op) => nodesOf(graph, op))
  const prefix = variablesPrefix(directory)
  if (!existsSync(`${prefix}.index`)) {
    const first = variables[0]
    if (first === undefined) return undefined
    throw new ExportError(
      `${prefix}.index: is missing: the graph has ${variables.length} variables, such as ${first.name}. Copy the whole ` +
        'directory variables/',
    )
  }
  const handles = variables.filter(({ op }) => op === 'VarHandleOp')
  const unnamed = handles.find(
    (node) => (attributeOf(graph, node, 'shared_name')?.getS_asU8().length ?? 0) === 0,
  )
  if (unnamed !== undefined && handles.length > 1) {
    throw new ExportError(
      `${source.name}: the variable ${unnamed.name} has no shared_name: TF-Serving would take all such variables for one. ` +
        'Save the model again with TensorFlow',
    )
  }
  if (variables.length > 0 && metaGraph.saver === undefined) {
    throw new ExportError(
      `${source.name}: has variables, but no saver (saver_def) that restores them. Save the model again with TensorFlow`,
    )
  }
  const index = readBundleIndex(prefix)
  assertRestorable(graph, index)
  return index
}

/** Describes a signature of a graph. */
export function describeSignature({ signatures }: MetaGraph, name: string) {
  return summarizeSignature(name, signatures.get(name)!)
}

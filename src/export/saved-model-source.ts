import { join } from 'node:path'
import { openSource } from './byte-source.js'
import { countClasses } from './class-count.js'
import { copyOutput, filesBelow } from './copy-file.js'
import { SAVED_MODEL_FILE } from './detect-source.js'
import { placeholderInput } from './detection-signature.js'
import { type DetectorGraph, writeDetectorGraph } from './detector-graph.js'
import { ExportError } from './export-error.js'
import { inputNode } from './graph.js'
import { type MetaGraph, readSavedModel } from './meta-graph.js'
import { countBytes } from './progress.js'
import { findResizer } from './resizer.js'
import {
  assertServable,
  assertVariables,
  chooseSignature,
  describeSignature,
  servedGraph,
} from './saved-model-check.js'
import { verifyBundle } from './tensor-bundle-check.js'
import type { BundleIndex } from './tensor-bundle-reader.js'
import {
  imageInputOf,
  type TensorSummary,
  type VersionOptions,
  type WrittenVersion,
} from './written-version.js'

/** What a version holds besides its graph; anything else in the directory is no part of a SavedModel. */
const COPIED_FOLDERS = ['variables', 'assets', 'assets.extra']
const FINGERPRINT = 'fingerprint.pb'

/**
 * Checks a SavedModel and copies it into `directory`; where another form of input or weights in variables are asked for, and
 * it is a TensorFlow 1 graph that allows it, its graph is rewritten. Throws `ExportError` when TF-Serving could not serve
 * it, or a file is missing or damaged.
 */
export async function writeSavedModelSource(
  from: string,
  directory: string,
  options: VersionOptions = {},
): Promise<WrittenVersion> {
  const source = openSource(join(from, SAVED_MODEL_FILE))
  try {
    const metaGraph = servedGraph(from, readSavedModel(source))
    const name = chooseSignature(metaGraph)
    const index = await checkedVariables(from, metaGraph, options)
    const signature = describeSignature(metaGraph, name)
    const input = imageInputOf(signature)
    if (input === undefined) {
      throw new ExportError(
        `${source.name}: the signature ${name} has no inputs, so nothing can be sent to it`,
      )
    }
    const changed = changedGraph(metaGraph, name, input, index, options)
    if (changed !== undefined) return await rewrite(changed, from, index, directory, options)
    const bytes =
      (await copyOutput(source.name, join(directory, SAVED_MODEL_FILE))) +
      (await copyFingerprint(from, directory)) +
      (await copyFolders(from, directory))
    return {
      signature,
      input,
      resizer: findResizer(metaGraph.graph),
      classes: classesOf(metaGraph),
      variables: index?.entries.size ?? 0,
      bytes,
    }
  } finally {
    source.close()
  }
}

async function checkedVariables(
  from: string,
  metaGraph: MetaGraph,
  { onProgress }: VersionOptions,
): Promise<BundleIndex | undefined> {
  assertServable(from, metaGraph)
  const index = assertVariables(from, metaGraph)
  if (index === undefined) return undefined
  const bytes = [...index.entries.values()].reduce((sum, { size }) => sum + size, 0)
  await verifyBundle(index, countBytes(onProgress, 'verify', bytes))
  return index
}

/** TensorFlow 2 models name and count otherwise: some have a background class, some have not. */
function classesOf(metaGraph: MetaGraph): number | undefined {
  return metaGraph.hasObjects ? undefined : countClasses(metaGraph.graph)
}

/** Gives the graph to be rewritten, `undefined` when the model is as it is asked for. */
function changedGraph(
  metaGraph: MetaGraph,
  signatureName: string,
  input: TensorSummary,
  index: BundleIndex | undefined,
  options: VersionOptions,
): DetectorGraph | undefined {
  const isEncoded = input.dtype === 'DT_STRING'
  const form = options.input ?? (isEncoded ? 'encoded' : 'pixels')
  const thaws = options.variables === true && index === undefined
  if (isEncoded === (form === 'encoded') && !thaws) return undefined
  const { graph, source } = metaGraph
  const asked = thaws ? '--variables' : `--input ${form}`
  if (metaGraph.hasObjects) {
    throw new ExportError(
      `${source.name}: ${asked} needs a TensorFlow 1 graph: the functions of a TensorFlow 2 model cannot be changed from ` +
        `outside. Leave ${asked} out, or export the model again with --input_type encoded_image_string_tensor`,
    )
  }
  const node = graph.nodes.get(inputNode(input.tensor))
  if (node?.op !== 'Placeholder') {
    throw new ExportError(
      `${source.name}: ${asked} needs a graph whose input is a placeholder; ${input.tensor} is ${node?.op ?? 'missing'}`,
    )
  }
  return {
    graph,
    input: placeholderInput(graph, node),
    inputKey: input.name,
    signatureName,
    signature: metaGraph.signatures.get(signatureName)!,
    metaInfo: metaGraph.info,
    metaGraphFields: metaGraph.otherFields,
  }
}

/** The other signatures are left out: they may feed what has been replaced. */
async function rewrite(
  detector: DetectorGraph,
  from: string,
  index: BundleIndex | undefined,
  directory: string,
  options: VersionOptions,
): Promise<WrittenVersion> {
  const written = await writeDetectorGraph(detector, directory, {
    ...options,
    variables: options.variables === true && index === undefined,
  })
  const bytes = written.bytes + (await copyFolders(from, directory))
  return { ...written, variables: index?.entries.size ?? written.variables, bytes }
}

async function copyFolders(from: string, directory: string): Promise<number> {
  let bytes = 0
  for (const folder of COPIED_FOLDERS) {
    for (const file of await filesBelow(join(from, folder))) {
      bytes += await copyOutput(join(from, folder, file), join(directory, folder, file))
    }
  }
  return bytes
}

async function copyFingerprint(from: string, directory: string): Promise<number> {
  if (!(await filesBelow(from)).includes(FINGERPRINT)) return 0
  return copyOutput(join(from, FINGERPRINT), join(directory, FINGERPRINT))
}

import { join } from 'node:path'
import { openSource } from '../export/byte-source.js'
import { SAVED_MODEL_FILE } from '../export/detect-source.js'
import { readSavedModel } from '../export/meta-graph.js'
import { servedGraph } from '../export/saved-model-check.js'
import { type SignatureSummary, summarizeSignature } from '../export/written-version.js'

/** Reads the signatures that TF-Serving finds in a version. Throws `ExportError` when it is no SavedModel. */
export function readVersionSignatures(directory: string): SignatureSummary[] {
  const source = openSource(join(directory, SAVED_MODEL_FILE))
  try {
    const { signatures } = servedGraph(directory, readSavedModel(source))
    return [...signatures].map(([name, signature]) => summarizeSignature(name, signature))
  } finally {
    source.close()
  }
}

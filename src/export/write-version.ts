import { writeCheckpoint } from './checkpoint.js'
import type { Source } from './detect-source.js'
import { writeFrozenGraph } from './frozen-graph.js'
import { writeSavedModelSource } from './saved-model-source.js'
import { assertNoTrainingOptions } from './training/training-options.js'
import type { VersionOptions, WrittenVersion } from './written-version.js'

/**
 * Writes the complete content of a version's directory from a source: `saved_model.pb` and, where it has them, `variables/`
 * and assets. `directory` is made if need be, should be empty and temporary, and may hold half a model when this throws:
 * the caller renames or removes it. Throws `ExportError` when the source cannot be served.
 */
export async function writeVersion(
  source: Source,
  directory: string,
  options: VersionOptions = {},
): Promise<WrittenVersion> {
  if (source.kind !== 'checkpoint') {
    assertNoTrainingOptions(source.kind === 'saved-model' ? source.directory : source.file, options)
  }
  switch (source.kind) {
    case 'saved-model':
      return writeSavedModelSource(source.directory, directory, options)
    case 'frozen-graph':
      return writeFrozenGraph(source.file, directory, options)
    case 'checkpoint':
      return writeCheckpoint(source.prefix, directory, options)
  }
}

import { ExportError } from '../export-error.js'
import type { VersionOptions } from '../written-version.js'

/** Throws `ExportError` where an option is given that only training checkpoints have a use for. */
export function assertNoTrainingOptions(
  path: string,
  { pipeline, movingAverages }: VersionOptions,
): void {
  const given = [
    ...(movingAverages === undefined ? [] : ['--moving-averages']),
    ...(pipeline === undefined ? [] : ['--pipeline']),
  ]
  if (given.length === 0) return
  throw new ExportError(
    `${path}: is no training checkpoint, for which alone ${given.join(' and ')} can be given: its graph is ready for ` +
      'inference. Leave that out',
  )
}

import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const PIPELINE_FILE = 'pipeline.config'

/**
 * Finds the configuration of a training beside its checkpoint: `pipeline.config`, which the trainers write there, or else
 * the only file that ends in `.config`. `undefined` when there is none, or it cannot be told which of several it is.
 */
export function findPipelineFile(prefix: string): string | undefined {
  const folder = dirname(prefix)
  const usual = join(folder, PIPELINE_FILE)
  if (existsSync(usual)) return usual
  const configs = readdirSync(folder).filter((name) => name.endsWith('.config'))
  return configs.length === 1 ? join(folder, configs[0]!) : undefined
}

import { parseArgs } from 'node:util'
import type { ClassifyParameters } from '../client/client.js'
import { CLASSIFY_FORMATS, type ClassifyFormat } from './classify-format.js'
import {
  FILE_OPTIONS,
  type FileCommand,
  readFileCommand,
  toNumber,
  toParameters,
} from './file-options.js'

/** What the `classify` command is asked to do. */
export interface ClassifyCommand extends FileCommand {
  readonly format: ClassifyFormat
  readonly parameters: ClassifyParameters
}

const OPTIONS = { ...FILE_OPTIONS, 'top-k': { type: 'string' } } as const

/** Reads the command line of `classify`; `undefined` when it asks for help. Throws with what is wrong, in words. */
export function readClassifyCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ClassifyCommand | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  })
  if (values.help) return undefined
  return {
    ...readFileCommand(values, positionals, CLASSIFY_FORMATS, env),
    parameters: toParameters(values, { top_k: toNumber('top-k', values) }),
  }
}

import { suggestion } from '../near-match.js'
import { COMPLETIONS } from './completion-table.js'

/**
 * Says of an option that a command does not have which one may be meant, where `error` is Node's for that; gives every other
 * error back as it is. Node's own text advises something else, which is hardly ever what was wrong.
 */
export function explainOption(error: unknown, command: string): unknown {
  if ((error as NodeJS.ErrnoException)?.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return error
  const option = /'(-[^']*)'/.exec((error as Error).message)?.[1] ?? ''
  const near = suggestion(option, COMPLETIONS[command]?.options ?? [])
  return new Error(`${command} has no option "${option}"${near}; see ${command} --help`, {
    cause: error,
  })
}

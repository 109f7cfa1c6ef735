import { parseArgs } from 'node:util'
import { keyIdProblem, keyLine, makeKey } from '../access/api-key.js'

const HELP = `Usage: detection-gateway key NAME

Makes an API key. The key goes to the standard output, this once; its line for API_KEYS_FILE, which holds only the key's
SHA-256, to the standard error:

  detection-gateway key camera-1 > camera-1.key 2>> keys

NAME is what the log calls the key: letters, digits, dots, dashes and underscores.

  --help   show this text`

/**
 * Makes an API key. It goes to the standard output once and is kept nowhere; its line, which only tells a key that one
 * has, goes to the standard error: `key NAME > secret 2>> keys` lets it in.
 */
export async function key(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  })
  if (values.help) return console.log(HELP)
  const [name, ...rest] = positionals
  if (name === undefined || rest.length > 0) throw new Error('Usage: detection-gateway key NAME')
  const problem = keyIdProblem(name)
  if (problem !== undefined) throw new Error(`"${name}": ${problem}`)
  const made = makeKey()
  console.log(made)
  console.error(`# A line for API_KEYS_FILE. The key itself is on the standard output, this once.`)
  console.error(keyLine(name, made))
}

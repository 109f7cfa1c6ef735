import { keyIdProblem, keyLine, makeKey } from '../access/api-key.js'

/**
 * Makes an API key. It goes to the standard output once and is kept nowhere; its line, which only tells a key that one
 * has, goes to the standard error: `key NAME > secret 2>> keys` lets it in.
 */
export async function key(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args
  if (name === undefined || rest.length > 0) throw new Error('Usage: detection-gateway key NAME')
  const problem = keyIdProblem(name)
  if (problem !== undefined) throw new Error(`"${name}": ${problem}`)
  const made = makeKey()
  console.log(made)
  console.error(`# A line for API_KEYS_FILE. The key itself is on the standard output, this once.`)
  console.error(keyLine(name, made))
}

/**
 * Says why a name cannot be a model's, or `undefined` when it can: `:` and `/` have a meaning in URLs of models, a
 * leading dot hides folders that tools make (`.git`, Kubernetes' `..data`), and control characters break headers.
 */
export function modelNameProblem(name: string): string | undefined {
  if (name === '') return 'a model name is not empty'
  if (name.startsWith('.')) return 'a model name does not begin with a dot'
  if (/[:/]/.test(name)) return 'a model name holds no ":" and no "/"'
  return /\p{Cc}/u.test(name) ? 'a model name holds no control characters' : undefined
}

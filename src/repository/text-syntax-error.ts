import { RepositoryFileError } from './file-error.js'

/** Text that its grammar does not allow, at a 1-based line and column. */
export class TextSyntaxError extends Error {
  readonly line: number
  readonly column: number
  readonly reason: string

  constructor(line: number, column: number, reason: string) {
    super(`line ${line}, column ${column}: ${reason}`)
    this.name = 'TextSyntaxError'
    this.line = line
    this.column = column
    this.reason = reason
  }
}

/** Runs a parser and gives its syntax errors the name of the file: they leave as {@link RepositoryFileError}. */
export function inFile<T>(file: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    if (!(cause instanceof TextSyntaxError)) throw cause
    const { line, column, reason } = cause
    throw new RepositoryFileError(file, [{ line, column, reason }], { cause })
  }
}

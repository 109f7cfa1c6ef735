/** Where in a file something is wrong, as far as it is known, and what. */
export interface FileProblem {
  /** 1-based. */
  readonly line?: number | undefined
  /** 1-based, in UTF-16 code units. */
  readonly column?: number | undefined
  /** Dotted path of the field, as written in the file. */
  readonly field?: string | undefined
  readonly reason: string
}

function describe(file: string, problem: FileProblem): string {
  const place = [file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  return problem.field === undefined
    ? `${place}: ${problem.reason}`
    : `${place}: ${problem.field}: ${problem.reason}`
}

/**
 * A file of the model repository that cannot be used. `message` names the file and, for each problem, the line or the
 * field and the reason; it is written for operators and holds paths of the server.
 */
export class RepositoryFileError extends Error {
  readonly file: string
  readonly problems: readonly FileProblem[]

  constructor(file: string, problems: readonly FileProblem[], options?: { cause?: unknown }) {
    super(problems.map((problem) => describe(file, problem)).join('; '), options)
    this.name = 'RepositoryFileError'
    this.file = file
    this.problems = problems
  }
}

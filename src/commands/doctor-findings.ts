import { formatBytes, wrapText } from './terminal.js'

/** `failure`: it does not work; `warning`: it works, and could be better or surprise. */
export type Level = 'ok' | 'warning' | 'failure'

/** One thing that was looked at. */
export interface Finding {
  readonly level: Level
  /** What it is about: `server`, `repository`, or a model by its name. */
  readonly subject: string
  readonly message: string
  /** What to do; `null` where there is nothing. */
  readonly remedy: string | null
}

/** Gathers what is found, in the order in which it was looked at. */
export class Findings {
  readonly list: Finding[] = []

  ok(subject: string, message: string): void {
    this.list.push({ level: 'ok', subject, message, remedy: null })
  }

  warn(subject: string, message: string, remedy: string): void {
    this.list.push({ level: 'warning', subject, message, remedy })
  }

  fail(subject: string, message: string, remedy: string): void {
    this.list.push({ level: 'failure', subject, message, remedy })
  }

  /** Adds what was found elsewhere. */
  append({ list }: Findings): void {
    this.list.push(...list)
  }

  /** Whether anything does not work. */
  get failed(): boolean {
    return this.list.some(({ level }) => level === 'failure')
  }
}

/** What a model answered to a photo, for machines. */
export interface ModelMeasurement {
  readonly model: string
  readonly version: string
  /** Milliseconds of the first call and of the quickest later one. */
  readonly first_call_ms: number
  readonly later_call_ms: number
  readonly request_bytes: number
  /** Bytes of the numbers in the answer; names and framing add a few hundred. */
  readonly answer_bytes: number
}

const MARKS: Readonly<Record<Level, string>> = { ok: '✓', warning: '!', failure: '✗' }

/** Words findings for people: a heading for each subject, a line for each finding, its remedy below it. */
export function findingsText(findings: readonly Finding[]): string {
  const subjects = [...new Set(findings.map(({ subject }) => subject))]
  const blocks = subjects.map((subject) =>
    [subject, ...findings.filter((it) => it.subject === subject).flatMap(findingLines)].join('\n'),
  )
  return [...blocks, verdict(findings)].join('\n\n')
}

function findingLines({ level, message, remedy }: Finding): string[] {
  const lines = wrapText(message, `  ${MARKS[level]} `)
  return remedy === null ? lines : [...lines, ...wrapText(remedy, '      → ')]
}

function verdict(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((it) => it.level === level).length
  const failures = count('failure')
  const warnings = count('warning')
  const text = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
  if (failures > 0) return `✗ ${text(failures, 'failure')}, ${text(warnings, 'warning')}`
  return warnings === 0 ? '✓ All is well' : `✓ It works, with ${text(warnings, 'warning')}`
}

/** Words bytes against a limit: `2.6 kB of at most 8.4 MB`. */
export function ofLimit(bytes: number, limit: number): string {
  return `${formatBytes(bytes)} of at most ${formatBytes(limit)}`
}

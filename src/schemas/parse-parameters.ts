import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { type FieldError, GatewayError } from '../errors.js'
import { suggestion } from '../near-match.js'
import { type DetectParameters, LIST_PARAMETERS, PARAMETERS } from './parameters.js'

/** Where a parameter was found. */
export type ParameterPlace = 'query' | 'form' | 'JSON'

/** A parameter as it came: text from forms and queries, typed from JSON. */
export interface RawParameter {
  readonly name: string
  readonly value: unknown
  readonly place: ParameterPlace
}

export interface ParseOptions {
  /** Names that are no parameters but have their place in the body, for messages only. */
  readonly otherNames?: readonly string[]
}

/** A value that passed its own check, and the raw one for messages. */
interface Checked {
  readonly raw: RawParameter
  readonly value: unknown
}

// A body of 4 MiB can hold 100 000 wrong names: nobody reads more than these.
const MAX_PROBLEMS = 20
const MAX_ECHO = 60

/** Collects the parameters of a parsed query string, repeated ones included. */
export function fromQuery(query: unknown): RawParameter[] {
  if (typeof query !== 'object' || query === null) return []
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((single) => ({
      name,
      value: single,
      place: 'query' as const,
    })),
  )
}

/**
 * Checks the parameters of a request and gives them their types. Empty text and JSON's `null` count as not given. A list
 * given several times is joined; anything else may repeat only with the same value.
 *
 * Throws one `invalid_parameter`, or `parameter_conflict` when each value by itself is right, that lists every problem.
 */
export function parseParameters(
  raw: readonly RawParameter[],
  options: ParseOptions = {},
): DetectParameters {
  // Names and types agree by construction: PARAMETERS has one schema for each key of DetectParameters.
  return parseAs(PARAMETERS, raw, options) as DetectParameters
}

/** Schemas of parameters by their wire names; each takes one raw value and gives the checked one. */
export type ParameterSet = Readonly<Record<string, z.ZodType>>

/** Checks parameters as `parseParameters` does, for another set of them. The values are by their names in camel case. */
export function parseAs(
  set: ParameterSet,
  raw: readonly RawParameter[],
  options: ParseOptions = {},
): Record<string, unknown> {
  const invalid: FieldError[] = []
  const conflicts: FieldError[] = []
  const checked = new Map<string, Checked[]>()
  for (const parameter of raw.filter(isGiven)) {
    if (invalid.length >= MAX_PROBLEMS) break
    const { name } = parameter
    const schema = Object.hasOwn(set, name) ? set[name] : undefined
    if (schema !== undefined) invalid.push(...takeValue(schema, parameter, checked))
    else invalid.push(unknownName(parameter, Object.keys(set), options.otherNames ?? []))
  }
  const values: Record<string, unknown> = {}
  for (const [name, all] of checked) {
    const conflict = conflictOf(name, all)
    if (conflict !== undefined) conflicts.push(conflict)
    values[camelCase(name)] = joined(name, all)
  }
  for (const conflict of [versionConflict(checked), overlapConflict(checked)]) {
    if (conflict !== undefined) conflicts.push(conflict)
  }
  refuse(invalid, conflicts)
  return values
}

function isGiven({ value, place }: RawParameter): boolean {
  if (value === undefined || value === null) return false
  // HTML forms send every field, also those that nobody filled in.
  return place === 'JSON' || typeof value !== 'string' || value.trim() !== ''
}

function takeValue(
  schema: z.ZodType,
  raw: RawParameter,
  checked: Map<string, Checked[]>,
): FieldError[] {
  const { name } = raw
  const result = schema.safeParse(raw.value)
  if (!result.success) return problemsOf(name, raw.value, result.error.issues)
  checked.set(name, [...(checked.get(name) ?? []), { raw, value: result.data }])
  return []
}

function problemsOf(
  name: string,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): FieldError[] {
  const problems = issues.slice(0, MAX_PROBLEMS).map((issue) => ({
    field: fieldPath(name, issue.path),
    message: `${issueMessage(issue)}${issue.path.length === 0 ? found(value) : ''}`,
  }))
  // A number beyond JavaScript's integers breaks two checks that say the same.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

function issueMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has an unknown key "${shorten(issue.keys[0]!)}"`
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  return issue.message
}

function fieldPath(name: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, key) =>
      typeof key === 'number' ? `${field}[${key}]` : `${field}.${shorten(String(key))}`,
    name,
  )
}

function found(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return ` (got ${shorten(text)})`
}

function shorten(text: string): string {
  return text.length <= MAX_ECHO ? text : `${text.slice(0, MAX_ECHO)}...`
}

function unknownName(
  { name, place }: RawParameter,
  known: readonly string[],
  bodyNames: readonly string[],
): FieldError {
  if (place === 'query' && bodyNames.includes(name)) {
    return { field: name, message: 'belongs in the body, not in the query' }
  }
  const names = [...known, ...bodyNames].filter((it) => it !== name)
  return {
    field: shorten(name),
    message: `is not a parameter${suggestion(name, names) || `; there are ${names.join(', ')}`}`,
  }
}

function conflictOf(name: string, all: readonly Checked[]): FieldError | undefined {
  if (LIST_PARAMETERS.has(name)) return undefined
  const [first] = all
  const other = all.find(({ value }) => !isDeepStrictEqual(value, first?.value))
  if (first === undefined || other === undefined) return undefined
  const says = ({ raw }: Checked) =>
    `${shorten(JSON.stringify(raw.value))} in the ${raw.place === 'JSON' ? 'JSON body' : raw.place}`
  return { field: name, message: `is ${says(first)} and ${says(other)}; give it once` }
}

function versionConflict(checked: ReadonlyMap<string, unknown>): FieldError | undefined {
  if (!checked.has('version') || !checked.has('version_label')) return undefined
  return { field: 'version_label', message: 'excludes version; give one of the two' }
}

function overlapConflict(checked: ReadonlyMap<string, unknown>): FieldError | undefined {
  if (!checked.has('overlap') || checked.has('tiles')) return undefined
  return { field: 'overlap', message: 'is that of tiles; give tiles too' }
}

function joined(name: string, all: readonly Checked[]): unknown {
  if (!LIST_PARAMETERS.has(name)) return all[0]?.value
  return [...new Set(all.flatMap(({ value }) => value as string[]))]
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function refuse(invalid: readonly FieldError[], conflicts: readonly FieldError[]): void {
  const fields = [...invalid, ...conflicts]
  if (fields.length === 0) return
  const code = invalid.length > 0 ? 'invalid_parameter' : 'parameter_conflict'
  const detail = fields.map(({ field, message }) => `"${field}" ${message}`).join('; ')
  throw new GatewayError(code, detail, { fields })
}

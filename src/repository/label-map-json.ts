import { RepositoryFileError } from './file-error.js'
import { parseJsonText } from './json-text.js'
import { type FirstId, type LabelEntry, parseClassId, positionalEntries } from './label-entry.js'

type Fail = (field: string, reason: string) => never

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fromObject(value: Record<string, unknown>, fail: Fail): LabelEntry[] {
  return Object.entries(value).map(([key, name]) => {
    const id = parseClassId(key) ?? fail(key, 'is not a class id; write {"1": "person"}')
    return { id, name: typeof name === 'string' ? name : fail(key, 'is not a name'), field: key }
  })
}

function fromItem(item: unknown, field: string, fail: Fail): LabelEntry {
  if (!isRecord(item)) return fail(field, 'is not an object with id and name')
  const { id, name, display_name: displayName } = item
  const shown = displayName ?? name
  return {
    id: typeof id === 'number' ? id : fail(field, 'has no id that is a number'),
    name: typeof shown === 'string' ? shown : fail(field, 'has no name'),
    field,
  }
}

function fromNames(values: readonly unknown[], first: FirstId, fail: Fail): LabelEntry[] {
  const names = values.map((value, at) => {
    if (value === null) return ''
    return typeof value === 'string' ? value.trim() : fail(`[${at}]`, 'is not a name')
  })
  return positionalEntries(names, first)
}

/**
 * Reads labels from parsed JSON: `{"1": "person"}`, `[{"id": 1, "name": "person"}]` (`display_name` goes before `name`),
 * or a list of names whose first is class `first` (`null` leaves an id without a name). Throws {@link RepositoryFileError}
 * that names the entry; `prefix` is where the value stands in the file.
 */
export function labelsFromJson(
  value: unknown,
  file: string,
  first: FirstId,
  prefix = '',
): LabelEntry[] {
  const fail: Fail = (field, reason) => {
    const path = prefix === '' || field.startsWith('[') ? `${prefix}${field}` : `${prefix}.${field}`
    throw new RepositoryFileError(file, [{ field: path, reason }])
  }
  if (isRecord(value)) return fromObject(value, fail)
  if (!Array.isArray(value)) {
    throw new RepositoryFileError(file, [
      { field: prefix || undefined, reason: 'expected an object or an array of labels' },
    ])
  }
  return value.some(isRecord)
    ? value.map((item, at) => fromItem(item, `[${at}]`, fail))
    : fromNames(value, first, fail)
}

/** Reads a JSON label file; see {@link labelsFromJson}. Throws `TextSyntaxError` where the text is not JSON. */
export function parseJsonLabels(text: string, file: string, first: FirstId): LabelEntry[] {
  return labelsFromJson(parseJsonText(text), file, first)
}

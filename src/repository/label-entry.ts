import { type FileProblem, RepositoryFileError } from './file-error.js'
import type { LabelMap } from './model-card.js'

/** The largest class id: `StringIntLabelMapItem.id` of the Object Detection API is an int32. */
const MAX_CLASS_ID = 2 ** 31 - 1

/** One class as a label file names it, before ids are checked against each other. */
export interface LabelEntry {
  readonly id: number
  readonly name: string
  /** 1-based line of the file, where the format has lines. */
  readonly line?: number | undefined
  /** Path of the entry, where the format has none. */
  readonly field?: string | undefined
}

/** Reads a class id (a whole number from 0 to 2^31 - 1, in digits); `undefined` for anything else. */
export function parseClassId(text: string): number | undefined {
  const id = /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined
  return id !== undefined && id <= MAX_CLASS_ID ? id : undefined
}

/** Tells whether a positional list names the class 0 first, as lists made for TensorFlow Lite and Slim do. */
function startsAtZero(first: string | undefined): boolean {
  return first !== undefined && /^(?:\?\?\?|background|__background__)$/i.test(first)
}

/** Tells whether a name stands for "no class has this id": blank, `???` (TensorFlow Lite) or `N/A` (torchvision). */
function isHole(name: string): boolean {
  return name === '' || name === '???' || name === 'N/A'
}

/** Id of the first name of a list that has no ids: detectors of the Object Detection API count from 1, classifiers from 0. */
export type FirstId = 0 | 1

/**
 * Numbers a list of names by position: the first is class `first`, or class 0 when it is `???`, `background` or
 * `__background__`. Blank names, `???` and `N/A` leave their id without a name.
 */
export function positionalEntries(
  names: readonly string[],
  first: FirstId,
): { id: number; name: string }[] {
  const base = startsAtZero(names[0]) ? 0 : first
  return names.map((name, at) => ({ id: base + at, name })).filter(({ name }) => !isHole(name))
}

function place({ line, field }: LabelEntry): Omit<FileProblem, 'reason'> {
  return { line, field }
}

function entryProblem(entry: LabelEntry, earlier: LabelEntry | undefined): string | undefined {
  if (!Number.isInteger(entry.id) || entry.id < 0 || entry.id > MAX_CLASS_ID) {
    return `the id ${entry.id} is not a whole number from 0 to ${MAX_CLASS_ID}`
  }
  if (entry.name.trim() === '') return `the class ${entry.id} has an empty name`
  if (earlier === undefined) return undefined
  const where = earlier.line === undefined ? '' : ` on line ${earlier.line}`
  return `the id ${entry.id} was already given to "${earlier.name}"${where}`
}

/**
 * Turns the entries of a label file into a label map. Throws {@link RepositoryFileError} for an id that is negative or
 * given twice, an empty name, and a file that names no class at all.
 */
export function toLabelMap(entries: readonly LabelEntry[], file: string): LabelMap {
  const byId = new Map<number, LabelEntry>()
  for (const entry of entries) {
    const reason = entryProblem(entry, byId.get(entry.id))
    if (reason !== undefined) throw new RepositoryFileError(file, [{ ...place(entry), reason }])
    byId.set(entry.id, entry)
  }
  if (byId.size === 0) throw new RepositoryFileError(file, [{ reason: 'names no class' }])
  return new Map([...byId].map(([id, { name }]) => [id, name.trim()]))
}

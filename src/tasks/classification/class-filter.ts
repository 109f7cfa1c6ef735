import type { LabelMap, ModelCard } from '../../repository/model-card.js'
import { LabelResolver } from '../detection/filters.js'

/** Which classes a request wants; what is absent is decided by the card, then by the defaults. */
export interface ClassFilterOptions {
  /** 1 to 1000. */
  readonly topK?: number | undefined
  /** 0 to 1. */
  readonly minScore?: number | undefined
  /** Names or class ids to keep; all unless given. */
  readonly labels?: readonly string[] | undefined
  readonly excludeLabels?: readonly string[] | undefined
}

/** One class of an image. */
export interface ScoredClass {
  /** `null` where the class has no name. */
  readonly label: string | null
  /** Position of the class among the model's; `null` where the model only gives a name. */
  readonly classId: number | null
  readonly score: number
}

/** Keeps the classes that a request wants, best first, the lower class id first among equals. */
export type ClassFilter = (classes: readonly ScoredClass[]) => ScoredClass[]

const DEFAULT_TOP_K = 5

type Test = (candidate: ScoredClass) => boolean

/** Whether a class is among words that name it, by its id or its name in any case. */
function byWords(words: readonly string[]): Test {
  const wanted = new Set(words.map((word) => word.toLowerCase()))
  return ({ label, classId }) =>
    wanted.has(String(classId)) || (label !== null && wanted.has(label.toLowerCase()))
}

/**
 * Makes the filter of one request. Where the card has the names, throws `invalid_parameter` (400) for those that the model
 * does not have; a model that brings its own names is the only one to know them.
 */
export function createClassFilter(
  options: ClassFilterOptions,
  card: ModelCard | undefined,
  names: { readonly labels: LabelMap | null; readonly ownNames: boolean },
): ClassFilter {
  const resolver = new LabelResolver(names.labels)
  const test = (field: string, words: readonly string[] | undefined): Test | undefined => {
    if (words === undefined) return undefined
    if (names.ownNames) return byWords(words)
    const ids = resolver.resolveAll(field, words)
    return ({ classId }) => classId !== null && (ids?.has(classId) ?? false)
  }
  const wanted = test('labels', options.labels)
  const unwanted = test('exclude_labels', options.excludeLabels)
  resolver.refuseUnknown()
  const topK = options.topK ?? card?.defaults.topK ?? DEFAULT_TOP_K
  const minScore = options.minScore ?? card?.defaults.minScore ?? Number.NEGATIVE_INFINITY
  const keeps = (it: ScoredClass) =>
    it.score >= minScore && (wanted?.(it) ?? true) && !unwanted?.(it)
  return (classes) =>
    classes
      .filter(keeps)
      .sort((a, b) => b.score - a.score || (a.classId ?? 0) - (b.classId ?? 0))
      .slice(0, topK)
}

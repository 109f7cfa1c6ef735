import { type FieldError, GatewayError } from '../../errors.js'
import type { Size } from '../../imaging/geometry.js'
import { nearMatches } from '../../near-match.js'
import type { LabelMap, ModelCard } from '../../repository/model-card.js'
import type { Candidate } from './postprocess.js'
import { type Region, regionFilter } from './regions.js'
import { suppress } from './suppression.js'

/** Which detections a request wants; what is absent is decided by the card, then by the defaults. */
export interface FilterOptions {
  /** 0 to 1. */
  readonly minScore?: number | undefined
  /** Minimum score by label or class id; goes before `minScore` for that class. */
  readonly thresholds?: ReadonlyMap<string, number> | undefined
  /** Names or class ids to keep; all unless given. */
  readonly labels?: readonly string[] | undefined
  readonly excludeLabels?: readonly string[] | undefined
  /** 1 to 1000. */
  readonly maxDetections?: number | undefined
  /** 0 to 1; extra non-max suppression within each class. */
  readonly iouThreshold?: number | undefined
  readonly regions?: readonly Region[] | undefined
  /** A further test, of a detection's label (`null` without one), its score and its box in pixels. */
  readonly keep?: ((label: string | null, candidate: Candidate, image: Size) => boolean) | undefined
}

/** Keeps the detections of one image that a request wants, best first. */
export type Filter = (candidates: readonly Candidate[], image: Size) => Candidate[]

/** A request may name a thousand wrong labels: nobody reads more explanations than these. */
const MAX_PROBLEMS = 20

const DEFAULT_MIN_SCORE = 0.5
const DEFAULT_MAX_DETECTIONS = 100

/** Class ids by lower-case name; a name may stand for several ids. */
function idsByName(labels: LabelMap): Map<string, number[]> {
  const ids = new Map<string, number[]>()
  for (const [id, name] of labels) {
    const key = name.toLowerCase()
    ids.set(key, [...(ids.get(key) ?? []), id])
  }
  return ids
}

function explainUnknown(word: string, labels: LabelMap | null): string {
  if (labels === null) {
    return `"${word}" is no class id, and the model has no label map to look a name up in`
  }
  const near = nearMatches(word, [...labels.values()])
  const hint =
    near.length === 0 ? '' : `; did you mean ${near.map((it) => `"${it}"`).join(' or ')}?`
  return `the model has no label "${word}"${hint}`
}

/** Turns names and class ids into class ids and collects the words that mean nothing to the model. */
export class LabelResolver {
  readonly errors: FieldError[] = []
  readonly #labels: LabelMap | null
  #ids: ReadonlyMap<string, readonly number[]> | undefined

  constructor(labels: LabelMap | null) {
    this.#labels = labels
  }

  resolve(field: string, word: string): readonly number[] {
    // Most requests name no label.
    this.#ids ??= this.#labels === null ? new Map() : idsByName(this.#labels)
    const ids = this.#ids.get(word.toLowerCase())
    if (ids !== undefined) return ids
    // A class without a name has nothing but its number, so any number is taken.
    if (/^\d{1,9}$/.test(word)) return [Number(word)]
    if (this.errors.length < MAX_PROBLEMS) {
      this.errors.push({ field, message: explainUnknown(word, this.#labels) })
    }
    return []
  }

  /** Throws `invalid_parameter` (400) when a word meant nothing, and lists twenty of them at most. */
  refuseUnknown(): void {
    if (this.errors.length === 0) return
    const detail = this.errors.map(({ field, message }) => `${field}: ${message}`).join('; ')
    throw new GatewayError('invalid_parameter', detail, { fields: this.errors })
  }

  resolveAll(field: string, words: readonly string[] | undefined): ReadonlySet<number> | undefined {
    return words && new Set(words.flatMap((word) => this.resolve(field, word)))
  }
}

function resolveThresholds(
  resolver: LabelResolver,
  thresholds: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<number, number> {
  const byId = new Map<number, number>()
  for (const [word, minimum] of thresholds ?? []) {
    for (const id of resolver.resolve('thresholds', word)) byId.set(id, minimum)
  }
  return byId
}

/** Makes the test whether a detection reaches the minimum of its label, of the request, or of the card. */
export function scoreTest(
  resolver: LabelResolver,
  options: FilterOptions,
  card: ModelCard | undefined,
): (candidate: Candidate) => boolean {
  const thresholds = resolveThresholds(resolver, options.thresholds)
  const minScore = options.minScore ?? card?.defaults.minScore ?? DEFAULT_MIN_SCORE
  return ({ classId, score }) => score >= (thresholds.get(classId) ?? minScore)
}

/** The lowest score that reaches the minimum of any label: what is below need not be read. */
export function lowestScore(options: FilterOptions, card: ModelCard | undefined): number {
  const minScore = options.minScore ?? card?.defaults.minScore ?? DEFAULT_MIN_SCORE
  return Math.min(minScore, ...(options.thresholds?.values() ?? []))
}

/**
 * Makes the filter of one request for one model. Throws `invalid_parameter` (400) that lists the labels the model does
 * not have, twenty at most, with near matches.
 */
export function createFilter(options: FilterOptions, card: ModelCard | undefined): Filter {
  const resolver = new LabelResolver(card?.labels ?? null)
  const wanted = resolver.resolveAll('labels', options.labels)
  const unwanted = resolver.resolveAll('exclude_labels', options.excludeLabels)
  const reaches = scoreTest(resolver, options, card)
  resolver.refuseUnknown()
  const limit = options.maxDetections ?? card?.defaults.maxDetections ?? DEFAULT_MAX_DETECTIONS
  const keeps = (candidate: Candidate) =>
    reaches(candidate) &&
    (wanted?.has(candidate.classId) ?? true) &&
    !unwanted?.has(candidate.classId)
  return (candidates, image) => {
    const inRegions = regionFilter(options.regions ?? [], image)
    const isKept = (it: Candidate) =>
      options.keep?.(card?.labels?.get(it.classId) ?? null, it, image) ?? true
    const sorted = candidates
      .filter((candidate) => keeps(candidate) && inRegions(candidate.box) && isKept(candidate))
      .sort((a, b) => b.score - a.score)
    const iouThreshold = options.iouThreshold ?? card?.defaults.iouThreshold
    const kept = iouThreshold === undefined ? sorted : suppress(sorted, iouThreshold, limit)
    return kept.slice(0, limit)
  }
}

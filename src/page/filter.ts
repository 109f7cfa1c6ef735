import type { Classification, Detection } from '../client/wire.js'

/** What the slider and the chips let through. */
export interface Filter {
  /** Lowest score that is shown, 0 to 1. */
  readonly minScore: number
  /** Class ids that are not shown. */
  readonly hidden: ReadonlySet<number>
  /** Most classes of a photo that are shown. */
  readonly topK: number
}

/** One label of a photo, with how many of it reach the lowest score. */
export interface LabelCount {
  readonly classId: number
  readonly name: string
  readonly count: number
}

/** The name of a detection's class, or its id where it has none. */
export function nameOf({ label, class_id }: Pick<Detection, 'label' | 'class_id'>): string {
  return label ?? `class ${class_id}`
}

/** A score of 0 to 1 as a percentage with so many decimals. */
export function percent(score: number, decimals = 0): string {
  return `${(score * 100).toFixed(decimals)}%`
}

/** The detections that a filter lets through, in their order. */
export function filterDetections(
  detections: readonly Detection[],
  { minScore, hidden }: Filter,
): Detection[] {
  return detections.filter((it) => it.score >= minScore && !hidden.has(it.class_id))
}

/** The classes that a filter lets through, in their order, which is best first. */
export function filterClasses(
  classes: readonly Classification[],
  { minScore, topK }: Filter,
): Classification[] {
  return classes.slice(0, topK).filter(({ score }) => score >= minScore)
}

/** The labels that reach the lowest score, hidden ones too, in the order of their best detection. */
export function countLabels(detections: readonly Detection[], minScore: number): LabelCount[] {
  const counts = new Map<number, { classId: number; name: string; count: number }>()
  for (const detection of detections) {
    if (detection.score < minScore) continue
    const classId = detection.class_id
    const entry = counts.get(classId) ?? { classId, name: nameOf(detection), count: 0 }
    entry.count += 1
    counts.set(classId, entry)
  }
  return [...counts.values()]
}

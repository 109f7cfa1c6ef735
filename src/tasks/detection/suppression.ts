import type { Box } from '../../imaging/geometry.js'
import type { Candidate } from './postprocess.js'

function area(box: Box): number {
  return Math.max(0, box.xMax - box.xMin) * Math.max(0, box.yMax - box.yMin)
}

/** Intersection over union of two boxes, 0 to 1; 0 where both are empty. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.xMax, b.xMax) - Math.max(a.xMin, b.xMin)
  const height = Math.min(a.yMax, b.yMax) - Math.max(a.yMin, b.yMin)
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common / (area(a) + area(b) - common)
}

/** The best candidates that are looked at: each is compared with all that are kept. */
export const MAX_CANDIDATES = 10_000

/**
 * Greedy non-max suppression within each class: drops a box that overlaps a better one by more than `threshold`. Ends
 * when `limit` boxes are kept or the best ten thousand have been looked at, so that a model of many boxes does not hold
 * the event loop.
 */
export function suppress(
  sorted: readonly Candidate[],
  threshold: number,
  limit: number,
): Candidate[] {
  const kept: Candidate[] = []
  const byClass = new Map<number, Box[]>()
  for (const candidate of sorted.slice(0, MAX_CANDIDATES)) {
    if (kept.length >= limit) break
    const { box, classId } = candidate
    const better = byClass.get(classId) ?? []
    if (better.some((it) => iou(it, box) > threshold)) continue
    better.push(box)
    byClass.set(classId, better)
    kept.push(candidate)
  }
  return kept
}

/** What YOLOv5, YOLOv7 and YOLOX suppress by unless told otherwise. */
const DEFAULT_THRESHOLD = 0.45

/** The most objects of one image: as many as a request can ask for. */
export const MAX_OBJECTS = 1000

/** Suppresses the candidates of a network that finds each object many times and leaves it to others to choose. */
export function withoutDuplicates(
  candidates: readonly Candidate[],
  threshold = DEFAULT_THRESHOLD,
): Candidate[] {
  const sorted = candidates.toSorted((a, b) => b.score - a.score)
  return suppress(sorted, threshold, MAX_OBJECTS)
}

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

/** Greedy non-max suppression within each class: drops a box that overlaps a better one by more than `threshold`. */
export function suppress(sorted: readonly Candidate[], threshold: number): Candidate[] {
  const kept: Candidate[] = []
  for (const candidate of sorted) {
    const covered = kept.some(
      (it) => it.classId === candidate.classId && iou(it.box, candidate.box) > threshold,
    )
    if (!covered) kept.push(candidate)
  }
  return kept
}

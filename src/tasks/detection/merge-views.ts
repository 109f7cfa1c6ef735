import type { Box, Size } from '../../imaging/geometry.js'
import type { Candidate } from './postprocess.js'
import { iou, MAX_CANDIDATES, MAX_OBJECTS } from './suppression.js'

/** What was found in one view of an image; boxes and region in pixels of the image. */
export interface ViewFindings {
  readonly region: Box
  readonly candidates: readonly Candidate[]
}

/** A box that ends this close to a view's edge, as a part of the view's side, is taken to be cut there. */
const CUT_MARGIN = 0.02

/** Overlap from which two boxes of a class are one object that two views show. */
const SAME_OBJECT = 0.5

/** Tells whether a view's edge that lies inside the image cuts a box off. */
function isCut(box: Box, region: Box, image: Size): boolean {
  const x = CUT_MARGIN * (region.xMax - region.xMin)
  const y = CUT_MARGIN * (region.yMax - region.yMin)
  return (
    (region.xMin > 0 && box.xMin < region.xMin + x) ||
    (region.yMin > 0 && box.yMin < region.yMin + y) ||
    (region.xMax < image.width && box.xMax > region.xMax - x) ||
    (region.yMax < image.height && box.yMax > region.yMax - y)
  )
}

/**
 * Puts together what the views of an image show, each object once: boxes that a view's edge cuts off are left to a
 * neighbour or to the whole image, which show the object complete; of boxes of a class from different views that overlap,
 * the best is kept. What one view shows twice is the model's own affair.
 */
export function mergeViews(views: readonly ViewFindings[], image: Size): Candidate[] {
  const complete = views.flatMap(({ region, candidates }, view) =>
    candidates
      .filter(({ box }) => !isCut(box, region, image))
      .map((candidate) => ({ view, candidate })),
  )
  const best = complete.sort((a, b) => b.candidate.score - a.candidate.score)
  const kept = new Map<number, typeof complete>()
  const merged: Candidate[] = []
  for (const { view, candidate } of best.slice(0, MAX_CANDIDATES)) {
    if (merged.length >= MAX_OBJECTS) break
    const better = kept.get(candidate.classId) ?? []
    const seen = (it: (typeof complete)[number]) =>
      it.view !== view && iou(it.candidate.box, candidate.box) > SAME_OBJECT
    if (better.some(seen)) continue
    better.push({ view, candidate })
    kept.set(candidate.classId, better)
    merged.push(candidate)
  }
  return merged
}

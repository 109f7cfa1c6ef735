import type { Size } from '../../imaging/geometry.js'
import type { DoodsQuestion, DoodsRegion } from '../../schemas/compat/doods.js'
import type { DetectOptions } from '../../tasks/detection/detector.js'

/** A box in fractions of the image, as DOODS names its edges. */
export interface DoodsBox {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

type Thresholds = Readonly<Record<string, number>>

function reaches(thresholds: Thresholds, label: string, confidence: number): boolean {
  // An own property only: a label may be called "constructor".
  const key = Object.hasOwn(thresholds, label) ? label : '*'
  return Object.hasOwn(thresholds, key) && confidence >= thresholds[key]!
}

function isIn(box: DoodsBox, region: DoodsRegion): boolean {
  return region.covers
    ? box.top >= region.top &&
        box.left >= region.left &&
        box.bottom <= region.bottom &&
        box.right <= region.right
    : box.top <= region.bottom &&
        box.left <= region.right &&
        box.bottom >= region.top &&
        box.right >= region.left
}

/** Why DOODS keeps a detection: for the whole image, for a region, or not at all. `confidence` is 0 to 100. */
export function reasonToKeep(
  { detect, regions }: DoodsQuestion,
  label: string,
  confidence: number,
  box: DoodsBox,
): 'image' | DoodsRegion | undefined {
  if (reaches(detect ?? {}, label, confidence)) return 'image'
  return regions?.find((it) => isIn(box, it) && reaches(it.detect, label, confidence))
}

/** The lowest score, 0 to 1, that anything in a question could keep; 1 when it keeps nothing. */
export function lowestScore({ detect, regions }: DoodsQuestion): number {
  const maps: Thresholds[] = [detect ?? {}, ...(regions ?? []).map((it) => it.detect)]
  const lowest = maps.flatMap((it) => Object.values(it)).reduce((a, b) => Math.min(a, b), 100)
  return lowest / 100
}

/** DOODS' filter as the detector takes one. */
export function doodsFilter(question: DoodsQuestion): NonNullable<DetectOptions['keep']> {
  return (label, { classId, score, box }, { width, height }: Size) => {
    const fractions = {
      top: box.yMin / height,
      left: box.xMin / width,
      bottom: box.yMax / height,
      right: box.xMax / width,
    }
    return reasonToKeep(question, label ?? String(classId), score * 100, fractions) !== undefined
  }
}

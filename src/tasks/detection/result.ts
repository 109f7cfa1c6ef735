import type { Box, Size } from '../../imaging/geometry.js'
import type { LabelMap } from '../../repository/model-card.js'
import type { ImageFacts } from '../image/image-job.js'
import type { Timings } from '../image/stopwatch.js'
import { round } from '../round.js'
import type { Candidate } from './postprocess.js'
import type { Redaction } from './redaction.js'

/** One object in an image. */
export interface Detection {
  /** `null` where the label map has no name for the class. */
  readonly label: string | null
  readonly classId: number
  /** 0 to 1. */
  readonly score: number
  /** Pixels of the upright image. */
  readonly box: Box
  /** Fractions of the upright image's sides. */
  readonly boxNormalized: Box
}

/** What one image gave. */
export interface DetectionResult {
  readonly model: { readonly name: string; readonly version: string; readonly signature: string }
  readonly image: ImageFacts
  readonly detections: readonly Detection[]
  /** What its picture must not show. */
  readonly redactions: readonly Redaction[]
  readonly timingsMs: Timings
}

function mapBox(box: Box, x: (value: number) => number, y: (value: number) => number): Box {
  return { xMin: x(box.xMin), yMin: y(box.yMin), xMax: x(box.xMax), yMax: y(box.yMax) }
}

/** Gives candidates their names and both kinds of box: pixels to two decimals, fractions to six. */
export function toDetections(
  candidates: readonly Candidate[],
  image: Size,
  labels: LabelMap | null,
): Detection[] {
  return candidates.map(({ classId, score, box }) => ({
    label: labels?.get(classId) ?? null,
    classId,
    score: round(score, 6),
    box: mapBox(
      box,
      (x) => round(x, 2),
      (y) => round(y, 2),
    ),
    boxNormalized: mapBox(
      box,
      (x) => round(x / image.width, 6),
      (y) => round(y / image.height, 6),
    ),
  }))
}

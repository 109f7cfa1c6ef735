import { CLASS_COLUMNS, type RawDetections } from './network.js'

/** Rows that the detection outputs hold for each image. */
export const MAX_DETECTIONS = 100

/** Two boxes of one class that overlap more than this (intersection over union) are one detection. */
const IOU_THRESHOLD = 0.6

/**
 * Scores at or below this are dropped: 1e-8, as in the original pipeline's configuration, so the answers are the rows
 * that the network gives in TensorFlow. Suppression goes from the best score down, hence a higher floor finds the
 * same rows where it finds enough of them, and sorts a thousand candidates in place of 170,000.
 */
const SCORE_FLOORS = [0.01, 0.001, 1e-8]

/** The rows of one image, best score first. Rows from `count` on are padding: box 0, score 0, class 1. */
export interface Detections {
  /** `[100, 4]`: ymin, xmin, ymax, xmax as fractions of the image, clipped to 0..1. */
  readonly boxes: Float32Array
  /** `[100]`, 0..1. */
  readonly scores: Float32Array
  /** `[100]`: COCO ids, 1 to 90. */
  readonly classes: Float32Array
  readonly count: number
}

interface Candidate {
  readonly anchor: number
  readonly classId: number
  readonly score: number
}

/** Decodes boxes and scores and suppresses duplicates, class by class, as the TF Object Detection API does. */
export function toDetections(raw: RawDetections, anchors: Float32Array): Detections {
  const boxes = decodeBoxes(raw.encodings, anchors)
  let kept: readonly Candidate[] = []
  for (const floor of SCORE_FLOORS) {
    kept = suppress(candidatesAbove(raw.logits, floor), boxes)
    if (kept.length === MAX_DETECTIONS) break
  }
  return toRows(kept, boxes)
}

/**
 * Decodes `[n, 4]` encodings relative to `[n, 4]` anchors into corners, unclipped: the Faster R-CNN box coder with the
 * scale factors 10, 10, 5, 5 of the SSD pipelines.
 */
export function decodeBoxes(encodings: Float32Array, anchors: Float32Array): Float32Array {
  const boxes = new Float32Array(anchors.length)
  for (let i = 0; i < anchors.length; i += 4) {
    const height = anchors[i + 2]! - anchors[i]!
    const width = anchors[i + 3]! - anchors[i + 1]!
    const y = (encodings[i]! / 10) * height + anchors[i]! + height / 2
    const x = (encodings[i + 1]! / 10) * width + anchors[i + 1]! + width / 2
    const halfHeight = (Math.exp(encodings[i + 2]! / 5) * height) / 2
    const halfWidth = (Math.exp(encodings[i + 3]! / 5) * width) / 2
    boxes.set([y - halfHeight, x - halfWidth, y + halfHeight, x + halfWidth], i)
  }
  return boxes
}

/** Intersection over union of the boxes at offsets `a` and `b`; 0 where one has no area. */
export function intersectionOverUnion(boxes: Float32Array, a: number, b: number): number {
  const height = Math.min(boxes[a + 2]!, boxes[b + 2]!) - Math.max(boxes[a]!, boxes[b]!)
  const width = Math.min(boxes[a + 3]!, boxes[b + 3]!) - Math.max(boxes[a + 1]!, boxes[b + 1]!)
  if (height <= 0 || width <= 0) return 0
  const intersection = height * width
  return intersection / (areaOf(boxes, a) + areaOf(boxes, b) - intersection)
}

function areaOf(boxes: Float32Array, at: number): number {
  return (boxes[at + 2]! - boxes[at]!) * (boxes[at + 3]! - boxes[at + 1]!)
}

/** Every anchor and class with a score above `floor`, best first, equal scores by anchor. */
function candidatesAbove(logits: Float32Array, floor: number): Candidate[] {
  const least = Math.log(floor / (1 - floor))
  const candidates: Candidate[] = []
  for (let i = 0; i < logits.length; i++) {
    const classId = i % CLASS_COLUMNS
    if (classId === 0 || logits[i]! <= least) continue
    const score = Math.fround(1 / (1 + Math.exp(-logits[i]!)))
    candidates.push({ anchor: (i - classId) / CLASS_COLUMNS, classId, score })
  }
  return candidates.sort((a, b) => b.score - a.score)
}

function suppress(candidates: readonly Candidate[], boxes: Float32Array): Candidate[] {
  const kept: Candidate[] = []
  const keptOfClass = new Map<number, number[]>()
  for (const candidate of candidates) {
    const at = candidate.anchor * 4
    const rivals = keptOfClass.get(candidate.classId) ?? []
    if (rivals.some((rival) => intersectionOverUnion(boxes, rival, at) > IOU_THRESHOLD)) continue
    rivals.push(at)
    keptOfClass.set(candidate.classId, rivals)
    kept.push(candidate)
    if (kept.length === MAX_DETECTIONS) break
  }
  return kept
}

function toRows(kept: readonly Candidate[], boxes: Float32Array): Detections {
  const rows = {
    boxes: new Float32Array(MAX_DETECTIONS * 4),
    scores: new Float32Array(MAX_DETECTIONS),
    classes: new Float32Array(MAX_DETECTIONS).fill(1),
    count: kept.length,
  }
  kept.forEach(({ anchor, classId, score }, row) => {
    const box = boxes.subarray(anchor * 4, anchor * 4 + 4)
    rows.boxes.set(
      box.map((edge) => Math.min(1, Math.max(0, edge))),
      row * 4,
    )
    rows.scores[row] = score
    rows.classes[row] = classId
  })
  return rows
}

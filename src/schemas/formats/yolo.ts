import type { DetectResponse } from '../responses.js'

/**
 * Writes a label file of YOLO: a line for each detection, `class x_center y_center width height`, the last four in
 * fractions of the image. Its classes count from 0 without holes, so the class is the position of the label in the
 * model's list of labels (by class id), and a class without a name has no line; where the model has no label map at all,
 * it is the class id.
 */
export function toYolo(
  { detections }: Pick<DetectResponse, 'detections'>,
  labels: ReadonlyMap<number, string> | null,
): string {
  const ids = labels === null ? null : [...labels.keys()].sort((a, b) => a - b)
  const lines = detections.flatMap(({ class_id, box_normalized: box }) => {
    const position = ids === null ? class_id : ids.indexOf(class_id)
    if (position < 0) return []
    const numbers = [
      (box.x_min + box.x_max) / 2,
      (box.y_min + box.y_max) / 2,
      box.x_max - box.x_min,
      box.y_max - box.y_min,
    ]
    return [`${position} ${numbers.map((it) => it.toFixed(6)).join(' ')}\n`]
  })
  return lines.join('')
}

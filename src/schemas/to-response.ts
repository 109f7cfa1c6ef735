import type { Box } from '../imaging/geometry.js'
import type { DetectionResult } from '../tasks/detection/result.js'
import type { DetectResponse } from './responses.js'

function toBox({ xMin, yMin, xMax, yMax }: Box) {
  return { x_min: xMin, y_min: yMin, x_max: xMax, y_max: yMax }
}

/** Writes what one image gave as the API answers it. */
export function toDetectResponse({
  model,
  image,
  detections,
  timingsMs,
}: DetectionResult): DetectResponse {
  return {
    model: { ...model },
    image: { ...image },
    detections: detections.map(({ label, classId, score, box, boxNormalized }) => ({
      label,
      class_id: classId,
      score,
      box: toBox(box),
      box_normalized: toBox(boxNormalized),
    })),
    timings_ms: { ...timingsMs },
  }
}

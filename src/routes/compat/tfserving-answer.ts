import type {
  TfservingMetadata,
  TfservingPrediction,
  TfservingRow,
} from '../../schemas/compat/tfserving.js'
import type { ModelMetadata, ModelVersionStatus, Signature } from '../../serving/model-server.js'
import type { DetectionResult } from '../../tasks/detection/result.js'

/** Writes the versions of a model as TensorFlow Serving does. */
export function toVersionStatus(versions: readonly ModelVersionStatus[]) {
  return versions.map(({ version, state, message }) => ({
    version,
    state,
    status: { error_code: message === '' ? 'OK' : 'UNKNOWN', error_message: message },
  }))
}

function toRow({ detections }: DetectionResult, length: number): TfservingRow {
  const missing = length - detections.length
  const zeros: number[] = new Array(missing).fill(0)
  const boxes = detections.map(({ boxNormalized: box }) => [box.yMin, box.xMin, box.yMax, box.xMax])
  return {
    // Tensors have one shape for all images of a call.
    detection_boxes: [...boxes, ...zeros.map(() => [0, 0, 0, 0])],
    detection_scores: [...detections.map(({ score }) => score), ...zeros],
    detection_classes: [...detections.map(({ classId }) => classId), ...zeros],
    num_detections: detections.length,
  }
}

/** Writes detections as a detection model's outputs, in rows (`instances`) or in columns (`inputs`). */
export function toPrediction(
  results: readonly DetectionResult[],
  asRows: boolean,
): TfservingPrediction {
  const length = Math.max(...results.map(({ detections }) => detections.length))
  const rows = results.map((result) => toRow(result, length))
  if (asRows) return { predictions: rows }
  return {
    outputs: {
      detection_boxes: rows.map((it) => it.detection_boxes),
      detection_scores: rows.map((it) => it.detection_scores),
      detection_classes: rows.map((it) => it.detection_classes),
      num_detections: rows.map((it) => it.num_detections),
    },
  }
}

function toTensors(tensors: Signature['inputs']) {
  const entries = Object.entries(tensors).map(([name, { dtype, shape }]) => {
    const dim = (shape ?? []).map((size) => ({ size: String(size), name: '' }))
    return [name, { dtype, tensor_shape: { dim, unknown_rank: shape === null }, name: '' }] as const
  })
  return Object.fromEntries(entries)
}

/** Writes the signatures of a model as TensorFlow Serving does; names of nodes in the graph are left empty. */
export function toMetadata(
  name: string,
  { version, signatures }: ModelMetadata,
): TfservingMetadata {
  const defs = [...signatures.values()].map((it) => {
    const { inputs, outputs, method } = it
    const def = { inputs: toTensors(inputs), outputs: toTensors(outputs), method_name: method }
    return [it.name, def] as const
  })
  return {
    model_spec: { name, signature_name: '', version },
    metadata: { signature_def: { signature_def: Object.fromEntries(defs) } },
  }
}

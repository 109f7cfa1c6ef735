import { z } from 'zod'

/** One version of a model as TensorFlow Serving tells of it. */
export const VersionStatus = z.object({
  version: z.string().meta({ description: 'Version, a decimal int64 as text' }),
  state: z.string(),
  status: z.object({ error_code: z.string(), error_message: z.string() }),
})

/** The status of a model as TensorFlow Serving writes it. */
export const TfservingStatus = z
  .object({ model_version_status: z.array(VersionStatus) })
  .meta({ id: 'TfservingStatus', description: 'The status of a model by TensorFlow Serving' })

const TensorInfo = z.object({
  dtype: z.string(),
  tensor_shape: z.object({
    dim: z.array(z.object({ size: z.string(), name: z.string() })),
    unknown_rank: z.boolean(),
  }),
  name: z.string(),
})

const SignatureDef = z.object({
  inputs: z.record(z.string(), TensorInfo),
  outputs: z.record(z.string(), TensorInfo),
  method_name: z.string(),
})

/** The metadata of a model as TensorFlow Serving writes it. */
export const TfservingMetadata = z
  .object({
    model_spec: z.object({ name: z.string(), signature_name: z.string(), version: z.string() }),
    metadata: z.object({
      signature_def: z.object({ signature_def: z.record(z.string(), SignatureDef) }),
    }),
  })
  .meta({ id: 'TfservingMetadata', description: 'The metadata of a model by TensorFlow Serving' })
export type TfservingMetadata = z.output<typeof TfservingMetadata>

const input = 'Images as `{"b64": "..."}`, alone or under the name of the input'

/** What TensorFlow Serving is asked for a prediction, for documentation. */
export const TfservingRequest = z
  .object({
    signature_name: z.string().optional(),
    instances: z
      .array(z.unknown())
      .optional()
      .meta({ description: `Row format. ${input}` }),
    inputs: z
      .unknown()
      .optional()
      .meta({ description: `Column format. ${input}` }),
  })
  .meta({ description: 'A prediction; one of `instances` and `inputs`' })

const row = {
  detection_boxes: 'Rows of ymin, xmin, ymax, xmax in fractions of the image',
  detection_scores: 'Best first; the rows after `num_detections` are zeros',
  detection_classes: 'Class ids',
  num_detections: 'How many rows are detections',
}

const numbers = z.array(z.number())

/** The detections of an image as a detection model of TensorFlow gives them, all of one length in a request. */
export const TfservingRow = z.object({
  detection_boxes: z.array(numbers).meta({ description: row.detection_boxes }),
  detection_scores: numbers.meta({ description: row.detection_scores }),
  detection_classes: numbers.meta({ description: row.detection_classes }),
  num_detections: z.number().meta({ description: row.num_detections }),
})
export type TfservingRow = z.output<typeof TfservingRow>

/** The answer of a prediction as TensorFlow Serving writes it: rows for `instances`, columns for `inputs`. */
export const TfservingPrediction = z
  .union([
    z.object({ predictions: z.array(TfservingRow) }),
    z.object({
      outputs: z.object({
        detection_boxes: z.array(z.array(numbers)),
        detection_scores: z.array(numbers),
        detection_classes: z.array(numbers),
        num_detections: numbers,
      }),
    }),
  ])
  .meta({ id: 'TfservingPrediction', description: 'A prediction by TensorFlow Serving' })
export type TfservingPrediction = z.output<typeof TfservingPrediction>

/** An error as TensorFlow Serving writes it. */
export const TfservingError = z
  .object({ error: z.string() })
  .meta({ id: 'TfservingError', description: 'An error of TensorFlow Serving' })

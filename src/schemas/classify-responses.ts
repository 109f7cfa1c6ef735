import { z } from 'zod'
import type { ClassificationResult } from '../tasks/classification/classifier.js'
import type { RegressionResult } from '../tasks/classification/regressor.js'
import type { PredictionResult } from '../tasks/prediction/predictor.js'
import { toTensorJson } from '../tasks/prediction/tensor-json.js'
import { answerFields, failedItem, itemFields } from './responses.js'

const { model, image, timings_ms } = answerFields

/** One class of an image. */
export const Classification = z
  .object({
    label: z.string().nullable().meta({ description: 'Name of the class, null when it has none' }),
    class_id: z.int().nullable().meta({
      description: 'Class id as the model gives it, null where it gives a name only',
    }),
    score: z.number().meta({ description: 'How sure the model is, 0 to 1' }),
  })
  .meta({
    id: 'Classification',
    description: 'One class of an image',
    examples: [{ label: 'tabby', class_id: 281, score: 0.914 }],
  })

const classifyFields = {
  model,
  image,
  classifications: z.array(Classification).meta({ description: 'Best scores first' }),
  timings_ms,
}

/** The JSON answer of `POST /v1/classify`. */
export const ClassifyResponse = z
  .object(classifyFields)
  .meta({ id: 'ClassifyResponse', description: 'What the image shows' })
export type ClassifyResponse = z.output<typeof ClassifyResponse>

/** The answer for one image of a batch, which is also one line of the NDJSON answer. */
export const ClassifyItem = z
  .union([z.object({ ...itemFields, status: z.literal(200), ...classifyFields }), failedItem])
  .meta({ id: 'ClassifyItem', description: 'The classes of one image, or why it has none' })
export type ClassifyItem = z.output<typeof ClassifyItem>

/** The JSON answer of `POST /v1/classify/batch`. */
export const ClassifyBatchResponse = z
  .object({ results: z.array(ClassifyItem).meta({ description: 'In the order of the uploads' }) })
  .meta({ id: 'ClassifyBatchResponse', description: 'The classes of every image' })

const regressFields = {
  model,
  image,
  regressions: z
    .array(z.object({ value: z.number().meta({ description: 'As the model gives it' }) }))
    .meta({ description: 'One number' }),
  timings_ms,
}

/** The JSON answer of `POST /v1/regress`. */
export const RegressResponse = z
  .object(regressFields)
  .meta({ id: 'RegressResponse', description: 'The number that the model gives for the image' })
export type RegressResponse = z.output<typeof RegressResponse>

/** The answer for one image of a batch, which is also one line of the NDJSON answer. */
export const RegressItem = z
  .union([z.object({ ...itemFields, status: z.literal(200), ...regressFields }), failedItem])
  .meta({ id: 'RegressItem', description: 'The number of one image, or why it has none' })
export type RegressItem = z.output<typeof RegressItem>

/** The JSON answer of `POST /v1/regress/batch`. */
export const RegressBatchResponse = z
  .object({ results: z.array(RegressItem).meta({ description: 'In the order of the uploads' }) })
  .meta({ id: 'RegressBatchResponse', description: 'The numbers of every image' })

/** A tensor of the model's answer. */
export const TensorJson = z
  .object({
    dtype: z.string().meta({ description: 'Element type, such as DT_FLOAT' }),
    shape: z.array(z.int()).meta({ description: 'Dimensions, of the batch first' }),
    values: z
      .array(z.union([z.number(), z.string(), z.boolean(), z.object({ b64: z.string() })]))
      .optional()
      .meta({
        description:
          'The elements row by row, of text that is no UTF-8 as `{"b64": "..."}`; absent where `b64` has them',
      }),
    b64: z.string().optional().meta({
      description:
        'The elements as little-endian bytes in base64, where there are more than 4096 or JSON has no form for one of them; half floats are widened to DT_FLOAT',
    }),
  })
  .meta({ id: 'Tensor', description: 'A tensor: its elements are in `values` or in `b64`' })

/** The JSON answer of `POST /v1/predict`. */
export const PredictResponse = z
  .object({
    model,
    image,
    outputs: z
      .record(z.string(), TensorJson)
      .meta({ description: 'Tensors by the names of the outputs' }),
    timings_ms,
  })
  .meta({ id: 'PredictResponse', description: 'The bare outputs of the model' })
export type PredictResponse = z.output<typeof PredictResponse>

/** Writes the classes of an image as the API answers them. */
export function toClassifyResponse(result: ClassificationResult): ClassifyResponse {
  return {
    model: { ...result.model },
    image: { ...result.image },
    classifications: result.classifications.map(({ label, classId, score }) => ({
      label,
      class_id: classId,
      score,
    })),
    timings_ms: { ...result.timingsMs },
  }
}

/** Writes the number of an image as the API answers it. */
export function toRegressResponse(result: RegressionResult): RegressResponse {
  return {
    model: { ...result.model },
    image: { ...result.image },
    regressions: [{ value: result.value }],
    timings_ms: { ...result.timingsMs },
  }
}

/** Writes the outputs of a model as the API answers them. */
export function toPredictResponse(result: PredictionResult): PredictResponse {
  const tensors = Object.entries(result.outputs).map(([name, it]) => [name, toTensorJson(it)])
  return {
    model: { ...result.model },
    image: { ...result.image },
    outputs: Object.fromEntries(tensors) as PredictResponse['outputs'],
    timings_ms: { ...result.timingsMs },
  }
}

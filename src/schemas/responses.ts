import { z } from 'zod'
import { Problem } from './problem.js'

const number = (description: string) => z.number().meta({ description })
const integer = (description: string) => z.int().min(0).meta({ description })
const text = (description: string) => z.string().meta({ description })

/** A box in pixels of the upright image. */
export const BoxInPixels = z
  .object({
    x_min: number('Left edge in pixels'),
    y_min: number('Top edge in pixels'),
    x_max: number('Right edge in pixels'),
    y_max: number('Bottom edge in pixels'),
  })
  .meta({
    id: 'Box',
    description: 'A box in pixels of the upright image, origin top left, inside the image',
    examples: [{ x_min: 131.2, y_min: 220.5, x_max: 310, y_max: 541.9 }],
  })

/** The same box in fractions of the image's width and height. */
export const BoxInFractions = z
  .object({
    x_min: number('Left edge, 0 to 1 of the width'),
    y_min: number('Top edge, 0 to 1 of the height'),
    x_max: number('Right edge, 0 to 1 of the width'),
    y_max: number('Bottom edge, 0 to 1 of the height'),
  })
  .meta({
    id: 'NormalizedBox',
    description: 'The box in fractions of the width and height of the upright image',
    examples: [{ x_min: 0.1708, y_min: 0.3828, x_max: 0.4036, y_max: 0.9408 }],
  })

/** One object that was found. */
export const Detection = z
  .object({
    label: z.string().nullable().meta({ description: 'Name of the class, null when it has none' }),
    class_id: z.int().meta({ description: 'Class id as the model gives it' }),
    score: number('How sure the model is, 0 to 1'),
    box: BoxInPixels,
    box_normalized: BoxInFractions,
  })
  .meta({ id: 'Detection', description: 'One object that was found' })

const version = z.string().meta({
  description: 'Model version as text; empty where the server names none',
  examples: ['1'],
})

/** What every answer about an image tells of the model, the image and the time. */
export const answerFields = {
  model: z.object({ name: text('Name of the model'), version, signature: text('Signature') }).meta({
    description: 'The model that answered',
    examples: [{ name: 'ssdlite_mobilenet_v2_coco', version: '1', signature: 'serving_default' }],
  }),
  image: z
    .object({
      width: integer('Width in pixels of the upright image'),
      height: integer('Height in pixels of the upright image'),
      format: text('Format of the upload, read from its bytes'),
      orientation: z.int().min(1).max(8).meta({
        description: 'EXIF orientation of the upload; boxes already have it applied',
      }),
    })
    .meta({ examples: [{ width: 768, height: 576, format: 'jpeg', orientation: 1 }] }),
  timings_ms: z
    .object({
      queue: number('Waiting for a slot'),
      decode: number('Decoding the image'),
      predict: number('The calls to the model server'),
      postprocess: number('Boxes, filters and order'),
      total: number('From the last byte of the body to the answer'),
    })
    .meta({ description: 'Milliseconds that each stage took' }),
}

const { model, image, timings_ms } = answerFields
const detectFields = {
  model,
  image,
  detections: z.array(Detection).meta({ description: 'Best scores first; empty when none' }),
  timings_ms,
}

/** The JSON answer of `POST /v1/detect`. */
export const DetectResponse = z
  .object(detectFields)
  .meta({ id: 'DetectResponse', description: 'What was found in the image' })
export type DetectResponse = z.output<typeof DetectResponse>

/** What every answer for an image of a batch begins with. */
export const itemFields = {
  index: integer('Position of the upload in the request'),
  filename: z.string().nullable().meta({ description: 'Name of the upload, null without one' }),
}

/** Why an image of a batch has no answer. */
export const failedItem = z.object({
  ...itemFields,
  status: z.int().min(400).max(599).meta({ description: 'The HTTP status of this image' }),
  error: Problem,
})

/** The answer for one image of a batch, which is also one line of the NDJSON answer. */
export const BatchItem = z
  .union([z.object({ ...itemFields, status: z.literal(200), ...detectFields }), failedItem])
  .meta({ id: 'BatchItem', description: 'The answer for one image, or why it has none' })
export type BatchItem = z.output<typeof BatchItem>

/** The JSON answer of `POST /v1/detect/batch`. */
export const BatchResponse = z
  .object({ results: z.array(BatchItem).meta({ description: 'In the order of the uploads' }) })
  .meta({ id: 'BatchResponse', description: 'The answers for every image' })
export type BatchResponse = z.output<typeof BatchResponse>

import { z } from 'zod'
import { PARAMETERS } from './parameters.js'
import { modelName } from './scalars.js'

const asText = (of: z.ZodType, example: string) =>
  z.string().meta({ description: z.globalRegistry.get(of)?.description ?? '', examples: [example] })

/** The parameters as forms and queries hold them: lists and maps are text. */
const textParameters = {
  ...PARAMETERS,
  labels: asText(PARAMETERS.labels, 'person,dog'),
  exclude_labels: asText(PARAMETERS.exclude_labels, '"Salt, pepper",bird'),
  thresholds: asText(PARAMETERS.thresholds, 'person:0.6,dog:0.4'),
  redact: asText(PARAMETERS.redact, 'person:blur,car:fill'),
  regions: asText(
    PARAMETERS.regions,
    '[{"id":"door","x_min":0,"y_min":0,"x_max":0.5,"y_max":1,"unit":"fraction"}]',
  ),
}

const binary = (description: string) =>
  z.string().meta({ format: 'binary', description }) as z.ZodType

const base64 = z.object({
  b64: z.string().meta({
    description: 'The bytes of the picture in base64, also URL-safe, or a `data:` URI of them',
  }),
})

/** The query of both detect routes, for documentation; `parseParameters` checks it. */
export const DetectQuery = z.object(textParameters).partial()

/** One image as a form. */
export const DetectForm = z
  .object(textParameters)
  .partial()
  .extend({ image: binary('The picture file; `file` and `data` are other names for it') })

/** One image as JSON. */
export const DetectJson = z
  .object(PARAMETERS)
  .partial()
  .extend({ image: base64.meta({ description: 'The picture' }) })

/** Several images as a form: the part `image` repeats. */
export const BatchForm = z
  .object(textParameters)
  .partial()
  .extend({
    image: z
      .array(binary('A picture file'))
      .meta({ description: 'The picture files; `file` and `data` are other names for the part' }),
  })

/** Several images as JSON. */
export const BatchJson = z
  .object(PARAMETERS)
  .partial()
  .extend({
    images: z
      .array(base64.extend({ filename: z.string().optional() }))
      .meta({ description: 'The pictures' }),
  })

const raw = { schema: binary('The bytes of the picture file') }

/** The bodies that `POST /v1/detect` takes, by media type, for documentation. */
export const DETECT_BODIES: Readonly<Record<string, { readonly schema: z.ZodType }>> = {
  'multipart/form-data': { schema: DetectForm },
  'image/*': raw,
  'application/octet-stream': raw,
  'application/json': { schema: DetectJson },
}

/** The bodies that `POST /v1/detect/batch` takes, by media type, for documentation. */
export const BATCH_BODIES: Readonly<Record<string, { readonly schema: z.ZodType }>> = {
  'multipart/form-data': { schema: BatchForm },
  'application/json': { schema: BatchJson },
}

/** The path of the routes about one model. */
export const ModelPath = z.object({ model: modelName().meta({ description: 'Name of the model' }) })

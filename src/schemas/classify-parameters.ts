import { z } from 'zod'
import { outputList } from './label-lists.js'
import { PARAMETERS } from './parameters.js'
import { type ParseOptions, parseAs, type RawParameter } from './parse-parameters.js'
import { fraction, wholeNumber } from './scalars.js'

/** What every question about an image says, checked; what was not given is absent. */
export interface ImageParameters {
  readonly model?: string
  /** Decimal int64; excludes `versionLabel`. */
  readonly version?: string
  readonly versionLabel?: string
  /** Milliseconds from the last byte of the body to the answer. */
  readonly timeoutMs?: number
}

/** What a client asked of a classification. */
export interface ClassifyParameters extends ImageParameters {
  /** 1 to 1000. */
  readonly topK?: number
  /** Lowest score, 0 to 1. */
  readonly minScore?: number
  /** Names or class ids to keep. */
  readonly labels?: readonly string[]
  /** Names or class ids to drop. */
  readonly excludeLabels?: readonly string[]
}

/** What a client asked of a prediction. */
export interface PredictParameters extends ImageParameters {
  /** Wire names. */
  readonly outputs?: readonly string[]
}

const { model, version, version_label, timeout_ms } = PARAMETERS

/** The parameters of `/v1/regress`, by their wire names. */
export const IMAGE_PARAMETERS = { model, version, version_label, timeout_ms } as const

/** The parameters of `/v1/classify`, by their wire names. */
export const CLASSIFY_PARAMETERS = {
  model,
  version,
  version_label,
  top_k: wholeNumber(1, 1000).meta({
    description: 'Most classes, best scores first. Default: what the model card says, else 5',
    examples: [5],
  }),
  min_score: fraction().meta({
    description:
      'Lowest score of a class, from 0 to 1. Default: what the model card says, else none',
    examples: [0.1],
  }),
  labels: PARAMETERS.labels,
  exclude_labels: PARAMETERS.exclude_labels,
  timeout_ms,
} as const

/** The parameters of `/v1/predict`, by their wire names. */
export const PREDICT_PARAMETERS = {
  model,
  version,
  version_label,
  outputs: outputList().meta({
    description:
      'Names of the outputs; all unless given. Text: comma separated with CSV quoting; may repeat; JSON: an array',
  }),
  timeout_ms,
} as const

/** Reads the parameters of a question about images. Throws as `parseParameters` does. */
export const parseImageParameters = (raw: readonly RawParameter[], options: ParseOptions) =>
  // Names and types agree by construction, here and below.
  parseAs(IMAGE_PARAMETERS, raw, options) as ImageParameters

/** Reads the parameters of a classification. Throws as `parseParameters` does. */
export const parseClassifyParameters = (raw: readonly RawParameter[], options: ParseOptions) =>
  parseAs(CLASSIFY_PARAMETERS, raw, options) as ClassifyParameters

/** Reads the parameters of a prediction. Throws as `parseParameters` does. */
export const parsePredictParameters = (raw: readonly RawParameter[], options: ParseOptions) =>
  parseAs(PREDICT_PARAMETERS, raw, options) as PredictParameters

type Shape = Readonly<Record<string, z.ZodType>>

/** Lists in forms and queries are text. */
function asText(set: Shape): Shape {
  const lists = ['labels', 'exclude_labels', 'outputs']
  return Object.fromEntries(
    Object.entries(set).map(([name, schema]) => {
      if (!lists.includes(name)) return [name, schema]
      const description = z.globalRegistry.get(schema)?.description ?? ''
      return [name, z.string().meta({ description })]
    }),
  )
}

/** The query that takes a set of parameters, for documentation. */
export function queryOf(set: Shape) {
  return z.object(asText(set)).partial()
}

const binary = (description: string): z.ZodType =>
  z.string().meta({ format: 'binary', description })
const base64 = z.object({
  b64: z.string().meta({
    description: 'The bytes of the picture in base64, also URL-safe, or a `data:` URI of them',
  }),
})

type Bodies = Readonly<Record<string, { readonly schema: z.ZodType }>>

/** The bodies of a route that takes one image, by media type, for documentation. */
export function bodiesOf(set: Shape): Bodies {
  const raw = { schema: binary('The bytes of the picture file') }
  const image = binary('The picture file; `file` and `data` are other names for it')
  return {
    'multipart/form-data': { schema: queryOf(set).extend({ image }) },
    'image/*': raw,
    'application/octet-stream': raw,
    'application/json': {
      schema: z
        .object(set)
        .partial()
        .extend({ image: base64.meta({ description: 'The picture' }) }),
    },
  }
}

/** The bodies of a route that takes several images, by media type, for documentation. */
export function batchBodiesOf(set: Shape): Bodies {
  const images = z
    .array(base64.extend({ filename: z.string().optional() }))
    .meta({ description: 'The pictures' })
  const image = z
    .array(binary('A picture file'))
    .meta({ description: 'The picture files; `file` and `data` are other names for the part' })
  return {
    'multipart/form-data': { schema: queryOf(set).extend({ image }) },
    'application/json': { schema: z.object(set).partial().extend({ images }) },
  }
}

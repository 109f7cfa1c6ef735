import { z } from 'zod'
import { finiteNumber } from '../scalars.js'

/** Far above any label map. */
const MAX_LABELS = 1000
const MAX_REGIONS = 100

const fractionOfSide = (edge: string) =>
  z
    .number()
    .min(0)
    .max(1)
    .meta({ description: `${edge} edge, 0 to 1` })

const Thresholds = z
  .record(z.string(), z.number().min(0).max(100))
  .refine((it) => Object.keys(it).length <= MAX_LABELS, {
    error: `names more than ${MAX_LABELS} labels`,
  })
  .meta({ description: 'Lowest confidence by label, 0 to 100; `*` stands for every other label' })

const Region = z.object({
  id: z.string().nullish(),
  top: fractionOfSide('Top'),
  left: fractionOfSide('Left'),
  bottom: fractionOfSide('Bottom'),
  right: fractionOfSide('Right'),
  detect: Thresholds,
  covers: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether the whole box must lie in the region, not just a part' }),
})
export type DoodsRegion = z.output<typeof Region>

/** What DOODS2 is asked for a detection, beside the image in `data`. */
export const DoodsQuestion = z.object({
  id: z.string().nullish(),
  detector_name: z.string().nullish().meta({ description: 'Model; `default` is the default one' }),
  detect: Thresholds.nullish(),
  regions: z.array(Region).max(MAX_REGIONS).nullish(),
  image: z
    .union([z.string(), z.boolean()])
    .nullish()
    .meta({ description: 'Whether the annotated picture is wanted, as `jpg` or `png`' }),
  preprocess: z.array(z.string()).max(0, { error: 'is not done by this gateway' }).nullish(),
  throttle: finiteNumber().nullish().meta({ description: 'Concerns streams, and is ignored' }),
})
export type DoodsQuestion = z.output<typeof DoodsQuestion>

/** The whole request, for documentation. */
export const DoodsRequest = DoodsQuestion.extend({
  data: z.string().meta({ description: 'The image in base64; a URL is refused' }),
}).meta({ description: 'A request of DOODS2' })

const side = z.number().meta({ description: '0 to 1' })

/** The answer of a detection as DOODS2 writes it. */
export const DoodsDetection = z
  .object({
    id: z.string().optional(),
    image: z.string().optional().meta({ description: 'The annotated picture in base64' }),
    detections: z.array(
      z.object({
        region_id: z.string().optional(),
        top: side,
        left: side,
        bottom: side,
        right: side,
        label: z.string().meta({ description: 'Name of the class, its id where it has none' }),
        confidence: z.number().meta({ description: '0 to 100' }),
      }),
    ),
  })
  .meta({ id: 'DoodsDetection', description: 'A detection of DOODS2' })

/** The list of models as DOODS2 writes it. */
export const DoodsDetectors = z
  .object({
    detectors: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        model: z.string(),
        labels: z.array(z.string()),
        width: z.int().meta({ description: 'Width the model fixes, else 0' }),
        height: z.int().meta({ description: 'Height the model fixes, else 0' }),
      }),
    ),
  })
  .meta({ id: 'DoodsDetectors', description: 'The detectors of DOODS2' })

/** An error as DOODS2 writes it. */
export const DoodsError = z
  .object({ error: z.string(), detections: z.array(z.unknown()) })
  .meta({ id: 'DoodsError', description: 'An error of DOODS2' })

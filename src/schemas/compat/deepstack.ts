import { z } from 'zod'

const pixel = (edge: string) => z.int().meta({ description: `${edge} edge in pixels` })

/** What CodeProject.AI tells beside DeepStack's own fields. */
const served = {
  success: z.literal(true),
  duration: z.number().meta({ description: 'Seconds that the request took' }),
  message: z.string(),
  count: z.int(),
  inferenceMs: z.int().meta({ description: 'Milliseconds of the call to the model server' }),
  processMs: z.int().meta({ description: 'Milliseconds of the whole' }),
  moduleId: z.string().meta({ description: 'Name of the model' }),
  processedBy: z.string(),
  timestampUTC: z.string(),
}

/** The answer of a detection as DeepStack and CodeProject.AI write it. */
export const DeepstackDetection = z
  .object({
    ...served,
    predictions: z.array(
      z.object({
        label: z.string().meta({ description: 'Name of the class, its id where it has none' }),
        confidence: z.number().meta({ description: '0 to 1' }),
        x_min: pixel('Left'),
        y_min: pixel('Top'),
        x_max: pixel('Right'),
        y_max: pixel('Bottom'),
      }),
    ),
  })
  .meta({ id: 'DeepstackDetection', description: 'A detection of DeepStack and CodeProject.AI' })
export type DeepstackDetection = z.output<typeof DeepstackDetection>

/** The list of models as CodeProject.AI writes it. */
export const DeepstackModels = z
  .object({ success: z.literal(true), models: z.array(z.string()) })
  .meta({ id: 'DeepstackModels', description: 'The models that can be asked for' })

/** An error as both write it. */
export const DeepstackError = z
  .object({ success: z.literal(false), error: z.string(), code: z.int() })
  .meta({ id: 'DeepstackError', description: 'An error of DeepStack and CodeProject.AI' })

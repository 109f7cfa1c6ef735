import { z } from 'zod'

/** The answer of a detection as IBM's MAX Object Detector writes it. */
export const MaxPrediction = z
  .object({
    status: z.literal('ok'),
    predictions: z.array(
      z.object({
        label_id: z.string().meta({ description: 'Class id, as text' }),
        label: z.string().meta({ description: 'Name of the class, its id where it has none' }),
        probability: z.number().meta({ description: '0 to 1' }),
        detection_box: z
          .array(z.number())
          .meta({ description: 'ymin, xmin, ymax, xmax in fractions of the image' }),
      }),
    ),
  })
  .meta({ id: 'MaxPrediction', description: 'A detection of the MAX Object Detector' })

/** The labels as the MAX Object Detector lists them. */
export const MaxLabels = z
  .object({ count: z.int(), labels: z.array(z.object({ id: z.string(), name: z.string() })) })
  .meta({ id: 'MaxLabels', description: 'The labels of the MAX Object Detector' })

/** What the MAX Object Detector tells of itself. */
export const MaxMetadata = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    type: z.string(),
    source: z.string(),
    license: z.string(),
  })
  .meta({ id: 'MaxMetadata', description: 'The metadata of the MAX Object Detector' })

/** An error as the MAX Object Detector writes it. */
export const MaxError = z
  .object({ status: z.literal('error'), message: z.string() })
  .meta({ id: 'MaxError', description: 'An error of the MAX Object Detector' })

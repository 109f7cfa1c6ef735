import { z } from 'zod'
import { Problem } from '../problem.js'
import type { BatchItem, DetectResponse } from '../responses.js'

/** The media type of COCO documents here: JSON, but no answer of this API. */
export const COCO_TYPE = 'application/vnd.coco+json'

/** Detections as COCO's object detection data sets hold them. */
export const CocoDocument = z
  .object({
    images: z.array(
      z.object({
        id: z.int().meta({ description: 'Position of the upload, from 1' }),
        file_name: z.string().meta({ description: 'Name of the upload, empty without one' }),
        width: z.int(),
        height: z.int(),
      }),
    ),
    annotations: z.array(
      z.object({
        id: z.int(),
        image_id: z.int(),
        category_id: z.int().meta({ description: 'Class id as the model gives it' }),
        bbox: z.array(z.number()).meta({
          description: 'x, y, width, height in pixels of the upright image, from the top left',
        }),
        area: z.number().meta({ description: 'Pixels of the box' }),
        iscrowd: z.int(),
        segmentation: z.array(z.unknown()),
        score: z.number().meta({ description: '0 to 1' }),
      }),
    ),
    categories: z
      .array(z.object({ id: z.int(), name: z.string() }))
      .meta({ description: 'Every class of the model; the id is the name of one that has none' }),
    errors: z
      .array(z.object({ image_id: z.int(), file_name: z.string(), error: Problem }))
      .optional()
      .meta({
        description: 'The images of a batch that could not be read, which is no part of COCO',
      }),
  })
  .meta({ id: 'CocoDocument', description: 'Detections as a COCO data set' })
export type CocoDocument = z.output<typeof CocoDocument>

/** What was found in one image, or why nothing was looked for; `index` is its position from 0. */
export type CocoSource = { readonly index: number; readonly filename: string | null } & (
  | Pick<DetectResponse, 'image' | 'detections'>
  | { readonly error: Extract<BatchItem, { error: unknown }>['error'] }
)

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function toAnnotation({ class_id, score, box }: DetectResponse['detections'][number]) {
  const width = round(box.x_max - box.x_min)
  const height = round(box.y_max - box.y_min)
  return {
    category_id: class_id,
    bbox: [box.x_min, box.y_min, width, height],
    area: round(width * height),
    iscrowd: 0,
    segmentation: [],
    score,
  }
}

function toCategories(labels: ReadonlyMap<number, string> | null, found: Iterable<number>) {
  const names = new Map(labels)
  for (const id of found) if (!names.has(id)) names.set(id, String(id))
  return [...names].sort(([a], [b]) => a - b).map(([id, name]) => ({ id, name }))
}

/** Writes detections as a COCO data set; `labels` are the names of the model's classes by their ids. */
export function toCoco(
  sources: readonly CocoSource[],
  labels: ReadonlyMap<number, string> | null,
): CocoDocument {
  const images: CocoDocument['images'] = []
  const annotations: CocoDocument['annotations'] = []
  const errors: NonNullable<CocoDocument['errors']> = []
  for (const source of sources) {
    const id = source.index + 1
    const file_name = source.filename ?? ''
    if ('error' in source) {
      errors.push({ image_id: id, file_name, error: source.error })
      continue
    }
    const { width, height } = source.image
    images.push({ id, file_name, width, height })
    for (const detection of source.detections) {
      annotations.push({
        id: annotations.length + 1,
        image_id: id,
        ...toAnnotation(detection),
      })
    }
  }
  const categories = toCategories(
    labels,
    annotations.map((it) => it.category_id),
  )
  return { images, annotations, categories, ...(errors.length > 0 && { errors }) }
}

import { z } from 'zod'
import type { Region } from '../tasks/detection/regions.js'
import { finiteNumber, flag, keyword } from './scalars.js'

const MAX_REGIONS = 64
const MAX_ID_LENGTH = 100

const edge = (description: string) => finiteNumber().meta({ description })

const RegionWire = z
  .strictObject({
    id: z
      .preprocess(
        (raw) => (Number.isSafeInteger(raw) ? String(raw) : raw),
        z.string({ error: 'must be text' }).min(1).max(MAX_ID_LENGTH),
      )
      .optional()
      .meta({ description: 'Name of the region; its position in the list unless given' }),
    x_min: edge('Left edge'),
    y_min: edge('Top edge'),
    x_max: edge('Right edge'),
    y_max: edge('Bottom edge'),
    unit: keyword(['pixel', 'fraction']).meta({
      description: 'Unit of the edges: pixels of the upright image, or fractions of its sides',
    }),
    match: keyword(['center', 'intersects', 'contains'])
      .default('center')
      .meta({ description: 'Which part of a box has to be in the region' }),
    exclude: flag()
      .default(false)
      .meta({ description: 'Whether detections in the region are dropped rather than kept' }),
  })
  .superRefine((region, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (region.x_max <= region.x_min) refuse('x_max', 'must be greater than x_min')
    if (region.y_max <= region.y_min) refuse('y_max', 'must be greater than y_min')
    const edges = ['x_min', 'y_min', 'x_max', 'y_max'] as const
    for (const name of edges) {
      if (region[name] < 0) refuse(name, 'must not be negative')
      if (region.unit === 'fraction' && region[name] > 1) refuse(name, 'must be at most 1')
    }
  })

/** Describes the list of regions: an array in JSON, the same array as JSON text elsewhere. */
export function regionList() {
  return z.preprocess(
    toArray,
    z
      .array(RegionWire, { error: 'must be a JSON list of regions' })
      .max(MAX_REGIONS, { error: `holds more than ${MAX_REGIONS} regions` })
      .transform((regions) => regions.map(toRegion))
      .refine((regions) => new Set(regions.map(({ id }) => id)).size === regions.length, {
        error: 'gives two regions the same id',
      }),
  )
}

function toArray(raw: unknown, context: z.RefinementCtx): unknown {
  if (typeof raw !== 'string') return raw
  try {
    return JSON.parse(raw)
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a JSON list of regions' })
    return z.NEVER
  }
}

function toRegion(region: z.output<typeof RegionWire>, index: number): Region {
  return {
    id: region.id ?? String(index),
    xMin: region.x_min,
    yMin: region.y_min,
    xMax: region.x_max,
    yMax: region.y_max,
    unit: region.unit,
    match: region.match,
    exclude: region.exclude,
  }
}

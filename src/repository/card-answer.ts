import { z } from 'zod'

/** Columns that take one number; `box` takes four and `scores` what is left. */
const COLUMNS = ['box', 'score', 'class', 'scores', 'objectness', 'image'] as const

/** The JSON of `boxes`: what a model's boxes are made of. */
export const CardBoxesJson = z
  .object({
    format: z.enum(['yxyx', 'xyxy', 'cxcywh', 'xywh']).optional(),
    unit: z.enum(['fraction', 'pixel']).optional(),
    strides: z.array(z.int().min(1).max(1024)).min(1).max(8).optional(),
  })
  .refine(({ format, strides }) => strides === undefined || (format ?? 'cxcywh') === 'cxcywh', {
    path: ['strides'],
    error: 'strides are for boxes of "format": "cxcywh"',
  })
  .refine(({ unit, strides }) => strides === undefined || unit !== 'fraction', {
    path: ['strides'],
    error: 'strides make boxes of pixels',
  })

/** The JSON of `scores`: what a model's scores for each class are. */
export const CardScoresJson = z.object({
  activation: z.enum(['none', 'sigmoid', 'softmax']).optional(),
  background: z.enum(['first', 'last']).optional(),
  classes: z.int().min(1).max(100_000).optional(),
})

/** The JSON of `columns`: what follows what in a row of a joined output. */
export const CardColumnsJson = z
  .array(z.enum(COLUMNS))
  .refine((columns) => new Set(columns).size === columns.length, {
    error: 'a column is there twice',
  })
  .refine((columns) => columns.includes('box'), { error: 'expected a box among the columns' })
  .refine((columns) => columns.includes('score') !== columns.includes('scores'), {
    error: 'expected either "score" or "scores" among the columns',
  })
  .refine((columns) => !columns.includes('scores') || columns.at(-1) === 'scores', {
    error: 'scores take the columns that are left: write them last',
  })
  .refine((columns) => columns.includes('scores') || !columns.includes('objectness'), {
    error: 'objectness is what "scores" are multiplied by',
  })
  .refine((columns) => !columns.includes('scores') || !columns.includes('class'), {
    error: 'the class follows from "scores"',
  })

import { extname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { parseTarget } from '../serving/target.js'
import { CardBoxesJson, CardColumnsJson, CardScoresJson } from './card-answer.js'
import { type FileProblem, RepositoryFileError } from './file-error.js'
import { parseJsonText } from './json-text.js'
import { type FirstId, toLabelMap } from './label-entry.js'
import { LABEL_FILE_EXTENSIONS } from './label-map.js'
import { labelsFromJson } from './label-map-json.js'
import {
  CARD_TASKS,
  type CardInput,
  type CardTask,
  type LabelMap,
  type ModelCard,
  SERVER_PROTOCOLS,
} from './model-card.js'
import { inFile } from './text-syntax-error.js'

/** The version of the card format that this gateway reads and writes. */
export const CARD_VERSION = 1

/** The outputs that are read: a detector's of the Object Detection API or one that has all in one, a classifier's, a regressor's. */
const OUTPUTS = [
  'detection_boxes',
  'detection_scores',
  'detection_classes',
  'num_detections',
  'detections',
  'scores',
  'classes',
  'value',
]

// Far above every detector's input; a typing error must not ask for a tensor of gigabytes.
const side = z.int().min(1).max(8192)
const perChannel = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])], {
  error: 'expected a number, or an array of three, one a channel',
})
const isByte = (value: number) => Number.isInteger(value) && value >= 0 && value <= 255
const wireName = z.string().min(1)
const wireNames = z
  .record(z.string(), wireName)
  .refine((names) => new Set(Object.values(names)).size === Object.keys(names).length, {
    error: 'two entries have the same wire name',
  })
const labelFile = z
  .string()
  .refine((path) => path !== '' && !isAbsolute(path) && !path.includes('\0'), {
    error: 'expected a path relative to the folder of the card',
  })
  .refine((path) => LABEL_FILE_EXTENSIONS.includes(extname(path).toLowerCase()), {
    error: `expected a file that ends in one of ${LABEL_FILE_EXTENSIONS.join(' ')}`,
  })

/** Input types that images can be sent as, by the names that the Open Inference Protocol has for them. */
const DTYPES = {
  UINT8: 'DT_UINT8',
  FP32: 'DT_FLOAT',
  FP16: 'DT_HALF',
  BYTES: 'DT_STRING',
} as const

const target = z.string().superRefine((text, context) => {
  try {
    parseTarget(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

const CardServerJson = z.object({
  protocol: z.enum(SERVER_PROTOCOLS),
  target: target.optional(),
})

const CardDefaultsJson = z.object({
  min_score: z.number().min(0).max(1).optional(),
  max_detections: z.int().min(1).max(1000).optional(),
  iou_threshold: z.number().min(0).max(1).optional(),
  top_k: z.int().min(1).max(1000).optional(),
})

const CardInputJson = z
  .object({
    dtype: z.enum(['UINT8', 'FP32', 'FP16', 'BYTES']).optional(),
    shape: z
      .array(
        z.union([z.literal(-1), side], { error: 'expected -1 where it is free, or 1 to 8192' }),
      )
      .max(4)
      .optional(),
    size: z
      .tuple([side, side], { error: 'expected [height, width] in pixels, 1 to 8192 each' })
      .optional(),
    fit: z.enum(['stretch', 'crop', 'pad']).optional(),
    max_side: z.int().min(0).max(65_535).optional(),
    kernel: z.enum(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']).optional(),
    fill: perChannel
      .refine((fill) => [fill].flat().every(isByte), {
        error: 'expected whole numbers from 0 to 255',
      })
      .optional(),
    align: z.enum(['center', 'top-left']).optional(),
    layout: z.enum(['nhwc', 'nchw']).optional(),
    channels: z.enum(['rgb', 'bgr']).optional(),
    mean: perChannel.optional(),
    scale: perChannel
      .refine((scale) => ![scale].flat().includes(0), {
        error: 'a scale of 0 turns every image into the same tensor',
      })
      .optional(),
    std: perChannel
      .refine((std) => [std].flat().every((it) => it > 0), { error: 'expected numbers above 0' })
      .optional(),
  })
  .refine((input) => input.std === undefined || input.scale === undefined, {
    path: ['std'],
    error: 'std is one divided by scale: give one of them',
  })
  .refine((input) => input.fit === 'pad' || (input.fill ?? input.align) === undefined, {
    path: ['fit'],
    error: 'fill and align are for the border that "fit": "pad" leaves',
  })
  .refine((input) => input.fit === undefined || input.size !== undefined, {
    path: ['fit'],
    error: 'fit needs size: without it the image is sent in its own shape',
  })

const CardJson = z.object({
  card_version: z
    .literal(CARD_VERSION, {
      error: `this gateway reads cards of version ${CARD_VERSION} only`,
    })
    .optional(),
  task: z.enum(CARD_TASKS).optional(),
  labels: z
    .union([labelFile, z.record(z.string(), z.unknown()), z.array(z.unknown())], {
      error: 'expected {"1": "person"} or the path of a label file',
    })
    .optional(),
  defaults: CardDefaultsJson.optional(),
  server: CardServerJson.optional(),
  input: CardInputJson.optional(),
  signature: wireName.optional(),
  inputs: wireNames.optional(),
  outputs: wireNames.optional(),
  boxes: CardBoxesJson.optional(),
  columns: CardColumnsJson.optional(),
  scores: CardScoresJson.optional(),
  activation: z.enum(['none', 'sigmoid', 'softmax']).optional(),
  label_offset: z.int().min(-1).max(1000).optional(),
  example_feature: wireName.optional(),
})

/** The JSON of `model.json`, as it is written. */
export type ModelCardJson = z.input<typeof CardJson>

/** A card as read, before a label file is opened. */
export interface ParsedCard {
  /** With `labels` null when they are in a file. */
  readonly card: ModelCard
  /** Keys that the gateway does not know, which are most often misspelt. */
  readonly warnings: readonly FileProblem[]
  /** Path of the label file relative to the card's folder, as the card has it; it may still point anywhere. */
  readonly labelsFile?: string
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unknownKeys(value: unknown, known: readonly string[], prefix = ''): FileProblem[] {
  if (!isRecord(value)) return []
  return Object.keys(value)
    .filter((key) => !known.includes(key) && !key.startsWith('$'))
    .map((key) => ({
      field: prefix + key,
      reason: `unknown key, ignored; known are ${known.join(', ')}`,
    }))
}

function findWarnings(json: unknown): FileProblem[] {
  if (!isRecord(json)) return []
  return [
    ...unknownKeys(json, Object.keys(CardJson.shape)),
    ...unknownKeys(json.server, Object.keys(CardServerJson.shape), 'server.'),
    ...unknownKeys(json.defaults, Object.keys(CardDefaultsJson.shape), 'defaults.'),
    ...unknownKeys(json.input, Object.keys(CardInputJson.shape), 'input.'),
    ...unknownKeys(json.outputs, OUTPUTS, 'outputs.'),
    ...unknownKeys(json.boxes, Object.keys(CardBoxesJson.shape), 'boxes.'),
    ...unknownKeys(json.scores, Object.keys(CardScoresJson.shape), 'scores.'),
  ]
}

function inverse(std: number | readonly number[]): number | readonly number[] {
  return typeof std === 'number' ? 1 / std : std.map((it) => 1 / it)
}

function toCardInput(input: z.output<typeof CardInputJson> = {}): CardInput {
  const { max_side: maxSide, std, scale, dtype, ...same } = input
  return {
    ...same,
    ...(dtype !== undefined && { dtype: DTYPES[dtype] }),
    maxSide,
    scale: std === undefined ? scale : inverse(std),
  }
}

/** The id of the first name of a list of labels, by what the model does. */
export function firstIdOf(task: CardTask | undefined): FirstId {
  return task === 'image-classification' ? 0 : 1
}

function toLabels(
  { labels, task }: Pick<ModelCardJson, 'labels' | 'task'>,
  file: string,
): LabelMap | null {
  if (labels === undefined || typeof labels === 'string') return null
  return toLabelMap(labelsFromJson(labels, file, firstIdOf(task), 'labels'), file)
}

/**
 * Reads the text of a card. Throws {@link RepositoryFileError} that names the file and, for everything that is wrong,
 * the field and the reason (or the line, where the text is not JSON). Keys that begin with `$` are left to editors.
 */
export function parseModelCard(text: string, file: string): ParsedCard {
  const json = inFile(file, () => parseJsonText(text))
  const parsed = CardJson.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      field: path.length === 0 ? undefined : path.join('.'),
      reason: message,
    }))
    throw new RepositoryFileError(file, problems)
  }
  const { labels, defaults, server, input, signature, inputs = {}, outputs = {} } = parsed.data
  const { boxes, columns, scores, task, activation } = parsed.data
  const { label_offset: labelOffset, example_feature: exampleFeature } = parsed.data
  const card: ModelCard = {
    ...(task !== undefined && { task }),
    labels: toLabels({ labels, task }, file),
    defaults: {
      minScore: defaults?.min_score,
      maxDetections: defaults?.max_detections,
      ...(defaults?.iou_threshold !== undefined && { iouThreshold: defaults.iou_threshold }),
      ...(defaults?.top_k !== undefined && { topK: defaults.top_k }),
    },
    ...(server !== undefined && { server }),
    input: toCardInput(input),
    signature,
    inputs,
    outputs,
    ...(boxes !== undefined && { boxes }),
    ...(columns !== undefined && { columns }),
    ...(scores !== undefined && { scores }),
    ...(activation !== undefined && { activation }),
    ...(labelOffset !== undefined && { labelOffset }),
    ...(exampleFeature !== undefined && { exampleFeature }),
  }
  const warnings = findWarnings(json)
  return typeof labels === 'string' ? { card, warnings, labelsFile: labels } : { card, warnings }
}

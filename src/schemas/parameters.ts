import type { z } from 'zod'
import type { Region } from '../tasks/detection/regions.js'
import type { Grid } from '../tasks/detection/tiles.js'
import { labelList, type RedactMode, redactMap, thresholdMap } from './label-lists.js'
import { regionList } from './regions.js'
import {
  fraction,
  keyword,
  modelName,
  modelVersion,
  numberBetween,
  versionLabel,
  wholeNumber,
} from './scalars.js'
import { tileGrid } from './tile-grid.js'

/**
 * How an answer is written: as JSON, as the picture with the boxes drawn on it, as a ZIP of what is in the boxes, or as a
 * labelling tool reads it.
 */
export const ANSWER_FORMATS = [
  'json',
  'png',
  'jpeg',
  'webp',
  'crops',
  'coco',
  'yolo',
  'voc',
] as const
export type AnswerFormat = (typeof ANSWER_FORMATS)[number]

/** What a client asked of a detection, checked; what was not given is absent. */
export interface DetectParameters {
  readonly model?: string
  /** Decimal int64, of other servers than TensorFlow Serving any text; excludes `versionLabel`. */
  readonly version?: string
  readonly versionLabel?: string
  /** Lowest score, 0 to 1. */
  readonly minScore?: number
  /** Lowest score of a label, 0 to 1, by name or class id. */
  readonly thresholds?: ReadonlyMap<string, number>
  /** Names or class ids to keep. */
  readonly labels?: readonly string[]
  /** Names or class ids to drop. */
  readonly excludeLabels?: readonly string[]
  /** 1 to 1000. */
  readonly maxDetections?: number
  /** Overlap from which the weaker of two boxes of a class is dropped, 0 to 1. */
  readonly iouThreshold?: number
  readonly tiles?: Grid | 'auto'
  /** Part of a tile that its neighbour shows too, 0 to 0.5. */
  readonly overlap?: number
  readonly regions?: readonly Region[]
  readonly format?: AnswerFormat
  /** How the boxes of a label are made unrecognizable in the picture, by name, class id or `*`. */
  readonly redact?: ReadonlyMap<string, RedactMode>
  /** Encoding quality of the picture that comes back, 1 to 100. */
  readonly quality?: number
  /** Longest side in pixels of the picture that comes back. */
  readonly pictureMaxSide?: number
  /** Milliseconds from the last byte of the body to the answer. */
  readonly timeoutMs?: number
}

/**
 * Every parameter by its wire name, the same in forms, queries and JSON. Each schema takes one raw value, text or typed,
 * and gives the checked one.
 */
export const PARAMETERS = {
  model: modelName().meta({
    description: 'Model to use; the default model unless given',
    examples: ['ssdlite_mobilenet_v2_coco'],
  }),
  version: modelVersion().meta({
    description:
      'Version of the model; the latest unless given. A number, but for servers whose versions are text. Excludes `version_label`',
    examples: ['1'],
  }),
  version_label: versionLabel().meta({
    description: 'Label of a version, such as `stable`. Excludes `version`',
  }),
  min_score: fraction().meta({
    description:
      'Lowest score of a detection, from 0 to 1. Default: what the model card says, else 0.5',
    examples: [0.5],
  }),
  thresholds: thresholdMap().meta({
    description:
      'Lowest score by label name or class id, in place of `min_score`. Text: `person:0.6,dog:0.4` with CSV quoting; JSON: an object',
  }),
  labels: labelList().meta({
    description:
      'Label names or class ids to keep. Text: comma separated with CSV quoting; may repeat; JSON: an array',
  }),
  exclude_labels: labelList().meta({
    description: 'Label names or class ids to drop, written as `labels` is',
  }),
  max_detections: wholeNumber(1, 1000).meta({
    description: 'Most detections, best scores first. Default: what the model card says, else 100',
    examples: [100],
  }),
  iou_threshold: fraction().meta({
    description:
      'Non-max suppression: of two boxes of a class that overlap more than this, the weaker goes. Default: what the model card says, else none, or 0.45 for a model that leaves it to others',
  }),
  tiles: tileGrid().meta({
    description:
      'For small objects in large photos: the model sees the whole image and its tiles, columns x rows of them (`3x2`: three side by side, two below each other; 8x8 at most), or as many as it takes to shrink none by more than two (`auto`, sixteen at most). An object that several show is answered once',
    examples: ['2x2', 'auto'],
  }),
  overlap: numberBetween(0, 0.5).meta({
    description:
      'Part of a tile that its neighbour shows too, from 0 to 0.5: objects up to this size are complete in one of them. Default: 0.2',
    examples: [0.2],
  }),
  regions: regionList().meta({
    description:
      'Parts of the image that detections must be in, or stay out of with `exclude`. Text: the same list as JSON text',
  }),
  format: keyword(ANSWER_FORMATS).meta({
    description:
      'Answer with JSON, with the annotated picture (`png`, `jpeg`, `webp`), with a ZIP of a JPEG for each detection (`crops`), or as labelling tools read it (`coco`, `yolo`, `voc`). Default: what `Accept` asks for, else `json`',
  }),
  redact: redactMap().meta({
    description:
      'What is made unrecognizable in the picture, by label name, class id or `*` for all: `blur`, `pixelate` or `fill`. Text: `person:blur,car:fill` with CSV quoting; JSON: an object. Needs a picture or `crops`; boxes are then not drawn. It concerns every detection that reaches the minimum score, whatever `labels`, `regions` and `max_detections` say',
  }),
  quality: wholeNumber(1, 100).meta({
    description: 'Encoding quality of the annotated picture. Default: 85',
  }),
  picture_max_side: wholeNumber(16, 16_383, 'pixels').meta({
    description:
      'Longest side in pixels of the annotated picture. Default: as large as the image. WebP ends at 16383',
  }),
  timeout_ms: wholeNumber(1, 2 ** 31 - 1, 'milliseconds').meta({
    description:
      "Deadline of the answer in milliseconds after the last byte of the body, at most the server's own",
  }),
} as const satisfies Record<string, z.ZodType>

export type ParameterName = keyof typeof PARAMETERS

/** The parameters of all routes that may be given several times; their values are joined. */
export const LIST_PARAMETERS: ReadonlySet<string> = new Set(['labels', 'exclude_labels', 'outputs'])

/** Tells whether a name is a parameter's. */
export function isParameterName(name: string): name is ParameterName {
  return Object.hasOwn(PARAMETERS, name)
}

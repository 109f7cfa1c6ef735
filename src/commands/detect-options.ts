import { parseArgs } from 'node:util'
import type { JsonParameters } from '../client/client.js'
import { DETECT_FORMATS, type DetectFormat } from './detect-format.js'
import {
  FILE_OPTIONS,
  type FileCommand,
  readFileCommand,
  toNumber,
  toParameters,
  toWord,
} from './file-options.js'

const PICTURE_FORMATS = ['jpeg', 'png', 'webp'] as const
type PictureFormat = (typeof PICTURE_FORMATS)[number]

/** What the `detect` command is asked to do. */
export interface DetectCommand extends FileCommand {
  readonly format: DetectFormat
  readonly parameters: JsonParameters
  /** Folder of the annotated pictures, and how they are encoded. */
  readonly pictures: { readonly folder: string; readonly format: PictureFormat } | undefined
}

const OPTIONS = {
  ...FILE_OPTIONS,
  pictures: { type: 'string' },
  'picture-format': { type: 'string' },
  'max-detections': { type: 'string' },
  'iou-threshold': { type: 'string' },
  tiles: { type: 'string' },
  overlap: { type: 'string' },
} as const

/** Reads the command line of `detect`; `undefined` when it asks for help. Throws with what is wrong, in words. */
export function readDetectCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): DetectCommand | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  })
  if (values.help) return undefined
  const { pictures: folder } = values
  const format = toWord('picture-format', values['picture-format'], PICTURE_FORMATS) ?? 'jpeg'
  return {
    ...readFileCommand(values, positionals, DETECT_FORMATS, env),
    parameters: toParameters(values, {
      max_detections: toNumber('max-detections', values),
      iou_threshold: toNumber('iou-threshold', values),
      tiles: values.tiles,
      overlap: toNumber('overlap', values),
    }),
    pictures: folder ? { folder, format } : undefined,
  }
}

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { JsonParameters } from '../client/client.js'
import { parseCsvList } from '../schemas/csv-list.js'
import { RESULT_FORMATS, type ResultFormat } from './detect-format.js'
import { readShard, type Shard } from './detect-shard.js'
import { chooseGateway, GATEWAY_OPTIONS, type GatewayChoice } from './own-gateway.js'

const PICTURE_FORMATS = ['jpeg', 'png', 'webp'] as const
type PictureFormat = (typeof PICTURE_FORMATS)[number]

/** What the `detect` command is asked to do. */
export interface DetectCommand {
  readonly args: readonly string[]
  readonly gateway: GatewayChoice
  readonly parameters: JsonParameters
  readonly format: ResultFormat
  /** A file; the standard output where there is none. */
  readonly output: string | undefined
  readonly resume: boolean
  readonly force: boolean
  /** The part of the files to look at; all of them where there is none. */
  readonly shard: Shard | undefined
  /** Folder of the annotated pictures, and how they are encoded. */
  readonly pictures: { readonly folder: string; readonly format: PictureFormat } | undefined
  /** Files under way at one time. */
  readonly concurrency: number
}

/** The options of `detect` as `parseArgs` takes them; completion reads them too. */
export const DETECT_OPTIONS = {
  ...GATEWAY_OPTIONS,
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  resume: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  shard: { type: 'string' },
  pictures: { type: 'string' },
  'picture-format': { type: 'string' },
  concurrency: { type: 'string', short: 'j' },
  model: { type: 'string' },
  'model-version': { type: 'string' },
  'min-score': { type: 'string' },
  labels: { type: 'string' },
  'exclude-labels': { type: 'string' },
  'max-detections': { type: 'string' },
  'iou-threshold': { type: 'string' },
  tiles: { type: 'string' },
  overlap: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Values = ReturnType<typeof parse>['values']

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: DETECT_OPTIONS, allowPositionals: true })
}

/** Options whose value is one text. */
type TextOption = {
  [Name in keyof Values]-?: NonNullable<Values[Name]> extends string ? Name : never
}[keyof Values]

function toNumber(name: TextOption, values: Values): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) {
    throw new Error(`--${name} must be a number, not "${text}"`)
  }
  return value
}

function toWord<Word extends string>(
  name: keyof Values,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined
  const found = words.find((word) => word === text)
  if (found === undefined) {
    throw new Error(`--${name} must be one of ${words.join(', ')}, not "${text}"`)
  }
  return found
}

function toList(name: keyof Values, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const list = parseCsvList(text)
  if (list === undefined) throw new Error(`--${name} has a quote that is never closed`)
  return list
}

/** The gateway checks them and words what is wrong, so only what is no number is refused here. */
function toParameters(values: Values): JsonParameters {
  const given = {
    model: values.model,
    version: values['model-version'],
    min_score: toNumber('min-score', values),
    labels: toList('labels', values.labels),
    exclude_labels: toList('exclude-labels', values['exclude-labels']),
    max_detections: toNumber('max-detections', values),
    iou_threshold: toNumber('iou-threshold', values),
    tiles: values.tiles,
    overlap: toNumber('overlap', values),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Each of several gateways gets as much as one would. */
function toConcurrency(values: Values, gateways: number): number {
  const usual = Math.max(4, 2 * availableParallelism()) * Math.max(1, gateways)
  const value = toNumber('concurrency', values) ?? Math.min(256, usual)
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value
  throw new Error(`--concurrency must be a whole number from 1 to 256, not "${values.concurrency}"`)
}

/** The format of a name's ending, so that `-o results.csv` needs no `--format`. */
function formatOf(output: string | undefined): ResultFormat | undefined {
  if (output === undefined) return undefined
  if (/\.(?:jsonl|ndjson)$/i.test(output)) return 'jsonl'
  if (/\.csv$/i.test(output)) return 'csv'
  return /\.json$/i.test(output) ? 'coco' : undefined
}

/** Reads the command line of `detect`; `undefined` when it asks for help. Throws with what is wrong, in words. */
export function readDetectCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): DetectCommand | undefined {
  const { values, positionals } = parse(args)
  if (values.help) return undefined
  if (positionals.length === 0) {
    throw new Error('Name pictures, folders or patterns, or - for the standard input; see --help')
  }
  const { output, resume, force } = values
  const format =
    toWord('format', values.format, RESULT_FORMATS) ?? formatOf(output) ?? ('table' as const)
  if (resume && (output === undefined || format !== 'jsonl')) {
    throw new Error('--resume needs --output FILE and --format jsonl: it reads what is done there')
  }
  const pictureFormat = toWord('picture-format', values['picture-format'], PICTURE_FORMATS)
  const gateway = chooseGateway(values, env)
  return {
    args: positionals,
    gateway,
    parameters: toParameters(values),
    format,
    output,
    resume,
    force,
    shard: values.shard === undefined ? undefined : readShard(values.shard),
    pictures: values.pictures
      ? { folder: values.pictures, format: pictureFormat ?? 'jpeg' }
      : undefined,
    concurrency: toConcurrency(values, gateway.urls.length),
  }
}

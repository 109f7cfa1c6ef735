import { availableParallelism } from 'node:os'
import { parseCsvList } from '../schemas/csv-list.js'
import { chooseGateway, GATEWAY_OPTIONS, type GatewayChoice } from './own-gateway.js'
import { readShard, type Shard } from './shard.js'

/** What a command that asks about files is asked to do, whatever it asks. */
export interface FileCommand {
  readonly args: readonly string[]
  readonly gateway: GatewayChoice
  readonly format: string
  /** A file; the standard output where there is none. */
  readonly output: string | undefined
  readonly resume: boolean
  readonly force: boolean
  /** The part of the files to look at; all of them where there is none. */
  readonly shard: Shard | undefined
  /** Files under way at one time. */
  readonly concurrency: number
}

/** The options of every such command as `parseArgs` takes them. */
export const FILE_OPTIONS = {
  ...GATEWAY_OPTIONS,
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  resume: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  shard: { type: 'string' },
  concurrency: { type: 'string', short: 'j' },
  model: { type: 'string' },
  'model-version': { type: 'string' },
  'min-score': { type: 'string' },
  labels: { type: 'string' },
  'exclude-labels': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** How help tells those that say what is done with files and results; `formats` are the words of `--format`. */
export function fileHelp(formats: string): string {
  return `  --format FORMAT          ${formats} (default: by the ending of --output, else table)
  --output, -o FILE        write the results there (default: the standard output)
  --resume                 go on with --output: files that have an answer in it are left out (jsonl)
  --force                  write --output anew where it is there already
  --shard I/N              part I of N of the files, from 0 to N - 1; a file's path alone decides on its part
  --concurrency, -j N      files under way at one time (default: twice the cores, at least 4, for each --url)`
}

/** How help tells those that are parameters of every task. */
export const PARAMETER_HELP = `  --model NAME             model (default: the gateway's)
  --model-version N        version of the model (default: the latest)
  --min-score S            lowest score, 0 to 1
  --labels A,B             only these names or class ids
  --exclude-labels A,B     all but these`

/** The values of options by their names. */
type Values<Name extends string> = { readonly [Key in Name]?: string | undefined }

/** The number of an option. Throws in words where it is none. */
export function toNumber<Name extends string>(
  name: Name,
  values: Values<NoInfer<Name>>,
): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) {
    throw new Error(`--${name} must be a number, not "${text}"`)
  }
  return value
}

/** The word of an option, of those that it takes. Throws in words where it is another. */
export function toWord<Word extends string>(
  name: string,
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

function toList(name: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const list = parseCsvList(text)
  if (list === undefined) throw new Error(`--${name} has a quote that is never closed`)
  return list
}

/** Parameters that every task has, and `more`. The gateway checks them: only what is no number is refused here. */
export function toParameters<More extends object>(
  values: Values<'model' | 'model-version' | 'min-score' | 'labels' | 'exclude-labels'>,
  more: More,
) {
  const given = {
    model: values.model,
    version: values['model-version'],
    min_score: toNumber('min-score', values),
    labels: toList('labels', values.labels),
    exclude_labels: toList('exclude-labels', values['exclude-labels']),
    ...more,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Each of several gateways gets as much as one would. */
function toConcurrency(values: Values<'concurrency'>, gateways: number): number {
  const usual = Math.max(4, 2 * availableParallelism()) * Math.max(1, gateways)
  const value = toNumber('concurrency', values) ?? Math.min(256, usual)
  if (Number.isInteger(value) && value >= 1 && value <= 256) return value
  throw new Error(`--concurrency must be a whole number from 1 to 256, not "${values.concurrency}"`)
}

/** Endings of names, so that `-o results.csv` needs no `--format`. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/\.(?:jsonl|ndjson)$/i, 'jsonl'],
  [/\.csv$/i, 'csv'],
  [/\.json$/i, 'coco'],
]

function formatOf<Format extends string>(
  { format, output }: Values<'format' | 'output'>,
  formats: readonly Format[],
): Format | undefined {
  const said = toWord('format', format, formats)
  if (said !== undefined || output === undefined) return said
  const byEnding = ENDINGS.find(([ending]) => ending.test(output))?.[1]
  return formats.find((each) => each === byEnding)
}

/** Reads what every such command is told; `formats` are those that it writes, the first one unless told. */
export function readFileCommand<Format extends string>(
  values: Values<'format' | 'output' | 'shard' | 'concurrency' | 'api-key'> & {
    readonly url?: readonly string[] | undefined
    readonly resume: boolean
    readonly force: boolean
  },
  args: readonly string[],
  formats: readonly [Format, ...Format[]],
  env: NodeJS.ProcessEnv,
) {
  if (args.length === 0) {
    throw new Error('Name pictures, folders or patterns, or - for the standard input; see --help')
  }
  const { output, resume, force, shard } = values
  const format = formatOf(values, formats) ?? formats[0]
  if (resume && (output === undefined || format !== 'jsonl')) {
    throw new Error('--resume needs --output FILE and --format jsonl: it reads what is done there')
  }
  const gateway = chooseGateway(values, env)
  return {
    args,
    gateway,
    format,
    output,
    resume,
    force,
    shard: shard === undefined ? undefined : readShard(shard),
    concurrency: toConcurrency(values, gateway.urls.length),
  }
}

import { parseArgs } from 'node:util'
import { ExportError } from '../export/export-error.js'
import { parseVersion } from '../export/repository/versions.js'
import type { InputForm } from '../export/written-version.js'
import { DEMO_MODEL } from '../repository/demo-card.js'
import { modelNameProblem } from '../repository/model-name.js'

/** What is to be exported, and where to. */
export interface ExportRequest {
  /** A path, a URL, or `demo`. */
  readonly source: string
  readonly name: string
  /** The next free number unless given. */
  readonly version: string | undefined
  readonly repository: string
  /** File with the names of the classes. */
  readonly labels: string | undefined
  /** What the model takes; what the source takes unless given. */
  readonly input: InputForm | undefined
  readonly variables: boolean
  /** The `pipeline.config` of a training checkpoint; the one beside it unless given. */
  readonly pipeline: string | undefined
  /** Whether to take a training checkpoint's moving averages; what its configuration says unless given. */
  readonly movingAverages: boolean | undefined
  /** Photos to warm up with, none for synthetic images; `undefined` for no warm-up. */
  readonly warmUp: readonly string[] | undefined
  /** Folder of the repository as TF-Serving sees it. */
  readonly basePath: string
  readonly force: boolean
  /** Whether nothing is done where `models.config` lists a model already. */
  readonly ifEmpty: boolean
}

/** The source that is not a path: the model of the embedded server. */
export const DEMO_SOURCE = 'demo'

const OPTIONS = {
  name: { type: 'string' },
  version: { type: 'string' },
  repository: { type: 'string' },
  labels: { type: 'string' },
  input: { type: 'string' },
  variables: { type: 'boolean', default: false },
  checkpoint: { type: 'string' },
  pipeline: { type: 'string' },
  'moving-averages': { type: 'string' },
  'base-path': { type: 'string', default: '/models' },
  force: { type: 'boolean', default: false },
  'if-empty': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Reads the arguments of `export`; `undefined` when help is asked for. Throws `ExportError` that says what is expected
 * in place of what was given.
 */
export function parseExportArgs(args: readonly string[]): ExportRequest | undefined {
  const { rest, photos } = takePhotos(args)
  const { values, positionals } = parseArgs({
    args: rest,
    options: OPTIONS,
    allowPositionals: true,
  })
  if (values.help) return undefined
  const { checkpoint } = values
  const [source, ...others] = checkpoint === undefined ? positionals : [checkpoint, ...positionals]
  if (source === undefined || others.length > 0) {
    throw new ExportError(
      others.length === 0
        ? 'Name a source: a training folder, a checkpoint, a frozen graph, a SavedModel, an archive or its URL, or demo. See --help'
        : `One source at a time: ${[source, ...others].join(' and ')} were given. Photos follow --warmup`,
    )
  }
  return {
    source,
    name: chooseName(source, values.name),
    version: values.version === undefined ? undefined : parseVersion(values.version),
    repository: values.repository ?? (process.env.MODEL_REPOSITORY || 'models'),
    labels: values.labels,
    input: parseInput(values.input),
    variables: values.variables,
    pipeline: values.pipeline,
    movingAverages: parseSwitch('--moving-averages', values['moving-averages']),
    warmUp: photos,
    basePath: parseBasePath(values['base-path']),
    force: values.force,
    ifEmpty: values['if-empty'],
  }
}

/** Takes `--warmup` and the photos behind it out of the arguments: `parseArgs` knows no options with several values. */
function takePhotos(args: readonly string[]): {
  readonly rest: string[]
  readonly photos: readonly string[] | undefined
} {
  const rest: string[] = []
  let photos: string[] | undefined
  let isPhoto = false
  for (const arg of args) {
    if (arg === '--warmup' || arg.startsWith('--warmup=')) {
      photos ??= []
      if (arg !== '--warmup') photos.push(arg.slice('--warmup='.length))
      isPhoto = true
    } else if (isPhoto && !arg.startsWith('--')) photos?.push(arg)
    else {
      isPhoto = false
      rest.push(arg)
    }
  }
  return { rest, photos }
}

function chooseName(source: string, given: string | undefined): string {
  const name = given ?? (source === DEMO_SOURCE ? DEMO_MODEL : undefined)
  if (name === undefined) {
    throw new ExportError('Name the model: --name NAME. Clients ask for it by that name')
  }
  const problem = modelNameProblem(name)
  if (problem === undefined) return name
  throw new ExportError(`--name ${JSON.stringify(name)}: ${problem}`)
}

function parseInput(text: string | undefined): InputForm | undefined {
  if (text === undefined || text === 'pixels' || text === 'encoded') return text
  throw new ExportError(`--input is pixels or encoded, not ${JSON.stringify(text)}`)
}

function parseSwitch(option: string, text: string | undefined): boolean | undefined {
  if (text === undefined || text === 'on' || text === 'off')
    return text === undefined ? undefined : text === 'on'
  throw new ExportError(`${option} is on or off, not ${JSON.stringify(text)}`)
}

/** TF-Serving refuses a relative path for the whole configuration. */
function parseBasePath(text: string): string {
  if (/^\/|^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text.replace(/(?<=.)\/+$/, '')
  throw new ExportError(
    `--base-path ${JSON.stringify(text)}: TF-Serving takes an absolute path or a URI such as s3://bucket/models`,
  )
}

import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { SAVED_MODEL_FILE } from '../export/detect-source.js'
import { ExportError } from '../export/export-error.js'
import { cardPath } from '../export/repository/card-writer.js'
import { listVersions } from '../export/repository/versions.js'
import { writeWarmUp } from '../export/warm-up.js'
import { parseModelCard } from '../repository/card-schema.js'
import { DEMO_CARD, DEMO_MODEL } from '../repository/demo-card.js'
import type { ModelCard } from '../repository/model-card.js'
import { readVersionSignatures } from './export-signatures.js'
import { makeWarmUpRequests } from './export-warm-up.js'
import { formatBytes } from './terminal.js'

const HELP = `Usage: detection-gateway warmup PATH|NAME [PHOTO...] [OPTIONS]

Writes assets.extra/tf_serving_warmup_requests into a version, so that TensorFlow Serving runs the model on photos, or on
synthetic images, before it takes requests for it. One or two photos are enough.

PATH is a version's folder or a model's (then its newest version), NAME a model of the repository.

  --version N              version (default: the newest)
  --repository DIRECTORY   model repository (default: MODEL_REPOSITORY, else models)
  --help                   show this text`

interface VersionPlace {
  readonly model: string
  readonly modelDirectory: string
  readonly directory: string
}

/** Runs the `warmup` command. Rejects when there is no such version, or requests that fit it cannot be made. */
export async function warmup(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      version: { type: 'string' },
      repository: { type: 'string', default: process.env.MODEL_REPOSITORY || 'models' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  })
  if (values.help) return console.log(HELP)
  const [target, ...photos] = positionals
  if (target === undefined) throw new ExportError('Name a version, its folder or its model')
  const place = await findVersion(target, values.repository, values.version)
  const signatures = readVersionSignatures(place.directory)
  const card = await readCard(place)
  const requests = await makeWarmUpRequests({ name: place.model, signatures, card }, photos)
  const { path, records, bytes } = await writeWarmUp(place.directory, requests, signatures)
  console.log(
    `${path}: ${records} ${records === 1 ? 'request' : 'requests'}, ${formatBytes(bytes)}\n` +
      'TensorFlow Serving reads it when it loads this version; one that is loaded stays as it is.',
  )
}

/** A folder that is there goes before a model of that name. */
async function findVersion(
  target: string,
  repository: string,
  version: string | undefined,
): Promise<VersionPlace> {
  if (await isVersion(target)) {
    const directory = resolve(target)
    const modelDirectory = dirname(directory)
    return { model: basename(modelDirectory), modelDirectory, directory }
  }
  const isFolder = (await listVersions(target).catch(() => [])).length > 0
  const modelDirectory = resolve(isFolder ? target : join(repository, target))
  const versions = await listVersions(modelDirectory)
  const wanted = version ?? versions.at(-1)?.toString()
  const directory = join(modelDirectory, wanted ?? '')
  if (wanted !== undefined && (await isVersion(directory))) {
    return { model: basename(modelDirectory), modelDirectory, directory }
  }
  throw new ExportError(
    `${modelDirectory}: has no version ${wanted ?? ''}`.trimEnd() +
      (versions.length > 0 ? `, only ${versions.join(', ')}` : '') +
      '. Name a version’s folder, a model’s folder, or a model of the repository',
  )
}

async function isVersion(directory: string): Promise<boolean> {
  const status = await stat(join(directory, SAVED_MODEL_FILE)).catch(() => undefined)
  return status?.isFile() ?? false
}

/** Labels do not matter here, so that a label file is not read. */
async function readCard({ model, modelDirectory }: VersionPlace): Promise<ModelCard | undefined> {
  const file = cardPath(modelDirectory)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) return parseModelCard(text, file).card
  return model === DEMO_MODEL ? DEMO_CARD : undefined
}

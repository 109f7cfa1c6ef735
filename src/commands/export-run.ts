import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ExportError } from '../export/export-error.js'
import { syncDirectory } from '../export/repository/atomic-file.js'
import { type CardDraft, draftCard, writeCard } from '../export/repository/card-writer.js'
import { readLabelFile } from '../export/repository/companions.js'
import { withLock } from '../export/repository/lock.js'
import {
  addToModelsConfig,
  type ConfigChange,
  readModelsConfig,
} from '../export/repository/models-config-writer.js'
import { assertFree, type Published, publishVersion } from '../export/repository/publish.js'
import {
  createWorkDirectory,
  removeLeftovers,
  type WorkDirectory,
} from '../export/repository/work-directory.js'
import { checkWarmUp, type WarmUpFile, warmUpPath, writeWarmUp } from '../export/warm-up.js'
import type { SignatureSummary, WrittenVersion } from '../export/written-version.js'
import { parseModelCard } from '../repository/card-schema.js'
import type { ModelCard } from '../repository/model-card.js'
import { gatherFacts, type ModelFacts } from './export-facts.js'
import type { ExportRequest } from './export-options.js'
import { readVersionSignatures } from './export-signatures.js'
import { type ModelSource, openModelSource } from './export-source.js'
import { signatureNote, taskOf } from './export-usable.js'
import { makeWarmUpRequests } from './export-warm-up.js'
import type { Interruption } from './interruption.js'
import { ProgressLine } from './terminal.js'

/** What an export did. */
export interface ExportReport {
  readonly request: ExportRequest
  readonly source: string
  readonly written: WrittenVersion
  readonly facts: ModelFacts
  readonly published: Published
  readonly card: CardDraft
  readonly config: ConfigChange
  readonly configFile: string
  readonly warmUp: WarmUpFile | undefined
  readonly leftovers: readonly string[]
  readonly notes: readonly string[]
  readonly ms: number
}

const STEPS = { verify: 'Verifying weights', write: 'Writing' } as const

/**
 * Exports a model into a repository: everything is made in a work directory, then card, version and models.config get
 * their places in this order, under the repository's lock. Nothing is left behind when it throws or is interrupted.
 */
export async function runExport(
  request: ExportRequest,
  interruption: Interruption,
): Promise<ExportReport> {
  const startedAt = performance.now()
  const modelDirectory = join(request.repository, request.name)
  const configFile = join(request.repository, 'models.config')
  await assertPossible(request, modelDirectory, configFile)
  const leftovers = await removeLeftovers(modelDirectory)
  const work = await createWorkDirectory(modelDirectory)
  interruption.onInterrupt(() => work.removeNow())
  const progress = new ProgressLine()
  try {
    const made = await makeVersion(request, work, modelDirectory, progress)
    const placed = await interruption.defer(() =>
      withLock(join(request.repository, '.export.lock'), () =>
        place(request, work, modelDirectory, configFile, made),
      ),
    )
    const ms = performance.now() - startedAt
    return { request, configFile, leftovers, ...made, ...placed, ms }
  } finally {
    progress.clear()
    await work.remove()
  }
}

/** Looks for what would fail at the end, before anything is done that takes time. */
async function assertPossible(
  { version, force, labels }: ExportRequest,
  modelDirectory: string,
  configFile: string,
): Promise<void> {
  await assertFree({ modelDirectory, version, force })
  await readModelsConfig(configFile)
  await draftCard(modelDirectory, {})
  if (labels !== undefined) await readLabelFile(labels)
}

interface MadeVersion {
  readonly source: string
  readonly written: WrittenVersion
  readonly facts: ModelFacts
  readonly warmUp: WarmUpFile | undefined
  readonly notes: readonly string[]
}

async function makeVersion(
  request: ExportRequest,
  work: WorkDirectory,
  modelDirectory: string,
  progress: ProgressLine,
): Promise<MadeVersion> {
  const source: ModelSource = await openModelSource(request.source, work.path, progress)
  const written = await source.write(work.version, {
    input: request.input,
    variables: request.variables,
    pipeline: request.pipeline,
    movingAverages: request.movingAverages,
    onProgress: (step, done, total) => progress.show(STEPS[step], done, total),
  })
  progress.clear()
  const signatures = readVersionSignatures(work.version)
  const { task } = cardOf(
    await draftCard(modelDirectory, { task: taskOf(request.name, signatures) }),
  )
  const { labels: labelsFile, pipeline: pipelineFile } = request
  const facts = await gatherFacts(source, written, { labelsFile, pipelineFile, task })
  const card = cardOf(await draftCard(modelDirectory, facts.card))
  const notes = [
    ...(written.notes ?? []),
    ...facts.notes,
    ...signatureNote(request.name, signatures, card),
  ]
  const warmUp = await warmUpVersion(request, work.version, signatures, card, notes)
  await syncDirectory(work.version)
  return { source: source.description, written, facts, warmUp, notes }
}

/** Labels matter to nothing that is asked of the card here, so that a label file is not read. */
function cardOf({ text, file }: CardDraft): ModelCard {
  return parseModelCard(text, file).card
}

/** A warm-up that came with the source and does not fit what was made of it would keep the version from loading. */
async function warmUpVersion(
  { name, warmUp: photos }: ExportRequest,
  directory: string,
  signatures: readonly SignatureSummary[],
  card: ModelCard,
  notes: string[],
): Promise<WarmUpFile | undefined> {
  if (photos !== undefined) {
    const requests = await makeWarmUpRequests({ name, signatures, card }, photos)
    return writeWarmUp(directory, requests, signatures)
  }
  try {
    return await checkWarmUp(directory, signatures)
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    await rm(warmUpPath(directory))
    notes.push(`The warm-up that came with the model was left out: ${error.message}`)
    return undefined
  }
}

interface PlacedVersion {
  readonly published: Published
  readonly card: CardDraft
  readonly config: ConfigChange
}

async function place(
  request: ExportRequest,
  work: WorkDirectory,
  modelDirectory: string,
  configFile: string,
  { facts }: MadeVersion,
): Promise<PlacedVersion> {
  const { name, version, force, basePath } = request
  const card = await draftCard(modelDirectory, facts.card)
  await assertFree({ modelDirectory, version, force })
  await writeCard(modelDirectory, card)
  let published: Published
  try {
    published = await publishVersion({ work, modelDirectory, version, force })
  } catch (error) {
    if (card.created) await rm(card.file, { force: true })
    throw error
  }
  const entry = { name, basePath: `${basePath === '/' ? '' : basePath}/${name}` }
  return { published, card, config: await addToModelsConfig(configFile, entry) }
}

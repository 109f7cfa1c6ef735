import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RepositoryFileError } from '../../repository/file-error.js'
import type { FirstId } from '../../repository/label-entry.js'
import { parseLabelMap } from '../../repository/label-map.js'
import type { LabelMap } from '../../repository/model-card.js'
import type { Source } from '../detect-source.js'
import { fileError } from '../export-error.js'
import { type PipelineFacts, parsePipelineConfig } from './pipeline-config.js'

/** What lies beside a model and says more of it. */
export interface Companions {
  /** `pipeline.config`, if there is one. */
  readonly pipeline: PipelineFacts | undefined
  readonly pipelineFile: string | undefined
  readonly labels: LabelMap | undefined
  readonly labelsFile: string | undefined
  /** Files that were found and could not be used, in words for the person at the command line. */
  readonly problems: readonly string[]
}

const PIPELINE_FILE = 'pipeline.config'
const LABEL_FILE = /label.*\.(pbtxt|txt|csv|json)$/i

/** Names the directories in which the files that belong to a source lie. */
export function companionFolders(source: Source): string[] {
  if (source.kind === 'saved-model') return [source.directory, dirname(source.directory)]
  return [dirname(source.kind === 'frozen-graph' ? source.file : source.prefix)]
}

/**
 * Looks for a `pipeline.config` and a label map in folders, the first that has one wins; a configuration that is given
 * goes before, and labels may lie beside it. What cannot be read is no failure: the model can be exported without.
 * `firstId` is the class of the first line of a list of labels.
 */
export async function findCompanions(
  folders: readonly string[],
  given?: string,
  firstId: FirstId = 1,
): Promise<Companions> {
  const problems: string[] = []
  const places = given === undefined ? folders : [...new Set([...folders, dirname(given)])]
  const files = (await Promise.all(places.map(listFiles))).flat()
  const pipelineFile = given ?? files.find((file) => basename(file) === PIPELINE_FILE)
  const pipeline =
    pipelineFile === undefined
      ? undefined
      : await tryRead(pipelineFile, parsePipelineConfig, problems)
  const candidates = files.filter((file) => LABEL_FILE.test(basename(file)))
  const wanted = pipeline?.labelMap
  const ordered = [
    ...candidates.filter((file) => basename(file) === wanted),
    ...candidates.filter((file) => basename(file) !== wanted),
  ]
  for (const labelsFile of ordered) {
    const labels = await tryRead(
      labelsFile,
      (text, name) => parseLabelMap(text, name, firstId),
      problems,
    )
    if (labels !== undefined) return { pipeline, pipelineFile, labels, labelsFile, problems }
  }
  return { pipeline, pipelineFile, labels: undefined, labelsFile: undefined, problems }
}

/**
 * Reads a label file that was asked for by name; `firstId` is the class of the first line of a list. Throws `ExportError` or
 * `RepositoryFileError`.
 */
export async function readLabelFile(file: string, firstId: FirstId = 1): Promise<LabelMap> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw fileError('read it', file, cause)
  }
  return parseLabelMap(text, file, firstId)
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.name))
    .sort()
}

async function tryRead<T>(
  file: string,
  parse: (text: string, file: string) => T,
  problems: string[],
): Promise<T | undefined> {
  try {
    return parse(await readFile(file, 'utf8'), file)
  } catch (error) {
    problems.push(error instanceof RepositoryFileError ? error.message : String(error))
    return undefined
  }
}

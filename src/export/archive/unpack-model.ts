import { join, posix } from 'node:path'
import { SAVED_MODEL_FILE, type Source } from '../detect-source.js'
import { ExportError } from '../export-error.js'
import { writeOutput } from '../output-file.js'
import { type ArchiveEntry, readArchive } from './archive-reader.js'

export interface UnpackOptions {
  readonly archive: string
  /** Empty directory to unpack into; paths of the archive are kept below it. */
  readonly directory: string
  /** Hears how many of the bytes that are unpacked are done. */
  readonly onProgress?: (done: number, total: number) => void
}

/** A model out of an archive. */
export interface UnpackedModel {
  readonly source: Source
  /** Directories that may hold its pipeline.config and label map. */
  readonly companions: readonly string[]
}

interface Candidate {
  readonly kind: Source['kind']
  /** Path in the archive of the directory, file or prefix. */
  readonly path: string
  readonly files: readonly ArchiveEntry[]
}

/** Which form is taken where a model comes in several: a zoo's archive has all three, of one model. */
const ORDER: readonly Source['kind'][] = ['saved-model', 'frozen-graph', 'checkpoint']

/** What TF-Serving reads of a SavedModel, and its fingerprint. */
const SAVED_MODEL_FILES =
  /^(saved_model\.pb|fingerprint\.pb|variables\/variables\.(index|data-\d{5}-of-\d{5})|assets(\.extra)?\/.+)$/
const CHECKPOINT_FILES = /^\.(meta|index|data-\d{5}-of-\d{5})$/

/** Files that say how a model was made and what its classes are called; larger ones are something else. */
const COMPANION = /(^|\/)(pipeline\.config|[^/]*label[^/]*\.(pbtxt|txt|csv|json))$/i
const MAX_COMPANION_BYTES = 16 * 1024 * 1024

/**
 * Unpacks the model that an archive holds, and only that: of the forms that it comes the one that needs least done to it. Throws
 * `ExportError` when it holds none, or several that nothing tells apart.
 */
export async function unpackModel(options: UnpackOptions): Promise<UnpackedModel> {
  const entries: ArchiveEntry[] = []
  await readArchive(options.archive, async (entry) => {
    if (!isFinderFile(entry.path)) entries.push(entry)
  })
  const candidate = choose(options, entries)
  const companions = entries.filter(isCompanion)
  await extract(options, [...candidate.files, ...companions])
  const folders = new Set(companions.map((entry) => posix.dirname(entry.path)))
  return {
    source: toSource(candidate, options.directory),
    companions: [...folders].map((folder) => join(options.directory, folder)),
  }
}

function toSource({ kind, path }: Candidate, directory: string): Source {
  const place = join(directory, path)
  if (kind === 'saved-model') return { kind, directory: place }
  return kind === 'frozen-graph' ? { kind, file: place } : { kind, prefix: place }
}

/** macOS puts a `._` file beside each. */
function isFinderFile(path: string): boolean {
  return posix.basename(path).startsWith('._')
}

function isCompanion({ path, size }: ArchiveEntry): boolean {
  return COMPANION.test(path) && size <= MAX_COMPANION_BYTES
}

function choose({ archive }: UnpackOptions, entries: readonly ArchiveEntry[]): Candidate {
  const candidates = [...savedModels(entries), ...frozenGraphs(entries), ...checkpoints(entries)]
  for (const kind of ORDER) {
    const found = candidates.filter((candidate) => candidate.kind === kind)
    if (found.length > 1) throw ambiguous(archive, found)
    if (found[0] !== undefined) return found[0]
  }
  const names = entries.slice(0, 8).map(({ path }) => path)
  throw new ExportError(
    `${archive}: holds no SavedModel (saved_model.pb), frozen graph (*.pb) or checkpoint (*.meta with *.index); ` +
      `it holds ${names.length === 0 ? 'no files' : names.join(', ')}${entries.length > 8 ? ', ...' : ''}`,
  )
}

function ambiguous(archive: string, found: readonly Candidate[]): ExportError {
  const paths = found.map(({ path }) => path).join(', ')
  return new ExportError(
    `${archive}: holds more than one model: ${paths}. Unpack it and name the one that is meant`,
  )
}

function savedModels(entries: readonly ArchiveEntry[]): Candidate[] {
  return entries
    .filter(({ path }) => posix.basename(path) === SAVED_MODEL_FILE)
    .map(({ path }) => {
      const directory = posix.dirname(path)
      const prefix = directory === '.' ? '' : `${directory}/`
      const files = entries.filter(
        (entry) =>
          entry.path.startsWith(prefix) && SAVED_MODEL_FILES.test(entry.path.slice(prefix.length)),
      )
      return { kind: 'saved-model', path: directory, files }
    })
}

function frozenGraphs(entries: readonly ArchiveEntry[]): Candidate[] {
  const graphs = entries.filter(
    ({ path }) => path.endsWith('.pb') && !/(^|\/)(saved_model|fingerprint)\.pb$/.test(path),
  )
  const named = graphs.filter(({ path }) => posix.basename(path) === 'frozen_inference_graph.pb')
  return (named.length > 0 ? named : graphs).map((entry) => ({
    kind: 'frozen-graph',
    path: entry.path,
    files: [entry],
  }))
}

/** Checkpoints without a `.meta` hold objects of TensorFlow 2 and no graph. */
function checkpoints(entries: readonly ArchiveEntry[]): Candidate[] {
  return entries
    .filter(({ path }) => path.endsWith('.meta'))
    .map(({ path }) => path.slice(0, -'.meta'.length))
    .map((prefix) => ({
      kind: 'checkpoint' as const,
      path: prefix,
      files: entries.filter(
        ({ path }) => path.startsWith(prefix) && CHECKPOINT_FILES.test(path.slice(prefix.length)),
      ),
    }))
    .filter(({ files }) => files.some(({ path }) => path.endsWith('.index')))
}

async function extract(
  { archive, directory, onProgress }: UnpackOptions,
  files: readonly ArchiveEntry[],
): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path))
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  await readArchive(archive, async ({ path }, content) => {
    if (!wanted.has(path)) return
    await writeOutput(join(directory, path), async (file) => {
      for await (const chunk of content) {
        await file.write(chunk)
        done += chunk.length
        onProgress?.(done, total)
      }
    })
  })
}

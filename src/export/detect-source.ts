import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openSource } from './byte-source.js'
import { ExportError } from './export-error.js'
import { fileKind } from './file-kind.js'

/** What a model can be made of. */
export type Source =
  | { readonly kind: 'saved-model'; readonly directory: string }
  | { readonly kind: 'frozen-graph'; readonly file: string }
  | {
      readonly kind: 'checkpoint'
      /** Path without `.meta`, `.index` and `.data-...`. */
      readonly prefix: string
    }

/** The file of a SavedModel that holds its graph. */
export const SAVED_MODEL_FILE = 'saved_model.pb'

const FROZEN_GRAPH_FILE = 'frozen_inference_graph.pb'
const CHECKPOINT_FILE = /\.(meta|index|data-\d{5}-of-\d{5})$/
const CHECKPOINT_PATH = /^\s*model_checkpoint_path\s*:\s*["'](.*)["']\s*$/m
const VERSION = /^\d+$/
const STEP = /-(\d+)$/

/** Where the Object Detection API's exporter puts a SavedModel. */
const SAVED_MODEL_FOLDER = 'saved_model'

/**
 * Tells what a path names: a SavedModel's directory or its `saved_model.pb`, a frozen graph, a checkpoint by its prefix,
 * by one of its files or by its directory (the newest then), or a directory that holds one of these. Throws
 * `ExportError` that says what it is instead.
 */
export function detectSource(path: string): Source {
  const found = listSources(path)[0]
  if (found !== undefined) return found
  throw new ExportError(
    `${path}: holds no SavedModel (saved_model.pb), frozen graph (*.pb) or checkpoint (*.meta with *.index)`,
  )
}

/**
 * Lists everything in a path that can be exported, the best first: SavedModel, frozen graph, checkpoint. A model zoo's
 * directory has all three. Throws `ExportError` when there is no such path, or it is a file of another kind.
 */
export function listSources(path: string): Source[] {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status?.isDirectory()) return directorySources(path)
  if (status !== undefined) return [fileSource(path)]
  if (existsSync(`${path}.meta`) || existsSync(`${path}.index`)) {
    return [{ kind: 'checkpoint', prefix: path }]
  }
  throw new ExportError(
    `${path}: there is no such file, directory or checkpoint (${basename(path)}.meta, ${basename(path)}.index)`,
  )
}

function fileSource(path: string): Source {
  if (CHECKPOINT_FILE.test(path)) {
    return { kind: 'checkpoint', prefix: path.replace(CHECKPOINT_FILE, '') }
  }
  const source = openSource(path)
  try {
    const kind = fileKind(source)
    if (kind === 'graph') return { kind: 'frozen-graph', file: path }
    if (kind === 'saved-model' && basename(path) === SAVED_MODEL_FILE) {
      return { kind: 'saved-model', directory: dirname(path) }
    }
  } finally {
    source.close()
  }
  throw new ExportError(
    `${path}: is ${basename(path) === SAVED_MODEL_FILE ? 'a' : 'a SavedModel or'} MetaGraphDef under another name. ` +
      'Call a SavedModel saved_model.pb, the graph of a checkpoint <prefix>.meta',
  )
}

function directorySources(directory: string): Source[] {
  const names = readdirSync(directory).sort()
  const sources = [
    ...savedModels(directory, names),
    ...frozenGraphs(directory, names),
    ...checkpoints(directory, names),
  ]
  if (sources.length > 0) return sources
  const version = latestVersion(directory, names)
  if (version.length > 0) return version
  // Nothing else is there: say what the only candidate is instead.
  return graphFiles(directory, names).slice(0, 1).map(fileSource)
}

/** A model of a repository has a directory for each version; the highest is served. */
function latestVersion(directory: string, names: readonly string[]): Source[] {
  const versions = names.filter((name) => VERSION.test(name)).sort((a, b) => Number(b) - Number(a))
  const latest = versions
    .map((version) => join(directory, version))
    .find((version) => existsSync(join(version, SAVED_MODEL_FILE)))
  return latest === undefined ? [] : [{ kind: 'saved-model', directory: latest }]
}

function savedModels(directory: string, names: readonly string[]): Source[] {
  if (names.includes(SAVED_MODEL_FILE)) return [{ kind: 'saved-model', directory }]
  if (names.includes('saved_model.pbtxt')) {
    throw new ExportError(
      `${join(directory, 'saved_model.pbtxt')}: is a SavedModel as text. Save it again with as_text=False`,
    )
  }
  const below = join(directory, SAVED_MODEL_FOLDER)
  return existsSync(join(below, SAVED_MODEL_FILE))
    ? [{ kind: 'saved-model', directory: below }]
    : []
}

/** Other files that end in .pb may lie beside graphs. */
function frozenGraphs(directory: string, names: readonly string[]): Source[] {
  return graphFiles(directory, names)
    .filter(isGraph)
    .map((file) => ({ kind: 'frozen-graph', file }))
}

function graphFiles(directory: string, names: readonly string[]): string[] {
  const files = names.filter((name) => name.endsWith('.pb') && name !== SAVED_MODEL_FILE)
  const best = files.includes(FROZEN_GRAPH_FILE) ? [FROZEN_GRAPH_FILE] : files
  return best.map((name) => join(directory, name)).filter((file) => statSync(file).isFile())
}

function isGraph(file: string): boolean {
  const source = openSource(file)
  try {
    return fileKind(source) === 'graph'
  } catch (error) {
    if (error instanceof ExportError) return false
    throw error
  } finally {
    source.close()
  }
}

function checkpoints(directory: string, names: readonly string[]): Source[] {
  const listed = listedCheckpoint(directory, names)
  if (listed !== undefined) return [{ kind: 'checkpoint', prefix: listed }]
  const prefixes = names
    .filter((name) => name.endsWith('.index'))
    .map((name) => name.slice(0, -'.index'.length))
    .sort((a, b) => stepOf(b) - stepOf(a))
  return prefixes.slice(0, 1).map((name) => ({ kind: 'checkpoint', prefix: join(directory, name) }))
}

function stepOf(prefix: string): number {
  return Number(STEP.exec(prefix)?.[1] ?? -1)
}

/**
 * The file `checkpoint` names the newest one, often by the path it had where it was trained: then only its last part is of
 * use here.
 */
function listedCheckpoint(directory: string, names: readonly string[]): string | undefined {
  if (!names.includes('checkpoint')) return undefined
  const file = join(directory, 'checkpoint')
  if (!statSync(file).isFile()) return undefined
  const path = CHECKPOINT_PATH.exec(readFileSync(file, 'utf8'))?.[1]
  if (path === undefined) return undefined
  const prefix = join(directory, basename(path))
  return existsSync(`${prefix}.index`) || existsSync(`${prefix}.meta`) ? prefix : undefined
}

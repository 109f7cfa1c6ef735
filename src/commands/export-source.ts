import { rm, stat } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { isArchive } from '../export/archive/archive-reader.js'
import { download } from '../export/archive/download.js'
import { displayUrl } from '../export/archive/http-get.js'
import { findKnownArchive, verifyArchive } from '../export/archive/known-archives.js'
import { unpackModel } from '../export/archive/unpack-model.js'
import { writeDemoVersion } from '../export/demo-version.js'
import { detectSource, type Source } from '../export/detect-source.js'
import { ExportError } from '../export/export-error.js'
import { companionFolders } from '../export/repository/companions.js'
import { assertNoTrainingOptions } from '../export/training/training-options.js'
import { writeVersion } from '../export/write-version.js'
import type { VersionOptions, WrittenVersion } from '../export/written-version.js'
import { DEMO_SOURCE } from './export-options.js'
import type { ProgressLine } from './terminal.js'

/** A model that is ready to be written as a version. */
export interface ModelSource {
  /** What it is, in words for people. */
  readonly description: string
  readonly isDemo: boolean
  /** Where files that say more of it may lie. */
  readonly companions: readonly string[]
  write(directory: string, options: VersionOptions): Promise<WrittenVersion>
}

const KINDS: Readonly<Record<Source['kind'], string>> = {
  'saved-model': 'SavedModel',
  'frozen-graph': 'frozen graph',
  checkpoint: 'checkpoint',
}

const URL_START = /^[a-z][a-z0-9+.-]+:\/\//i

/**
 * Finds out what a source is by looking at it: `demo`, a URL, an archive, or a path. Archives are downloaded, verified
 * where their checksum is known, and unpacked into `workDirectory`. Throws `ExportError`.
 */
export async function openModelSource(
  source: string,
  workDirectory: string,
  progress: ProgressLine,
): Promise<ModelSource> {
  if (source === DEMO_SOURCE) {
    const description = 'the demo model of the embedded server'
    return { description, isDemo: true, companions: [], write: writeDemo }
  }
  if (URL_START.test(source)) return openUrl(source, workDirectory, progress)
  const status = await stat(source).catch(() => undefined)
  if (status?.isFile() && isArchive(source)) return openArchive(source, workDirectory, progress)
  const found = detectSource(source)
  return fromSource(found, `${KINDS[found.kind]} ${pathOf(found)}`, companionFolders(found))
}

async function writeDemo(directory: string, options: VersionOptions): Promise<WrittenVersion> {
  assertNoTrainingOptions(DEMO_SOURCE, options)
  return writeDemoVersion(directory, options)
}

function pathOf(source: Source): string {
  if (source.kind === 'saved-model') return source.directory
  return source.kind === 'frozen-graph' ? source.file : source.prefix
}

function fromSource(
  source: Source,
  description: string,
  companions: readonly string[],
): ModelSource {
  const write: ModelSource['write'] = (directory, options) =>
    writeVersion(source, directory, options)
  return { description, isDemo: false, companions, write }
}

async function openUrl(
  text: string,
  workDirectory: string,
  progress: ProgressLine,
): Promise<ModelSource> {
  if (!URL.canParse(text)) throw new ExportError(`${text}: is no address that can be read`)
  const url = new URL(text)
  const name = posix.basename(decodeURIComponent(url.pathname)) || 'archive'
  const known = findKnownArchive(name)
  const path = join(workDirectory, name)
  await download({
    url,
    path,
    size: known?.size,
    allowHttp: known !== undefined,
    onProgress: (received, total) => progress.show(`Downloading ${name}`, received, total),
  })
  const opened = await openArchive(path, workDirectory, progress)
  // Both together may be more than the disk has room for.
  await rm(path)
  const how = known === undefined ? '' : ', checksum verified'
  return { ...opened, description: `${opened.description.replace(path, displayUrl(url))}${how}` }
}

async function openArchive(
  path: string,
  workDirectory: string,
  progress: ProgressLine,
): Promise<ModelSource> {
  const known = findKnownArchive(basename(path))
  if (known !== undefined) await verifyArchive(path, known)
  const { source, companions } = await unpackModel({
    archive: path,
    directory: join(workDirectory, 'source'),
    onProgress: (done, total) => progress.show('Unpacking', done, total),
  })
  const folders = [...new Set([...companionFolders(source), ...companions])]
  return fromSource(source, `${KINDS[source.kind]} in ${path}`, folders)
}

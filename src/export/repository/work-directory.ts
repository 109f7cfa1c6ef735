import { rmdirSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { hasCode } from '../../repository/snapshot.js'
import { fileError } from '../export-error.js'
import { exists } from './atomic-file.js'
import { hasEnded, thisOwner } from './owner.js'

/** TF-Serving takes only numbers for versions, and the gateway skips names that begin with a dot. */
const PREFIX = '.export-'
const NAME = /^\.export-(\d+-.+)-[A-Za-z0-9]{6}$/

/** A version that was moved aside to be replaced: the prefix of its name in the work directory. */
const REPLACED = 'replaced-'

/** After this time without a change, a directory of a process on another machine counts as left behind. */
const ABANDONED_MS = 24 * 60 * 60 * 1000

/** Where one export puts what is not finished: a directory in the model's folder, so that a rename finishes it. */
export interface WorkDirectory {
  readonly path: string
  /** Where the version grows; not made yet. */
  readonly version: string
  /** Removes it with all it holds, and the folders made for it if nothing else is in them. */
  remove(): Promise<void>
  /** The same at once, for a process that is about to end. */
  removeNow(): void
}

/** Tells where a version that is being replaced is kept until the new one stands in its place. */
export function replacedPath(work: WorkDirectory, version: string): string {
  return join(work.path, REPLACED + version)
}

/** Makes a work directory in a model's folder, which is made when it is missing. */
export async function createWorkDirectory(modelDirectory: string): Promise<WorkDirectory> {
  const { path, made } = await makeDirectory(modelDirectory)
  own.add(path)
  const folders = foldersUpTo(modelDirectory, made)
  return {
    path,
    version: join(path, 'version'),
    async remove() {
      await rm(path, { recursive: true, force: true })
      own.delete(path)
      for (const folder of folders) if (!(await removeIfEmpty(folder))) return
    },
    removeNow() {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 })
      try {
        for (const folder of folders) rmdirSync(folder)
      } catch {
        // Not empty: the folder was there before, or another export is at work in it.
      }
    },
  }
}

async function makeDirectory(
  modelDirectory: string,
): Promise<{ readonly path: string; readonly made: string | undefined }> {
  for (let tries = 1; ; tries++) {
    try {
      const made = await mkdir(modelDirectory, { recursive: true })
      return { path: await mkdtemp(join(modelDirectory, `${PREFIX}${thisOwner()}-`)), made }
    } catch (cause) {
      // Another export that ends may remove the empty folder in between.
      if (hasCode(cause, 'ENOENT') && tries < 3) continue
      throw fileError('create a directory in it', modelDirectory, cause)
    }
  }
}

/** Lists the model's folder and those above it that were made for it, the innermost first. */
function foldersUpTo(modelDirectory: string, made: string | undefined): string[] {
  const folders = [resolve(modelDirectory)]
  if (made === undefined) return folders
  while (folders.at(-1) !== resolve(made) && folders.at(-1)!.startsWith(resolve(made))) {
    folders.push(dirname(folders.at(-1)!))
  }
  return folders
}

/** Work directories of this process: after a restart in a container, another one may have had its number. */
const own = new Set<string>()

async function removeIfEmpty(directory: string): Promise<boolean> {
  try {
    await rmdir(directory)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY')) return false
    throw error
  }
}

/**
 * Removes what exports that were killed left in a model's folder. A version that one of them had moved aside and not yet
 * replaced gets its place back. Returns the names removed.
 */
export async function removeLeftovers(modelDirectory: string): Promise<string[]> {
  const removed: string[] = []
  for (const name of await listLeftovers(modelDirectory)) {
    const path = join(modelDirectory, name)
    await restoreReplaced(modelDirectory, path)
    await rm(path, { recursive: true, force: true })
    removed.push(name)
  }
  return removed
}

async function listLeftovers(modelDirectory: string): Promise<string[]> {
  const names = await readNames(modelDirectory)
  const leftovers: string[] = []
  for (const name of names) {
    const owner = NAME.exec(name)?.[1]
    if (owner === undefined) continue
    if (await isLeftBehind(join(modelDirectory, name), owner)) leftovers.push(name)
  }
  return leftovers
}

async function readNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return []
    throw fileError('list it', directory, cause)
  }
}

async function isLeftBehind(path: string, owner: string): Promise<boolean> {
  if (own.has(path)) return false
  if (owner === thisOwner()) return true
  const ended = hasEnded(owner)
  if (ended !== undefined) return ended
  const { mtimeMs } = await stat(path)
  return Date.now() - mtimeMs > ABANDONED_MS
}

async function restoreReplaced(modelDirectory: string, leftover: string): Promise<void> {
  for (const name of await readNames(leftover)) {
    if (!name.startsWith(REPLACED)) continue
    const place = join(modelDirectory, name.slice(REPLACED.length))
    if (!(await exists(place))) await rename(join(leftover, name), place)
  }
}

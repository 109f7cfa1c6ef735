import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../../repository/snapshot.js'
import { ExportError, fileError } from '../export-error.js'
import { exists, syncDirectory } from './atomic-file.js'
import { nextVersion } from './versions.js'
import { replacedPath, type WorkDirectory } from './work-directory.js'

export interface PublishOptions {
  readonly work: WorkDirectory
  readonly modelDirectory: string
  /** The number it gets; the next free one unless given. */
  readonly version: string | undefined
  /** Whether a version that is there is replaced. */
  readonly force: boolean
}

/** A version in its place. */
export interface Published {
  readonly version: string
  readonly directory: string
  /** Whether it took the place of one that was there. */
  readonly replaced: boolean
}

/** Throws `ExportError` when a version is there that may not be replaced. */
export async function assertFree({
  modelDirectory,
  version,
  force,
}: Pick<PublishOptions, 'modelDirectory' | 'version' | 'force'>): Promise<void> {
  if (version === undefined || force) return
  const directory = join(modelDirectory, version)
  if (!(await exists(directory))) return
  throw new ExportError(
    `${directory}: is there already. Leave --version out to get the next number, or replace it with --force`,
  )
}

/**
 * Gives a finished version its place by renaming, so that TF-Serving, which looks every second, sees all of it or
 * nothing. Throws `ExportError` when the number is taken and `force` is not set. To be called under the repository's
 * lock.
 */
export async function publishVersion(options: PublishOptions): Promise<Published> {
  await assertFree(options)
  const { work, modelDirectory } = options
  const version = options.version ?? (await nextVersion(modelDirectory))
  const directory = join(modelDirectory, version)
  const replaced = await moveAside(directory, replacedPath(work, version))
  try {
    await rename(work.version, directory)
  } catch (cause) {
    if (replaced) await rename(replacedPath(work, version), directory)
    throw fileError(`move ${work.version} there`, directory, cause)
  }
  await syncDirectory(modelDirectory)
  return { version, directory, replaced }
}

async function moveAside(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return false
    throw fileError('move it aside', from, cause)
  }
}

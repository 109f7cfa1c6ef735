import { randomBytes } from 'node:crypto'
import { chmod, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { hasCode } from '../../repository/snapshot.js'
import { ExportError, fileError } from '../export-error.js'
import { writeOutput } from '../output-file.js'

/**
 * Replaces a file as a whole: readers see the old content or the new one. Mode and symbolic links stay. Throws
 * `ExportError`, and leaves the old file, when it cannot be written.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = await resolveLink(path)
  const temporary = join(
    dirname(target),
    `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`,
  )
  try {
    await writeOutput(temporary, (file) => file.write(Buffer.from(content)))
    await keepMode(target, temporary)
    await rename(temporary, target)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw cause instanceof ExportError ? cause : fileError('replace it', target, cause)
  }
  await syncDirectory(dirname(target))
}

/** A link that leads nowhere is replaced itself. */
async function resolveLink(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path
  }
}

async function keepMode(target: string, temporary: string): Promise<void> {
  try {
    await chmod(temporary, (await stat(target)).mode & 0o7777)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

/** Puts a directory's names on the disk, where the system can; a rename is safe from a crash only then. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    // Windows opens no directories, and some network file systems cannot sync them.
    if (!hasCode(error, 'EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP', 'EACCES')) throw error
  }
}

/** Tells whether anything has this name, be it a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false
    throw error
  }
}

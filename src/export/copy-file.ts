import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from './export-error.js'

/** Copies a file, as a clone where the file system can, and gives its length in bytes. Makes the directories above it. */
export async function copyOutput(from: string, to: string): Promise<number> {
  try {
    await mkdir(dirname(to), { recursive: true })
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    return (await stat(to)).size
  } catch (cause) {
    throw fileError(`copy it to ${to}`, from, cause)
  }
}

/** Lists the regular files of a directory and all below it, as paths relative to it; none when it does not exist. */
export async function filesBelow(directory: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(directory, below), { withFileTypes: true }).catch(() => [])
  const lists = entries.map(async (entry) => {
    const path = join(below, entry.name)
    if (entry.isDirectory()) return filesBelow(directory, path)
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(lists)).flat().sort()
}

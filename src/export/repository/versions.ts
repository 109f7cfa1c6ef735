import { readdir } from 'node:fs/promises'
import { hasCode } from '../../repository/snapshot.js'
import { ExportError, fileError } from '../export-error.js'

/** What TF-Serving takes for a version: the whole name of a directory is a decimal number. */
const VERSION = /^\d+$/

/** The largest version that the gateway's messages can ask for by number. */
const MAX_VERSION = Number.MAX_SAFE_INTEGER

/** Reads a version number, 1 to 2^53 - 1. Throws `ExportError` for anything else. */
export function parseVersion(text: string): string {
  const version = Number(text)
  if (VERSION.test(text) && version >= 1 && version <= MAX_VERSION) return String(version)
  throw new ExportError(
    `The version ${JSON.stringify(text)} cannot be used: expected a whole number from 1 to ${MAX_VERSION}`,
  )
}

/** Lists the versions in a model's folder as numbers, in order; none where there is no folder. */
export async function listVersions(modelDirectory: string): Promise<number[]> {
  try {
    const names = await readdir(modelDirectory)
    return names
      .filter((name) => VERSION.test(name))
      .map(Number)
      .sort((a, b) => a - b)
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return []
    throw fileError('list it', modelDirectory, cause)
  }
}

/** Gives the number after the highest version that is there; 1 for the first. */
export async function nextVersion(modelDirectory: string): Promise<string> {
  const highest = (await listVersions(modelDirectory)).at(-1) ?? 0
  return parseVersion(String(highest + 1))
}

import { readdir, stat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { isPattern, patternBase, patternExpression } from './glob.js'

/** Endings of the formats that the gateway reads. */
const PICTURE = /\.(?:jpe?g|png|webp|gif|tiff?|avif)$/i

/** What stands for the standard input among files. */
export const STANDARD_INPUT = '-'

/** The files that arguments stand for, each once, and the arguments that stand for none. */
export interface FoundFiles {
  readonly files: readonly string[]
  readonly empty: readonly string[]
}

/** Paths below a folder, sorted, without what is hidden. */
async function walk(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const isFolder = entry.isSymbolicLink()
      ? false // Links to folders can go round in circles.
      : entry.isDirectory()
    if (isFolder && depth > 1) found.push(...(await walk(path, depth - 1)))
    if (!isFolder) found.push(path)
  }
  return found
}

async function expand(argument: string): Promise<string[]> {
  if (argument === STANDARD_INPUT) return [argument]
  const status = await stat(argument).catch(() => undefined)
  if (status?.isDirectory()) {
    const paths = await walk(argument, Number.POSITIVE_INFINITY)
    return paths.filter((path) => PICTURE.test(path))
  }
  if (status !== undefined || !isPattern(argument)) return [argument]
  const pattern = normalize(argument)
  const { folder, depth } = patternBase(pattern)
  const expression = patternExpression(pattern)
  return (await walk(folder, depth).catch(() => [])).filter((path) => expression.test(path))
}

/**
 * Turns arguments into files: a folder stands for the pictures in it and in its folders, a pattern for what it matches,
 * `-` for the standard input. A name that is no folder and no pattern is a file whether it is there or not.
 */
export async function findFiles(args: readonly string[]): Promise<FoundFiles> {
  const files = new Set<string>()
  const empty: string[] = []
  for (const argument of args) {
    const paths = await expand(argument)
    if (paths.length === 0) empty.push(argument)
    for (const path of paths) files.add(path)
  }
  return { files: [...files], empty }
}

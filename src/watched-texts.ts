import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

export interface WatchOptions {
  /** Milliseconds from one look to the next; 1000 unless given. */
  readonly intervalMs?: number
  /** Takes the texts, in the order of the paths; what it throws counts as a failure. */
  onChange(texts: readonly string[]): void
  /** Told once for each state in which the files cannot be read or are not accepted. */
  onFailure(error: Error): void
}

/** Reads small text files. Throws when one is missing or cannot be read. */
export function readTexts(paths: readonly string[]): string[] {
  return paths.map((path) => readFileSync(path, 'utf8'))
}

/**
 * Looks again and again at small files that belong together, whole: links that are turned over, times that stand still
 * and network file systems hide a change from everything else. `texts` is what is in force. Returns how to stop; the
 * timer does not keep the process alive.
 */
export function watchTexts(
  paths: readonly string[],
  texts: readonly string[],
  { intervalMs = 1000, onChange, onFailure }: WatchOptions,
): () => void {
  let seen = JSON.stringify(texts)
  let closed = false
  const look = async () => {
    const [state, found] = await stateOf(paths)
    if (closed || state === seen) return
    seen = state
    try {
      if (found instanceof Error) throw found
      onChange(found)
    } catch (error) {
      onFailure(error as Error)
    }
  }
  const next = () => {
    timer = setTimeout(() => void look().finally(() => closed || next()), intervalMs).unref()
  }
  let timer: NodeJS.Timeout
  next()
  return () => {
    closed = true
    clearTimeout(timer)
  }
}

async function stateOf(paths: readonly string[]): Promise<[string, string[] | Error]> {
  try {
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
    return [JSON.stringify(texts), texts]
  } catch (error) {
    return [String(error), error as Error]
  }
}

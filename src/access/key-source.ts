import { readTexts, watchTexts } from '../watched-texts.js'
import { type ApiKey, parseKeys } from './api-key.js'
import { KeyRing } from './key-ring.js'

/** The part of a pino logger that is written to. */
export interface AccessLog {
  info(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface KeySourceOptions {
  /** Keys that are fixed. */
  readonly keys: readonly ApiKey[]
  /** A file with more, read again when it changes. */
  readonly file: string | undefined
  readonly log: AccessLog
  /** Milliseconds from one look at the file to the next. */
  readonly intervalMs?: number
}

/** The keys in force, and how to stop looking after them. */
export interface KeySource {
  readonly ring: KeyRing
  close(): void
}

/**
 * Takes keys from the settings and from a file. Throws when the file is missing, empty or broken; once it has been good
 * its last good keys stay in force while it is not, and each broken state of it is logged once.
 */
export function openKeys({ keys, file, log, intervalMs }: KeySourceOptions): KeySource {
  if (file === undefined) return { ring: new KeyRing(keys), close() {} }
  const { texts, keys: first } = readNamed(file)
  const ring = new KeyRing([...keys, ...first])
  const close = watchTexts([file], texts, {
    ...(intervalMs !== undefined && { intervalMs }),
    onChange: ([text]) => {
      const fresh = read(text!, file)
      ring.replace([...keys, ...fresh])
      log.info({ file, ids: [...new Set(fresh.map(({ id }) => id))] }, 'API keys loaded')
    },
    onFailure: (error) =>
      log.error(
        { file, reason: error.message },
        'API_KEYS_FILE is broken, the last good keys stay in force',
      ),
  })
  return { ring, close }
}

/** Reads a key file. Throws an error that names the bad lines when it is missing, empty or broken. */
export function readKeyFile(file: string): { texts: string[]; keys: ApiKey[] } {
  const texts = readTexts([file])
  return { texts, keys: read(texts[0]!, file) }
}

function readNamed(file: string): ReturnType<typeof readKeyFile> {
  try {
    return readKeyFile(file)
  } catch (cause) {
    throw new Error(`API_KEYS_FILE: ${(cause as Error).message}`, { cause })
  }
}

function read(text: string, file: string): ApiKey[] {
  const { keys, problems } = parseKeys(text)
  if (problems.length === 0) return keys
  throw new Error(problems.map(({ line, reason }) => `${file}:${line}: ${reason}`).join('; '))
}

import { createHash } from 'node:crypto'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { RepositoryFileError } from './file-error.js'

/**
 * Some file systems keep times to two seconds (FAT), others to one: within that span a second change can leave the same
 * time and size behind.
 */
const TIME_GRANULARITY_MS = 2_000

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  ENOTDIR: 'the file does not exist',
  EACCES: 'the file may not be read',
  EPERM: 'the file may not be read',
  ELOOP: 'the symbolic links go round in circles',
}

/** Tells whether an error of the file system has this code. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

interface Stamp {
  readonly key: string
  /** Whether a later change is sure to show in the key. */
  readonly settled: boolean
}

async function stampOf(path: string): Promise<Stamp> {
  try {
    const { mtimeNs, mtimeMs, size, ino } = await stat(path, { bigint: true })
    const ageMs = Math.abs(Date.now() - Number(mtimeMs))
    return { key: `${mtimeNs}:${size}:${ino}`, settled: ageMs > TIME_GRANULARITY_MS }
  } catch (error) {
    return { key: String(error), settled: true }
  }
}

/** Tells whether a path lies in a folder; both are absolute and without symbolic links. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Reads at most `limit` bytes and one more, which tells a file that grows while it is read. */
async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer> {
  const { size } = await handle.stat()
  const buffer = Buffer.alloc(Math.min(size, limit) + 1)
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new RepositoryFileError(path, [{ reason: 'the text is not UTF-8' }], { cause })
  }
}

/**
 * One look at some files below a root folder. It remembers what it saw of each, so that it can tell later whether they
 * are still the same: by time, size and inode, which also works on network file systems and volume mounts, where change
 * notifications do not arrive.
 */
export class Snapshot {
  readonly #root: string
  readonly #stamps = new Map<string, Stamp>()
  readonly #hash = createHash('sha256')

  constructor(root: string) {
    this.#root = root
  }

  /**
   * Reads a UTF-8 file of at most `maxBytes` bytes; a byte order mark falls away. Throws {@link RepositoryFileError}
   * when it is missing, unreadable, no regular file, too large, not UTF-8, or lies outside the root, be it by `..` or by
   * a symbolic link.
   */
  async readText(path: string, maxBytes: number): Promise<string> {
    // Stamped before it is read: a change in between then shows at the next look.
    this.#stamps.set(path, await stampOf(path))
    try {
      const text = await this.#read(path, maxBytes)
      this.#hash.update(text)
      return text
    } catch (cause) {
      if (cause instanceof RepositoryFileError) throw cause
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
      const reason = FILE_PROBLEMS[code] ?? `the file cannot be read (${code})`
      throw new RepositoryFileError(path, [{ reason }], { cause })
    }
  }

  async #read(path: string, maxBytes: number): Promise<string> {
    const real = await realpath(path)
    // A card is written by people who may not read everything that this process may.
    if (!isInside(await realpath(this.#root), real)) {
      throw new RepositoryFileError(path, [{ reason: 'the file lies outside the repository' }])
    }
    // Checked before opening, which would wait for a writer if this were a pipe.
    if (!(await stat(real)).isFile()) {
      throw new RepositoryFileError(path, [{ reason: 'not a regular file' }])
    }
    const handle = await open(real, 'r')
    try {
      const bytes = await readUpTo(handle, maxBytes)
      if (bytes.length > maxBytes) {
        const reason = `the file is larger than ${maxBytes} bytes`
        throw new RepositoryFileError(path, [{ reason }])
      }
      return decode(bytes, path)
    } finally {
      await handle.close()
    }
  }

  /** Tells whether every file that was asked for is as it was. */
  async isCurrent(): Promise<boolean> {
    for (const [path, seen] of this.#stamps) {
      if (!seen.settled || (await stampOf(path)).key !== seen.key) return false
    }
    return true
  }

  /** Digest of all texts read; two looks with the same digest read the same texts. */
  digest(): string {
    return this.#hash.copy().digest('base64')
  }
}

import { createReadStream } from 'node:fs'
import { Parser, type ReadEntry } from 'tar'
import { openSource } from '../byte-source.js'
import { ExportError } from '../export-error.js'
import { assertNotForeign, SNIFFED_BYTES } from '../foreign-file.js'

/** A regular file in an archive. */
export interface ArchiveEntry {
  /** Path in the archive, with `/` and without a leading `./`. */
  readonly path: string
  /** In bytes, unpacked. */
  readonly size: number
}

/** Far above the archives of model zoos (some 20 files): a guard against made-up ones. */
const MAX_ENTRIES = 10_000
const MAX_UNPACKED_BYTES = 32 * 1024 ** 3

const FILE_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile']
const GZIP_MARK = Buffer.of(0x1f, 0x8b)
const TAR_MARK = Buffer.from('ustar')
const TAR_MARK_OFFSET = 257

/** Tells by its first bytes whether a file is packed: gzip or tar. */
export function isArchive(path: string): boolean {
  const source = openSource(path)
  try {
    const head = Buffer.from(source.read(0, Math.min(SNIFFED_BYTES, source.size)))
    const mark = head.subarray(TAR_MARK_OFFSET, TAR_MARK_OFFSET + TAR_MARK.length)
    return head.subarray(0, GZIP_MARK.length).equals(GZIP_MARK) || mark.equals(TAR_MARK)
  } finally {
    source.close()
  }
}

/**
 * Reads a tar archive, gzipped or not, from its beginning to its end. `visit` gets each regular file and may read its
 * content; what it leaves is skipped, as links and devices are. Throws `ExportError` for an archive that is damaged, cut
 * off, no archive, or made to do harm: a path that is absolute or leads out by `..`, more files or bytes than any model
 * has.
 */
export async function readArchive(
  path: string,
  visit: (entry: ArchiveEntry, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  assertArchive(path)
  const guard = new Guard(path)
  const visits: Promise<void>[] = []
  await new Promise<void>((resolve, reject) => {
    const file = createReadStream(path, { highWaterMark: 1024 * 1024 })
    const fail = (error: Error) => {
      file.destroy()
      reject(toExportError(path, file.bytesRead, error))
    }
    const parser = new Parser({
      strict: true,
      onReadEntry: (raw) => {
        const visited = handle(raw, guard, visit)
        visits.push(visited)
        visited.catch((error: Error) => parser.abort(error))
      },
    })
    parser.on('error', fail)
    // The archive has been read then, while what was read of its last file may still be on its way to the disk.
    parser.on('end', () => Promise.all(visits).then(() => resolve(), fail))
    file.on('error', fail)
    file.pipe(parser as unknown as NodeJS.WritableStream)
  })
}

async function handle(
  raw: ReadEntry,
  guard: Guard,
  visit: (entry: ArchiveEntry, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const entry = guard.admit(raw)
  if (entry !== undefined) await visit(entry, raw)
  raw.resume()
}

/** Lets the files of an archive pass one by one, and stops what no honest archive holds. */
class Guard {
  readonly #archive: string
  readonly #paths = new Set<string>()
  #bytes = 0
  #entries = 0

  constructor(archive: string) {
    this.#archive = archive
  }

  admit({ path: raw, size, type }: ReadEntry): ArchiveEntry | undefined {
    this.#entries += 1
    this.#bytes += size
    if (this.#entries > MAX_ENTRIES) throw this.#refuse(`holds more than ${MAX_ENTRIES} files`)
    if (this.#bytes > MAX_UNPACKED_BYTES) {
      throw this.#refuse(`unpacks to more than ${MAX_UNPACKED_BYTES} bytes`)
    }
    const parts = raw.split('/')
    if (raw.startsWith('/') || /^[A-Za-z]:|[\\\0]/.test(raw) || parts.includes('..')) {
      throw this.#refuse(`holds the path ${JSON.stringify(raw)}, which leads out of it`)
    }
    const path = parts.filter((part) => part !== '' && part !== '.').join('/')
    if (!FILE_TYPES.includes(type) || path === '') return undefined
    if (this.#paths.has(path)) throw this.#refuse(`holds ${path} twice`)
    this.#paths.add(path)
    return { path, size }
  }

  #refuse(what: string): ExportError {
    return new ExportError(`${this.#archive}: ${what}; it is not unpacked`)
  }
}

function assertArchive(path: string): void {
  if (isArchive(path)) return
  const source = openSource(path)
  try {
    assertNotForeign(path, source.read(0, Math.min(SNIFFED_BYTES, source.size)))
  } finally {
    source.close()
  }
  throw new ExportError(`${path}: is no tar archive, packed with gzip or not at all`)
}

function toExportError(path: string, bytesRead: number, error: Error): ExportError {
  const cause = 'cause' in error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof ExportError) return cause
  const cut = /truncated|unexpected end|premature/i.test(error.message)
  const what = cut ? 'is cut off' : 'is damaged'
  return new ExportError(
    `${path}: ${what} (${error.message}, after ${bytesRead} bytes of the file). Copy or download it again`,
    { cause: error },
  )
}

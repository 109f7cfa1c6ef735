import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileError } from './export-error.js'

/** A file being written from its beginning to its end. Its errors name the file and, for a full disk, what to do. */
export class OutputFile {
  readonly path: string
  readonly #handle: FileHandle
  #length = 0

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  /** Creates the file and the directories above it; whoever creates it closes it. */
  static async create(path: string): Promise<OutputFile> {
    try {
      await mkdir(dirname(path), { recursive: true })
      return new OutputFile(path, await open(path, 'w'))
    } catch (cause) {
      throw fileError('create it', path, cause)
    }
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  /** Appends bytes, all of them or an `ExportError`. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        const rest = bytes.length - written
        const { bytesWritten } = await this.#handle.write(bytes, written, rest)
        written += bytesWritten
      }
    } catch (cause) {
      throw fileError('write it', this.path, cause)
    }
    this.#length += bytes.length
  }

  /** Puts everything on the disk, so that a rename that follows never shows a half-written file after a crash. */
  async sync(): Promise<void> {
    try {
      await this.#handle.sync()
    } catch (cause) {
      throw fileError('write it', this.path, cause)
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** Creates a file, lets `write` fill it, and closes it whatever happens. */
export async function writeOutput<T>(
  path: string,
  write: (file: OutputFile) => Promise<T>,
): Promise<T> {
  const file = await OutputFile.create(path)
  try {
    const result = await write(file)
    await file.sync()
    return result
  } finally {
    await file.close()
  }
}

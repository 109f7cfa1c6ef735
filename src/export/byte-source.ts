import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { ExportError, fileError } from './export-error.js'

/** Bytes of a window that small reads are served from; a scan of a graph touches the file once per window. */
const WINDOW_BYTES = 256 * 1024

/** Bytes of a piece when a range is copied or checksummed: what such work holds in memory. */
const CHUNK_BYTES = 1024 * 1024

/** Bytes that can be read at any place without holding them all: a file, or a buffer that plays one. */
export interface ByteSource {
  /** How messages call it: the path of the file. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /**
   * Reads the bytes from `start` up to, not including, `end`; a view that stays valid. Throws `ExportError` beyond the
   * end. Synchronous, because a scan makes many thousand small reads that a window serves from memory.
   */
  read(start: number, end: number): Uint8Array
  /** Reads a range of any length in pieces of at most 1 MiB, each valid until the next is asked for. */
  chunks(start: number, end: number): AsyncIterable<Uint8Array>
  close(): void
}

/** Gives bytes in memory the face of a file. */
export function bufferSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read(start, end) {
      assertInside(this, start, end)
      return bytes.subarray(start, end)
    },
    async *chunks(start, end) {
      yield this.read(start, end)
    },
    close() {},
  }
}

/** Opens a file for reading by ranges; whoever opens it closes it. Throws `ExportError` when it cannot be opened. */
export function openSource(path: string): ByteSource {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (cause) {
    throw fileError('open it', path, cause)
  }
  const status = fstatSync(descriptor)
  if (!status.isFile()) {
    closeSync(descriptor)
    throw new ExportError(`${path}: is not a regular file`)
  }
  return new FileSource(path, descriptor, status.size)
}

class FileSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #descriptor: number
  #window: Uint8Array = new Uint8Array()
  #windowStart = 0

  constructor(name: string, descriptor: number, size: number) {
    this.name = name
    this.size = size
    this.#descriptor = descriptor
  }

  read(start: number, end: number): Uint8Array {
    assertInside(this, start, end)
    if (end - start > WINDOW_BYTES) return this.#readFile(start, end)
    if (start < this.#windowStart || end > this.#windowStart + this.#window.length) {
      // A fresh buffer each time: views of the last one may still be in use.
      this.#window = this.#readFile(start, Math.min(start + WINDOW_BYTES, this.size))
      this.#windowStart = start
    }
    return this.#window.subarray(start - this.#windowStart, end - this.#windowStart)
  }

  async *chunks(start: number, end: number): AsyncIterable<Uint8Array> {
    assertInside(this, start, end)
    if (start === end) return
    const file = await openForChunks(this.name)
    try {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - start))
      for (let position = start; position < end; ) {
        const wanted = Math.min(buffer.length, end - position)
        const { bytesRead } = await file.read(buffer, 0, wanted, position)
        if (bytesRead === 0) throw shrunk(this.name, position)
        yield buffer.subarray(0, bytesRead)
        position += bytesRead
      }
    } finally {
      await file.close()
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #readFile(start: number, end: number): Uint8Array {
    const buffer = Buffer.allocUnsafeSlow(end - start)
    for (let filled = 0; filled < buffer.length; ) {
      const count = readSync(
        this.#descriptor,
        buffer,
        filled,
        buffer.length - filled,
        start + filled,
      )
      if (count === 0) throw shrunk(this.name, start + filled)
      filled += count
    }
    return buffer
  }
}

async function openForChunks(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw fileError('open it', path, cause)
  }
}

function assertInside(source: ByteSource, start: number, end: number): void {
  if (start >= 0 && start <= end && end <= source.size) return
  throw new ExportError(
    `${source.name}: truncated: bytes ${start} to ${end} are needed, the file has ${source.size}. Copy or download it again`,
  )
}

function shrunk(name: string, offset: number): ExportError {
  return new ExportError(`${name}: became shorter while it was read, at byte ${offset}`)
}

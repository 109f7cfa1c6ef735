import { crc32c, maskCrc } from './crc32c.js'
import { ExportError } from './export-error.js'
import { decompressSnappy } from './snappy.js'
import { FOOTER_BYTES, TABLE_MAGIC, type TableEntry } from './sstable-writer.js'

/** A block's trailer: a byte for the compression and a masked CRC-32C. */
const TRAILER_BYTES = 5
const UNCOMPRESSED = 0
const SNAPPY = 1

/** Guard against a damaged length: an index block is 256 KiB by default, and one row of it is never larger than this. */
const BLOCK_LIMIT = 64 * 1024 * 1024

/**
 * Reads a table in the format of LevelDB and of TensorFlow's `.index` files, in the order of its keys; blocks may be
 * compressed with snappy. `name` is the file that messages name. Throws `ExportError` with the offset of what is damaged.
 */
export function decodeTable(name: string, bytes: Uint8Array): TableEntry[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const footer = file.subarray(Math.max(0, file.length - FOOTER_BYTES))
  if (footer.length < FOOTER_BYTES || !footer.subarray(-TABLE_MAGIC.length).equals(TABLE_MAGIC)) {
    throw new ExportError(
      `${name}: is truncated or no index of a TensorFlow checkpoint: its last 8 bytes are not the mark of one. ` +
        'Copy or download it again',
    )
  }
  try {
    const handles = new Cursor(footer)
    handles.handle()
    return blockEntries(readBlock(name, file, handles.handle())).flatMap(({ value }) =>
      blockEntries(readBlock(name, file, new Cursor(value).handle())),
    )
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ExportError(`${name}: is damaged: ${cause.message}. Copy or download it again`, {
      cause,
    })
  }
}

interface Handle {
  readonly offset: number
  readonly size: number
}

/** Reads numbers and bytes one after the other. */
class Cursor {
  readonly #bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  varint(): number {
    let value = 0
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.#bytes[this.position++]
      if (byte === undefined) throw new RangeError('a number in it is cut off')
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
    throw new RangeError('a number in it is too long')
  }

  bytes(length: number): Uint8Array {
    const end = this.position + length
    if (end > this.#bytes.length) throw new RangeError('a row in it is cut off')
    const bytes = this.#bytes.subarray(this.position, end)
    this.position = end
    return bytes
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() }
  }
}

function readBlock(name: string, file: Buffer, { offset, size }: Handle): Uint8Array {
  const end = offset + size
  if (end + TRAILER_BYTES > file.length) {
    throw new ExportError(
      `${name}: is truncated: the block at byte ${offset} reaches to byte ${end + TRAILER_BYTES}, the file has ` +
        `${file.length}. Copy or download it again`,
    )
  }
  if (maskCrc(crc32c(file.subarray(offset, end + 1))) !== file.readUInt32LE(end + 1)) {
    throw new ExportError(
      `${name}: is damaged: the checksum of the block at byte ${offset} (${size} bytes) does not match. ` +
        'Copy or download it again',
    )
  }
  const content = file.subarray(offset, end)
  const type = file[end]
  if (type === UNCOMPRESSED) return content
  if (type === SNAPPY) return decompressSnappy(content, BLOCK_LIMIT)
  throw new ExportError(
    `${name}: the block at byte ${offset} is compressed in the unknown way ${type}`,
  )
}

function blockEntries(block: Uint8Array): TableEntry[] {
  if (block.length < 4) throw new RangeError('a block of it is too short')
  const view = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  const end = block.length - 4 - 4 * view.readUInt32LE(block.length - 4)
  if (end < 0) throw new RangeError('a block of it has more restarts than bytes')
  const cursor = new Cursor(block.subarray(0, end))
  const entries: TableEntry[] = []
  let key: Uint8Array = new Uint8Array()
  while (cursor.position < end) {
    const shared = cursor.varint()
    const added = cursor.varint()
    const length = cursor.varint()
    if (shared > key.length) throw new RangeError('a key of it continues a shorter one')
    key = Buffer.concat([key.subarray(0, shared), cursor.bytes(added)])
    entries.push({ key, value: cursor.bytes(length) })
  }
  return entries
}

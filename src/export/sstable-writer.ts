import { crc32c, maskCrc } from './crc32c.js'
import { ExportError } from './export-error.js'
import { varint } from './wire-writer.js'

/** The last eight bytes of a table, LevelDB's magic number 0xdb4775248b80fb57 in little-endian order. */
export const TABLE_MAGIC = Uint8Array.of(0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb)

/** Length of the footer: two block handles, padding, magic number. */
export const FOOTER_BYTES = 48

/** TensorFlow's block size for tables; LevelDB's own is 4 KiB. */
const BLOCK_BYTES = 262_144

/** Every how many keys one is written out in full. */
const RESTART_INTERVAL = 16

/** One row of a table. */
export interface TableEntry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/**
 * Writes rows as a table in the format of LevelDB and of TensorFlow's `.index` files, uncompressed. Keys ascend bytewise
 * and are distinct, or it throws `ExportError`. Byte for byte what TensorFlow writes for the same rows.
 */
export function encodeTable(entries: readonly TableEntry[]): Uint8Array {
  const output = new TableOutput()
  const index = new BlockBuilder(1)
  let block = new BlockBuilder(RESTART_INTERVAL)
  let pending: Uint8Array | undefined
  let last: Uint8Array | undefined
  for (const { key, value } of entries) {
    if (last !== undefined && Buffer.compare(last, key) >= 0) {
      throw new ExportError(`The key ${Buffer.from(key)} of a table is there twice or out of order`)
    }
    if (pending !== undefined) index.add(separator(last!, key), pending)
    pending = undefined
    block.add(key, value)
    last = key
    if (block.estimate() >= BLOCK_BYTES) {
      pending = output.block(block)
      block = new BlockBuilder(RESTART_INTERVAL)
    }
  }
  if (!block.isEmpty) pending = output.block(block)
  const metaIndex = output.block(new BlockBuilder(RESTART_INTERVAL))
  if (pending !== undefined) index.add(successor(last!), pending)
  return output.finish(metaIndex, output.block(index))
}

/** Appends blocks with their trailers, and the footer. */
class TableOutput {
  readonly #parts: Uint8Array[] = []
  #length = 0

  /** Writes a block and returns its handle: offset and size as varints. */
  block(builder: BlockBuilder): Uint8Array {
    const content = builder.finish()
    const handle = Buffer.concat([varint(this.#length), varint(content.length)])
    const type = Uint8Array.of(0)
    this.#put(content)
    this.#put(type)
    this.#put(uint32(maskCrc(crc32c(type, crc32c(content)))))
    return handle
  }

  finish(metaIndex: Uint8Array, index: Uint8Array): Uint8Array {
    const footer = new Uint8Array(FOOTER_BYTES)
    footer.set(metaIndex)
    footer.set(index, metaIndex.length)
    footer.set(TABLE_MAGIC, FOOTER_BYTES - TABLE_MAGIC.length)
    this.#put(footer)
    return Buffer.concat(this.#parts)
  }

  #put(bytes: Uint8Array): void {
    this.#parts.push(bytes)
    this.#length += bytes.length
  }
}

/** Collects rows of a block: each key leaves out what it shares with the one before, except at restart points. */
class BlockBuilder {
  readonly #interval: number
  readonly #parts: Uint8Array[] = []
  readonly #restarts = [0]
  #length = 0
  #sinceRestart = 0
  #last: Uint8Array = new Uint8Array()

  constructor(interval: number) {
    this.#interval = interval
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0
  }

  add(key: Uint8Array, value: Uint8Array): void {
    if (this.#sinceRestart === this.#interval) {
      this.#restarts.push(this.#length)
      this.#sinceRestart = 0
    }
    const shared = this.#sinceRestart === 0 ? 0 : sharedLength(this.#last, key)
    const entry = Buffer.concat([
      varint(shared),
      varint(key.length - shared),
      varint(value.length),
      key.subarray(shared),
      value,
    ])
    this.#parts.push(entry)
    this.#length += entry.length
    this.#sinceRestart++
    this.#last = key
  }

  estimate(): number {
    return this.#length + 4 * this.#restarts.length + 4
  }

  finish(): Uint8Array {
    const restarts = [...this.#restarts, this.#restarts.length].map(uint32)
    return Buffer.concat([...this.#parts, ...restarts])
  }
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const limit = Math.min(a.length, b.length)
  let length = 0
  while (length < limit && a[length] === b[length]) length++
  return length
}

/** Gives a short key that is not below `a` and below `b`. */
function separator(a: Uint8Array, b: Uint8Array): Uint8Array {
  const shared = sharedLength(a, b)
  if (shared === Math.min(a.length, b.length)) return a
  if (a[shared] === 255 || a[shared]! + 1 >= b[shared]!) return a
  return increased(a, shared)
}

/** Gives a short key that is not below `key`. */
function successor(key: Uint8Array): Uint8Array {
  const at = key.findIndex((byte) => byte !== 255)
  return at === -1 ? key : increased(key, at)
}

function increased(key: Uint8Array, at: number): Uint8Array {
  // The slice of a Buffer would be a view of the caller's key.
  const shorter = Uint8Array.from(key.subarray(0, at + 1))
  shorter[at]!++
  return shorter
}

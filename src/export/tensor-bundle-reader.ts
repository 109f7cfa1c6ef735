import { openSource } from './byte-source.js'
import { sizesOf } from './const-tensor.js'
import { dataTypeName, elementBytes, elementCount } from './data-types.js'
import { ExportError } from './export-error.js'
import { readMessage } from './read-message.js'
import { decodeTable } from './sstable-reader.js'
import { BundleEntryProto, BundleHeaderProto, type DataTypeCode } from './stubs.js'
import { shardPath } from './tensor-bundle-writer.js'

/** Guard against a foreign file: an index has some 100 bytes a variable, so this is a million of them. */
const INDEX_LIMIT = 256 * 1024 * 1024

/** One variable of a bundle: what it is and where its bytes lie. */
export interface BundleEntry {
  readonly name: string
  readonly dtype: DataTypeCode
  readonly shape: readonly number[]
  readonly shard: number
  readonly offset: number
  /** In bytes. */
  readonly size: number
  /** Masked CRC-32C of the content. */
  readonly crc: number
  /** Whether the variable is partitioned: its content lies in other entries, its slices. */
  readonly isSliced: boolean
  /** Whether this is a slice of a partitioned variable; its name is then TensorFlow's encoded key. */
  readonly isSlice: boolean
}

/** The index of a bundle of variables: of a checkpoint, or of a SavedModel's `variables/`. */
export interface BundleIndex {
  /** Path without `.index` and `.data-...`. */
  readonly prefix: string
  readonly entries: ReadonlyMap<string, BundleEntry>
  readonly shards: readonly string[]
}

/** Reads `<prefix>.index`. Throws `ExportError` when it is missing, damaged or not written on a little-endian machine. */
export function readBundleIndex(prefix: string): BundleIndex {
  const path = `${prefix}.index`
  const rows = decodeTable(path, readIndexFile(path))
  const [first, ...others] = rows
  if (first === undefined || first.key.length > 0) {
    throw new ExportError(`${path}: is a table, but no index of variables: its header is missing`)
  }
  const header = readMessage(path, 'the header', () =>
    BundleHeaderProto.deserializeBinary(first.value),
  )
  if (header.getEndianness() !== BundleHeaderProto.Endianness.LITTLE) {
    throw new ExportError(`${path}: was written on a big-endian machine, which cannot be read`)
  }
  const shards = header.getNumShards()
  const entries = others.map(({ key, value }) => readEntry(path, key, value))
  for (const entry of entries) assertPlausible(path, entry, shards)
  return {
    prefix,
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    shards: Array.from({ length: shards }, (_, shard) => shardPath(prefix, shard, shards)),
  }
}

function readIndexFile(path: string): Uint8Array {
  const source = openSource(path)
  try {
    if (source.size > INDEX_LIMIT) {
      throw new ExportError(`${path}: has ${source.size} bytes, too many for an index of variables`)
    }
    return source.read(0, source.size)
  } finally {
    source.close()
  }
}

function readEntry(path: string, key: Uint8Array, value: Uint8Array): BundleEntry {
  // Slices of partitioned variables are keyed by an ordered code whose first byte is 0.
  const isSlice = key[0] === 0
  const name = Buffer.from(key).toString(isSlice ? 'latin1' : 'utf8')
  const proto = readMessage(path, `the entry of ${name}`, () =>
    BundleEntryProto.deserializeBinary(value),
  )
  const shape = proto.getShape()
  return {
    name,
    dtype: proto.getDtype(),
    shape: shape === undefined ? [] : sizesOf(shape),
    shard: proto.getShardId(),
    offset: proto.getOffset(),
    size: proto.getSize(),
    crc: proto.getCrc32c(),
    isSliced: proto.getSlicesList().length > 0,
    isSlice,
  }
}

function assertPlausible(path: string, entry: BundleEntry, shards: number): void {
  if (entry.shard < 0 || entry.shard >= shards) {
    throw new ExportError(
      `${path}: the variable ${entry.name} lies in data file ${entry.shard} of ${shards}`,
    )
  }
  const bytes = elementBytes(entry.dtype)
  if (bytes === undefined || entry.isSliced) return
  const expected = elementCount(entry.shape) * bytes
  if (entry.size === expected) return
  throw new ExportError(
    `${path}: the variable ${entry.name} has ${entry.size} bytes where ${dataTypeName(entry.dtype)} ` +
      `[${entry.shape}] needs ${expected}`,
  )
}

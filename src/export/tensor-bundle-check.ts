import { existsSync } from 'node:fs'
import { type ByteSource, openSource } from './byte-source.js'
import { crc32c, maskCrc } from './crc32c.js'
import { elementCount } from './data-types.js'
import { ExportError } from './export-error.js'
import { DataTypeEnum } from './stubs.js'
import type { BundleEntry, BundleIndex } from './tensor-bundle-reader.js'

/**
 * Checks that every data file is there and long enough, and that the checksum of every variable matches: reads all of
 * them once, with no more than 1 MiB in memory. `onBytes` hears how much has been read. Throws `ExportError` with the
 * variable, the file and the offset.
 */
export async function verifyBundle(
  index: BundleIndex,
  onBytes: (count: number) => void = () => {},
): Promise<void> {
  for (const [shard, path] of index.shards.entries()) {
    const entries = [...index.entries.values()].filter((entry) => entry.shard === shard)
    if (!existsSync(path)) throw missingShard(index, path)
    const source = openSource(path)
    try {
      assertLength(index, source, entries)
      for (const entry of entries) {
        await verifyEntry(source, entry)
        onBytes(entry.size)
      }
    } finally {
      source.close()
    }
  }
}

function missingShard(index: BundleIndex, path: string): ExportError {
  return new ExportError(
    `${path}: is missing: ${index.prefix}.index needs ${index.shards.length} data file(s). Copy it beside the index`,
  )
}

function assertLength(
  index: BundleIndex,
  source: ByteSource,
  entries: readonly BundleEntry[],
): void {
  const last = entries.reduce((end, { offset, size }) => Math.max(end, offset + size), 0)
  if (source.size >= last) return
  throw new ExportError(
    `${source.name}: is truncated: it has ${source.size} bytes, ${index.prefix}.index needs ${last}. Copy or ` +
      'download it again',
  )
}

async function verifyEntry(source: ByteSource, entry: BundleEntry): Promise<void> {
  const { offset, size, dtype } = entry
  // Lists of slices have no content; the layout of variants is their own type's affair.
  if (entry.isSliced || dtype === DataTypeEnum.DT_VARIANT) return
  const crc =
    dtype === DataTypeEnum.DT_STRING
      ? textsCrc(source, entry)
      : await rangeCrc(source, offset, offset + size)
  if (maskCrc(crc) === entry.crc) return
  throw new ExportError(
    `${source.name}: is damaged: the checksum of the variable ${entry.name} (bytes ${offset} to ${offset + size}) ` +
      'does not match. Copy or download it again',
  )
}

async function rangeCrc(source: ByteSource, start: number, end: number, crc = 0): Promise<number> {
  let result = crc
  for await (const chunk of source.chunks(start, end)) result = crc32c(chunk, result)
  return result
}

/**
 * Texts lie as the varints of their lengths, four bytes of checksum of these, and the texts. The checksum counts each
 * length as a 32-bit number, or 64-bit where it needs one (TensorFlow's tensor_bundle.cc).
 */
function textsCrc(source: ByteSource, { offset, size, shape, name }: BundleEntry): number {
  const bytes = Buffer.from(source.read(offset, offset + size))
  let position = 0
  let crc = 0
  let total = 0
  for (let index = 0; index < elementCount(shape); index++) {
    let length = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[position++]
      if (byte === undefined || factor > 2 ** 42) {
        throw new ExportError(`${source.name}: is damaged: the texts of ${name} are cut off`)
      }
      length += (byte & 127) * factor
      if (byte < 128) break
    }
    const number = Buffer.alloc(length > 0xffffffff ? 8 : 4)
    number.writeUIntLE(length, 0, length > 0xffffffff ? 6 : 4)
    crc = crc32c(number, crc)
    total += length
  }
  if (position + 4 + total !== size) {
    throw new ExportError(
      `${source.name}: is damaged: the texts of ${name} have another length than it says`,
    )
  }
  return crc32c(bytes.subarray(position), crc)
}

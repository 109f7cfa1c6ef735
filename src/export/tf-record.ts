import { maskedCrc32c } from './crc32c.js'
import { ExportError } from './export-error.js'

/** Bytes before a record (length and its checksum) and behind it (checksum of the content). */
const HEAD_BYTES = 12
const TAIL_BYTES = 4

/**
 * Writes one record of a TFRecord file: its length in eight bytes, little-endian, with a masked CRC-32C of these, the
 * content, and a masked CRC-32C of that (TensorFlow, record_writer.cc).
 */
export function toTfRecord(content: Uint8Array): Buffer {
  const record = Buffer.alloc(HEAD_BYTES + content.length + TAIL_BYTES)
  record.writeBigUInt64LE(BigInt(content.length), 0)
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8)
  record.set(content, HEAD_BYTES)
  record.writeUInt32LE(maskedCrc32c(content), HEAD_BYTES + content.length)
  return record
}

/** Reads the records of a TFRecord file. Throws `ExportError` with the offset where it is cut off or damaged. */
export function* readTfRecords(file: Buffer, path: string): Generator<Buffer> {
  for (let at = 0; at < file.length; ) {
    const damaged = (what: string) =>
      new ExportError(`${path}: is no TFRecord file or is damaged: at byte ${at}, ${what}`)
    if (at + HEAD_BYTES > file.length) throw damaged('the head of a record is cut off')
    if (file.readUInt32LE(at + 8) !== maskedCrc32c(file.subarray(at, at + 8))) {
      throw damaged('the checksum of a length does not match')
    }
    const start = at + HEAD_BYTES
    const end = start + Number(file.readBigUInt64LE(at))
    if (end + TAIL_BYTES > file.length) throw damaged('a record is cut off')
    const content = file.subarray(start, end)
    if (file.readUInt32LE(end) !== maskedCrc32c(content)) {
      throw damaged('the checksum of a record does not match')
    }
    yield content
    at = end + TAIL_BYTES
  }
}

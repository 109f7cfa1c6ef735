import type { ByteSource } from './byte-source.js'
import { ExportError } from './export-error.js'
import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './wire-writer.js'

/** Protobuf's longest varint. */
const VARINT_BYTES = 10

/** A tag is a 32-bit number. */
const TAG_LIMIT = 2 ** 32

/** Bytes of a source from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** One field of a message, found without reading its content. */
export interface WireField {
  readonly number: number
  readonly wireType: number
  /** Where its tag begins; `tagStart` to `end` is the whole field. */
  readonly tagStart: number
  /** Where its content begins: after tag and length. */
  readonly start: number
  readonly end: number
  /** The number of a varint field, exact up to 2^53; 0 for others. */
  readonly value: number
}

/**
 * Walks the fields of the message that lies in a range, one level deep; content is skipped, so a message of any size
 * costs a few bytes a field. Throws `ExportError` with the offset where the bytes are not protobuf or are cut off.
 */
export function* scanFields(source: ByteSource, range: ByteRange): Generator<WireField> {
  let position = range.start
  while (position < range.end) {
    const field = readField(source, position, range.end)
    yield field
    position = field.end
  }
}

function readField(source: ByteSource, tagStart: number, limit: number): WireField {
  const tag = readVarint(source, tagStart, limit)
  const number = Math.floor(tag.value / 8)
  const wireType = tag.value % 8
  if (number === 0 || tag.value >= TAG_LIMIT) {
    throw malformed(source, tagStart, 'it has a field of an impossible number')
  }
  if (wireType === VARINT) {
    const { value, end } = readVarint(source, tag.end, limit)
    return { number, wireType, tagStart, start: tag.end, end, value }
  }
  const content = contentRange(source, tag.end, limit, wireType, tagStart)
  if (content.end > limit) {
    throw new ExportError(
      `${source.name}: truncated or damaged: the field ${number} at byte ${tagStart} reaches to byte ${content.end}, ` +
        `what holds it ends at ${limit}. Copy or download the file again`,
    )
  }
  return { number, wireType, tagStart, ...content, value: 0 }
}

function contentRange(
  source: ByteSource,
  position: number,
  limit: number,
  wireType: number,
  tagStart: number,
): ByteRange {
  switch (wireType) {
    case FIXED64:
      return { start: position, end: position + 8 }
    case FIXED32:
      return { start: position, end: position + 4 }
    case LENGTH_DELIMITED: {
      const { value, end } = readVarint(source, position, limit)
      return { start: end, end: end + value }
    }
    default:
      throw malformed(source, tagStart, `it has the wire type ${wireType}, which nothing writes`)
  }
}

function readVarint(
  source: ByteSource,
  start: number,
  limit: number,
): { readonly value: number; readonly end: number } {
  const bytes = source.read(start, Math.min(start + VARINT_BYTES, limit))
  let value = 0
  let factor = 1
  for (const [index, byte] of bytes.entries()) {
    value += (byte % 128) * factor
    if (byte < 128) return { value, end: start + index + 1 }
    factor *= 128
  }
  if (bytes.length === VARINT_BYTES) {
    throw malformed(source, start, 'a number is longer than protobuf allows')
  }
  throw new ExportError(
    `${source.name}: truncated or damaged: a number is cut off at byte ${limit}. Copy or download the file again`,
  )
}

function malformed(source: ByteSource, offset: number, what: string): ExportError {
  return new ExportError(
    `${source.name}: is damaged or not a protobuf message at byte ${offset}: ${what}. ` +
      'Copy or download the file again',
  )
}

/** Asserts that a field holds bytes, text or a message; throws `ExportError` with its offset otherwise. */
export function assertDelimited(source: ByteSource, field: WireField, what: string): void {
  if (field.wireType === LENGTH_DELIMITED) return
  throw new ExportError(
    `${source.name}: the field ${field.number} at byte ${field.tagStart} is not ${what}: it has the wire type ` +
      `${field.wireType}. The file is damaged or of another kind`,
  )
}

/** Reads a field as UTF-8 text. */
export function readText(source: ByteSource, field: WireField): string {
  assertDelimited(source, field, 'text')
  return Buffer.from(source.read(field.start, field.end)).toString('utf8')
}

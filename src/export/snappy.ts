/** Kinds of the parts of a compressed block: the two low bits of a part's first byte (snappy's format description). */
const LITERAL = 0
const COPY_1 = 1
const COPY_2 = 2

/** The longest literal whose length stands in its first byte. */
const SHORT_LITERAL = 60

interface Part {
  readonly kind: 'literal' | 'copy'
  readonly length: number
  /** How far back a copy begins. */
  readonly distance: number
  /** Where the content of a literal, or the next part, begins. */
  readonly next: number
}

/** Decompresses a snappy block. Throws `RangeError` when it is damaged or would grow beyond `limit` bytes. */
export function decompressSnappy(block: Uint8Array, limit: number): Uint8Array {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  const { value: length, next: first } = readLength(bytes)
  if (length > limit) throw new RangeError(`it would grow to ${length} bytes`)
  const output = Buffer.alloc(length)
  let filled = 0
  for (let position = first; position < bytes.length; ) {
    const part = readPart(bytes, position)
    if (filled + part.length > length) throw new RangeError('a part reaches beyond its end')
    if (part.kind === 'literal') {
      const end = part.next + part.length
      if (end > bytes.length) throw new RangeError('a literal is cut off')
      bytes.copy(output, filled, part.next, end)
      position = end
    } else {
      copyBack(output, filled, part)
      position = part.next
    }
    filled += part.length
  }
  if (filled !== length) throw new RangeError(`it has ${filled} bytes of ${length}`)
  return output
}

function readLength(bytes: Buffer): { readonly value: number; readonly next: number } {
  let value = 0
  for (let index = 0; index < 5 && index < bytes.length; index++) {
    value += (bytes[index]! & 127) * 128 ** index
    if (bytes[index]! < 128) return { value, next: index + 1 }
  }
  throw new RangeError('its length is damaged')
}

function readPart(bytes: Buffer, position: number): Part {
  const tag = bytes[position]!
  const high = tag >> 2
  switch (tag & 3) {
    case LITERAL: {
      if (high < SHORT_LITERAL) {
        return { kind: 'literal', length: high + 1, distance: 0, next: position + 1 }
      }
      const extra = high - SHORT_LITERAL + 1
      const length = bytes.readUIntLE(position + 1, extra) + 1
      return { kind: 'literal', length, distance: 0, next: position + 1 + extra }
    }
    case COPY_1: {
      const distance = ((tag >> 5) << 8) | bytes.readUInt8(position + 1)
      return { kind: 'copy', length: (high & 7) + 4, distance, next: position + 2 }
    }
    case COPY_2: {
      const distance = bytes.readUInt16LE(position + 1)
      return { kind: 'copy', length: high + 1, distance, next: position + 3 }
    }
    default: {
      const distance = bytes.readUInt32LE(position + 1)
      return { kind: 'copy', length: high + 1, distance, next: position + 5 }
    }
  }
}

/** A copy may overlap what it makes: that is how runs are written. */
function copyBack(output: Buffer, filled: number, { distance, length }: Part): void {
  if (distance === 0 || distance > filled) throw new RangeError('a copy begins before the start')
  for (let i = filled; i < filled + length; i++) output[i] = output[i - distance]!
}

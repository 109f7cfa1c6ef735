/**
 * Reads `size` strings from the `tensor_content` of a DT_STRING tensor: all their lengths as varints, then all their
 * bytes. Returns undefined when the bytes are not exactly that.
 */
export function splitStrings(content: Uint8Array, size: number): Uint8Array[] | undefined {
  const lengths: number[] = []
  let at = 0
  while (lengths.length < size) {
    const varint = readVarint(content, at)
    if (varint === undefined) return undefined
    lengths.push(varint.value)
    at = varint.end
  }
  const total = lengths.reduce((sum, length) => sum + length, 0)
  if (at + total !== content.length) return undefined
  return lengths.map((length) => {
    at += length
    return content.subarray(at - length, at)
  })
}

/** Writes strings as `splitStrings` reads them. */
export function joinStrings(strings: readonly Uint8Array[]): Uint8Array {
  const lengths = strings.flatMap(({ length }) => varint(length))
  return Buffer.concat([Uint8Array.from(lengths), ...strings])
}

function readVarint(bytes: Uint8Array, start: number) {
  let value = 0
  for (let at = start, unit = 1; at < bytes.length; at++, unit *= 128) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * unit
    if (byte < 0x80) return { value, end: at + 1 }
  }
  return undefined
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}

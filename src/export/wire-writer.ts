/** Wire type of numbers of variable length. */
export const VARINT = 0
/** Wire type of eight bytes. */
export const FIXED64 = 1
/** Wire type of strings, bytes, messages and packed lists. */
export const LENGTH_DELIMITED = 2
/** Wire type of four bytes. */
export const FIXED32 = 5

/** Writes a number from 0 to 2^53 as protobuf's varint. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

/** Writes what goes before the `length` bytes of a length-delimited field: its tag and length. */
export function fieldHead(field: number, length: number): Uint8Array {
  return Buffer.concat([varint(field * 8 + LENGTH_DELIMITED), varint(length)])
}

/** Writes a whole length-delimited field. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([fieldHead(field, bytes.length), bytes])
}

/** Writes a string field in UTF-8. */
export function stringField(field: number, text: string): Uint8Array {
  return bytesField(field, Buffer.from(text, 'utf8'))
}

/** Writes a varint field. */
export function varintField(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field * 8 + VARINT), varint(value)])
}

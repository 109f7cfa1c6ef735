/** Reversed polynomial of CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
const POLYNOMIAL = 0x82f63b78

/** What is added to a rotated checksum before it is stored, so that checksums of checksums stay good (LevelDB, TensorFlow). */
const MASK_DELTA = 0xa282ead8

/** One table for each of the eight bytes that are taken at once ("slicing by 8", Intel 2006). */
const TABLES = makeTables()

/** Continues a CRC-32C over `bytes`; `crc` is that of what came before, 0 at the start. */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES
  let c = ~crc
  let i = 0
  for (const end = bytes.length - 7; i < end; i += 8) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    c =
      t7[c & 255]! ^
      t6[(c >>> 8) & 255]! ^
      t5[(c >>> 16) & 255]! ^
      t4[c >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]!) & 255]!
  return ~c >>> 0
}

/** Masks a checksum as tables, checkpoints and TFRecord files store it. */
export function maskCrc(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
}

/** Gives the masked CRC-32C of bytes. */
export function maskedCrc32c(bytes: Uint8Array): number {
  return maskCrc(crc32c(bytes))
}

type Table = Uint32Array
type Tables = readonly [Table, Table, Table, Table, Table, Table, Table, Table]

function makeTables(): Tables {
  const first = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let c = byte
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1
    first[byte] = c
  }
  const tables = [first]
  for (let k = 1; k < 8; k++) {
    const last = tables[k - 1]!
    tables.push(last.map((c) => (c >>> 8) ^ first[c & 255]!))
  }
  return tables as unknown as Tables
}

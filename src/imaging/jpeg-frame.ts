/** Start-of-frame markers of the Huffman-coded processes that every JPEG decoder knows: baseline, extended, progressive. */
const COMMON_FRAMES = new Set([0xc0, 0xc1, 0xc2])
/** C4, C8 and CC are tables and extensions, not frames (ITU-T T.81, table B.1). */
const NOT_FRAMES = new Set([0xc4, 0xc8, 0xcc])

/**
 * Tells whether a JPEG is coded in a way that every decoder reads. libvips also reads lossless and arithmetic files,
 * TensorFlow refuses some of them. Walks the marker segments (T.81, B.1.1) up to the first frame header.
 */
export function isCommonJpeg(bytes: Buffer): boolean {
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.has(marker))
      return COMMON_FRAMES.has(marker)
    // A marker may be preceded by any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return false
}

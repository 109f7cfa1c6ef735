import { GatewayError } from '../errors.js'
import type { ImageFormat } from './sniff.js'

/** Chunks of a PNG that its pixels need, or their colours or orientation. Everything else is text, times and other frames. */
const PNG_CHUNKS = new Set(
  'IHDR PLTE IDAT IEND tRNS iCCP eXIf gAMA cHRM sRGB sBIT bKGD pHYs'.split(' '),
)
/** Chunks of a WebP that its first frame needs. */
const WEBP_CHUNKS = new Set('VP8X|VP8 |VP8L|ALPH|ANIM|ANMF|ICCP|EXIF'.split('|'))

/** Most chunks of a file: twenty times those of a PNG of 20 MiB, and some milliseconds to walk through. */
const MAX_CHUNKS = 50_000

function tooManyChunks(format: ImageFormat): GatewayError {
  return new GatewayError(
    'image_undecodable',
    `The ${format} image consists of more than ${MAX_CHUNKS} chunks, the limit`,
  )
}

/** Puts parts of a buffer that are to be kept next to each other, in place. */
class Compaction {
  readonly #bytes: Buffer
  #end: number

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#end = start
  }

  get end(): number {
    return this.#end
  }

  keep(from: number, to: number): void {
    if (from !== this.#end) this.#bytes.copyWithin(this.#end, from, to)
    this.#end += to - from
  }
}

/** Drops what a PNG's pixels do not need. A chunk is its length, its name, its content and a checksum. */
function essenceOfPng(bytes: Buffer): Buffer {
  const kept = new Compaction(bytes, 8)
  const seen = new Set<string>()
  let at = 8
  for (let chunks = 0; at + 12 <= bytes.length; chunks++) {
    if (chunks === MAX_CHUNKS) throw tooManyChunks('png')
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const next = at + 12 + length
    if (next > bytes.length) break
    const again = name === 'IDAT' ? length === 0 : seen.has(name)
    if (PNG_CHUNKS.has(name) && !again) kept.keep(at, next)
    seen.add(name)
    at = next
    if (name === 'IEND') return bytes.subarray(0, kept.end)
  }
  // Cut off or damaged: the decoder says so.
  kept.keep(at, bytes.length)
  return bytes.subarray(0, kept.end)
}

/** Drops the frames of a WebP but the first, and what no frame needs. A chunk is its name, its length and its content. */
function essenceOfWebp(bytes: Buffer): Buffer {
  const kept = new Compaction(bytes, 12)
  const seen = new Set<string>()
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  let at = 12
  for (let chunks = 0; at + 8 <= end; chunks++) {
    if (chunks === MAX_CHUNKS) throw tooManyChunks('webp')
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const next = at + 8 + length + (length % 2)
    if (next > end) break
    if (WEBP_CHUNKS.has(name) && !seen.has(name)) kept.keep(at, next)
    seen.add(name)
    at = next
  }
  if (at < end) kept.keep(at, end)
  bytes.writeUInt32LE(Math.max(4, kept.end - 8), 4)
  return bytes.subarray(0, kept.end)
}

/** The place after the sub-blocks of a GIF that begin here: each has its length in a byte, the last has none. */
function afterSubBlocks(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!
  return at + 1
}

/** Bytes of a colour table of a GIF, by the packed field that announces it. */
function tableBytes(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1)
}

/** Ends a GIF after its first frame. */
function essenceOfGif(bytes: Buffer): Buffer {
  const [EXTENSION, FRAME, TRAILER] = [0x21, 0x2c, 0x3b]
  let at = 13 + tableBytes(bytes[10]!)
  while (bytes[at] === EXTENSION) at = afterSubBlocks(bytes, at + 2)
  if (bytes[at] !== FRAME || at + 10 > bytes.length) return bytes
  const end = afterSubBlocks(bytes, at + 11 + tableBytes(bytes[at + 9]!))
  if (end >= bytes.length) return bytes
  bytes[end] = TRAILER
  return bytes.subarray(0, end + 1)
}

/** Ends a TIFF after its first directory, by the place of the next one that stands behind the entries. */
function essenceOfTiff(bytes: Buffer): Buffer {
  const little = bytes[0] === 0x49
  const read16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const read32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const read64 = (at: number) =>
    Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  const big = read16(2) === 43
  const first = big ? read64(8) : read32(4)
  if (first + 8 > bytes.length) return bytes
  const next = big ? first + 8 + read64(first) * 20 : first + 2 + read16(first) * 12
  const width = big ? 8 : 4
  if (next + width <= bytes.length) bytes.fill(0, next, next + width)
  return bytes
}

/**
 * Leaves of an upload what its first picture needs, in place: other frames and pages, texts and unknown chunks are dropped
 * before a decoder looks at them. 19 MB of compressed text in a PNG of 8 x 8 pixels took libvips 78 s and 7.6 GB to read
 * the header of; as many frames of a WebP more than two minutes, of a GIF 3 s, pages of a TIFF 4 s. What is damaged is
 * left to the decoder. Throws `image_undecodable` (422) for a PNG or WebP of very many chunks.
 */
export function toEssence(bytes: Buffer): Buffer {
  if (bytes.length < 32) return bytes
  const start = bytes.toString('latin1', 0, 12)
  if (start.startsWith('\x89PNG')) return essenceOfPng(bytes)
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return essenceOfWebp(bytes)
  if (start.startsWith('GIF8')) return essenceOfGif(bytes)
  if (start.startsWith('II') || start.startsWith('MM')) return essenceOfTiff(bytes)
  return bytes
}

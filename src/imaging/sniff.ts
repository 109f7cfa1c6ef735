import { GatewayError } from '../errors.js'

/** Picture formats that reach a decoder. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif'

export const IMAGE_FORMATS: readonly ImageFormat[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif']

interface Magic {
  readonly name: string
  readonly offset: number
  readonly bytes: string
}

/** First bytes of the formats that are decoded; latin1 text. */
const DECODED: readonly (Magic & { readonly name: ImageFormat })[] = [
  { name: 'jpeg', offset: 0, bytes: '\xff\xd8\xff' },
  { name: 'png', offset: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { name: 'gif', offset: 0, bytes: 'GIF87a' },
  { name: 'gif', offset: 0, bytes: 'GIF89a' },
  { name: 'tiff', offset: 0, bytes: 'II*\0' },
  { name: 'tiff', offset: 0, bytes: 'MM\0*' },
  { name: 'tiff', offset: 0, bytes: 'II+\0' },
  { name: 'tiff', offset: 0, bytes: 'MM\0+' },
]

/** First bytes of formats that people send and that are refused by name, with the way to convert them. */
const REFUSED: readonly (Magic & { readonly convert: string })[] = [
  { name: 'a PDF document', offset: 0, bytes: '%PDF', convert: 'pdftoppm -jpeg in.pdf out' },
  { name: 'a BMP picture', offset: 0, bytes: 'BM', convert: 'magick in.bmp out.png' },
  { name: 'a JPEG 2000 picture', offset: 4, bytes: 'jP  ', convert: 'magick in.jp2 out.jpg' },
  {
    name: 'a JPEG 2000 codestream',
    offset: 0,
    bytes: '\xff\x4f\xff\x51',
    convert: 'magick in.j2k out.jpg',
  },
  { name: 'a JPEG XL picture', offset: 4, bytes: 'JXL ', convert: 'djxl in.jxl out.jpg' },
  { name: 'a JPEG XL codestream', offset: 0, bytes: '\xff\x0a', convert: 'djxl in.jxl out.jpg' },
  { name: 'a Photoshop file', offset: 0, bytes: '8BPS', convert: "magick 'in.psd[0]' out.png" },
  { name: 'an icon', offset: 0, bytes: '\0\0\x01\0', convert: "magick 'in.ico[0]' out.png" },
  {
    name: 'an OpenEXR picture',
    offset: 0,
    bytes: '\x76\x2f\x31\x01',
    convert: 'magick in.exr out.png',
  },
  {
    name: 'a Radiance HDR picture',
    offset: 0,
    bytes: '#?RADIANCE',
    convert: 'magick in.hdr out.png',
  },
  {
    name: 'a Matroska or WebM video',
    offset: 0,
    bytes: '\x1a\x45\xdf\xa3',
    convert: 'ffmpeg -i in.webm -frames:v 1 out.jpg',
  },
  {
    name: 'an MPEG-4 video',
    offset: 4,
    bytes: 'ftypisom',
    convert: 'ffmpeg -i in.mp4 -frames:v 1 out.jpg',
  },
  {
    name: 'an MPEG-4 video',
    offset: 4,
    bytes: 'ftypmp4',
    convert: 'ffmpeg -i in.mp4 -frames:v 1 out.jpg',
  },
  {
    name: 'a QuickTime video',
    offset: 4,
    bytes: 'ftypqt',
    convert: 'ffmpeg -i in.mov -frames:v 1 out.jpg',
  },
  {
    name: 'a ZIP archive',
    offset: 0,
    bytes: 'PK\x03\x04',
    convert: 'unzip it and send the pictures',
  },
  {
    name: 'a gzip archive',
    offset: 0,
    bytes: '\x1f\x8b',
    convert: 'gunzip it and send the picture',
  },
]

/** Brands of ISO base media files (ISO/IEC 23008-12, AV1 Image File Format section 9). */
const AVIF_BRANDS = new Set(['avif', 'avis'])
const HEIC_BRANDS = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'mif1',
  'msf1',
  'heif',
])

function matches(bytes: Buffer, magic: Magic): boolean {
  const end = magic.offset + magic.bytes.length
  return bytes.length >= end && bytes.toString('latin1', magic.offset, end) === magic.bytes
}

/** Reads the brands of an ISO base media file: the major one first; empty when it is no such file. */
function isoBrands(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return []
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256)
  const brands = [bytes.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4))
  return brands
}

/**
 * Tells a picture's format from its first bytes, never from a name or a MIME type; `null` when it is none of the
 * formats that are decoded.
 */
export function sniffFormat(bytes: Buffer): ImageFormat | null {
  const magic = DECODED.find((candidate) => matches(bytes, candidate))
  if (magic !== undefined) return magic.name
  if (
    matches(bytes, { name: '', offset: 0, bytes: 'RIFF' }) &&
    bytes.toString('latin1', 8, 12) === 'WEBP'
  ) {
    return 'webp'
  }
  const brands = isoBrands(bytes)
  return brands.some((brand) => AVIF_BRANDS.has(brand)) ? 'avif' : null
}

function describe(bytes: Buffer): { name: string; convert?: string } {
  const brands = isoBrands(bytes)
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) {
    return { name: 'a HEIC picture', convert: 'heif-convert in.heic out.jpg' }
  }
  const magic = REFUSED.find((candidate) => matches(bytes, candidate))
  if (magic !== undefined) return magic
  const head = bytes
    .toString('latin1', 0, 512)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (
    head.startsWith('<svg') ||
    (head.startsWith('<?xml') && bytes.toString('latin1', 0, 4096).includes('<svg'))
  ) {
    return { name: 'an SVG drawing', convert: 'rsvg-convert in.svg -o out.png' }
  }
  if (head.startsWith('<!doctype html') || head.startsWith('<html')) return { name: 'an HTML page' }
  if (head.startsWith('{') || head.startsWith('[')) return { name: 'JSON text' }
  return { name: 'in no picture format that is known here' }
}

/**
 * Names the format of an upload, or throws `unsupported_media_type` (415) that says what the bytes are and how to
 * convert them. Nothing but an allow-listed format reaches a decoder: the library underneath would render SVG and PDF.
 */
export function requireFormat(bytes: Buffer): ImageFormat {
  const format = sniffFormat(bytes)
  if (format !== null) return format
  const { name, convert } = describe(bytes)
  const hint = convert === undefined ? '' : `; convert it first, for example: ${convert}`
  throw new GatewayError(
    'unsupported_media_type',
    `The uploaded bytes are ${name}; expected one of ${IMAGE_FORMATS.join(', ')}${hint}`,
  )
}

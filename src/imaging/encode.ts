import sharp from 'sharp'
import { GatewayError } from '../errors.js'
import { inSpan } from '../tracing.js'
import type { RgbImage } from './geometry.js'
import { encodePng } from './png.js'

/** The formats in which an annotated picture is answered. */
export type PictureFormat = 'png' | 'jpeg' | 'webp'

export interface EncodeOptions {
  readonly format: PictureFormat
  /** 1..100, of JPEG and WebP; PNG loses nothing. */
  readonly quality: number
}

/** Most pixels a side that each format can hold: of JPEG and WebP by their 16- and 14-bit fields; PNG is bounded by memory first. */
const MAX_SIDE: Record<PictureFormat, number> = { png: 0x7fffffff, jpeg: 65_500, webp: 16_383 }

/** Up to here PNG is encoded for speed: its encoder holds four times what libvips holds. */
export const FAST_PNG_PIXELS = 20_000_000

/**
 * Encodes a picture with settings chosen for time before size. CPU time for 2 megapixels (1632x1224) of the fixtures,
 * `npx tsx bench/encoders.ts test/fixtures/*.jpg`: PNG 11 ms and 1.7 MB, against 68 ms and 1.6 MB of libvips at level 2
 * with all filters, 65 ms and 3.4 MB at its default (of more than 20 megapixels, libvips at level 1: less memory); JPEG 7 ms and 210 kB with full colour resolution, which keeps lines
 * and letters crisp, and without Huffman optimisation; WebP 36 ms and 110 kB at effort 1, against 135 ms and 93 kB at the
 * default 4.
 *
 * Throws `invalid_parameter` when the picture has more pixels a side than the format can hold.
 */
export async function encodePicture(picture: RgbImage, options: EncodeOptions): Promise<Buffer> {
  const { width, height } = picture
  const attributes = {
    'image.format': options.format,
    'image.width': width,
    'image.height': height,
  }
  return await inSpan({ name: 'encode', kind: 'internal', attributes }, () =>
    encode(picture, options),
  )
}

async function encode(picture: RgbImage, { format, quality }: EncodeOptions): Promise<Buffer> {
  const { width, height, pixels } = picture
  refuseOversized(picture, format)
  if (format === 'png' && width * height <= FAST_PNG_PIXELS) return encodePng(picture)
  const image = sharp(pixels, {
    raw: { width, height, channels: 3 },
    // What is decoded was admitted by its own limit before.
    limitInputPixels: false,
  })
  if (format === 'png') return image.png({ compressionLevel: 1 }).toBuffer()
  if (format === 'webp') return image.webp({ quality, effort: 1 }).toBuffer()
  return image.jpeg({ quality, chromaSubsampling: '4:4:4', optimiseCoding: false }).toBuffer()
}

function refuseOversized({ width, height }: RgbImage, format: PictureFormat): void {
  const limit = MAX_SIDE[format]
  if (Math.max(width, height) <= limit) return
  const message = `A ${format} picture holds at most ${limit} pixels a side, this one has ${width}x${height}; set picture_max_side or ask for another format`
  throw new GatewayError('invalid_parameter', message, { fields: [{ field: 'format', message }] })
}

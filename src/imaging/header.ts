import sharp from 'sharp'
import { GatewayError } from '../errors.js'
import type { Size } from './geometry.js'
import { isCommonJpeg } from './jpeg-frame.js'
import { type ImageFormat, requireFormat } from './sniff.js'

// libvips keeps the last hundred operations for images that come again, and with them hundreds of megabytes of decoders
// that its own count of memory does not see. Uploads hardly ever come again.
sharp.cache(false)

/** What an image's header says, before any pixel is decoded. `width` and `height` are upright: EXIF is applied. */
export interface ImageHeader extends Size {
  readonly format: ImageFormat
  /** EXIF orientation, 1 to 8; 1 where the file holds none or nonsense. */
  readonly orientation: number
  /** Whether TensorFlow's own decoder reads these bytes as 8-bit RGB: a JPEG of a common kind or a PNG, without alpha. */
  readonly plainRgb: boolean
  /** Samples of each pixel in the file: 3 for RGB, 4 with alpha or for CMYK. */
  readonly channels: number
  /** Bytes that a sample has when decoded. */
  readonly bytesPerSample: number
  /** Whether the file holds the whole picture again and again, ever finer: progressive JPEG, interlaced PNG. */
  readonly interlaced: boolean
}

/** Bytes of libvips' band formats by sharp's names of them; an unknown one is taken for the largest. */
const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
}

/**
 * Options every upload is opened with. `failOn: 'error'` refuses truncated files and lets pass what libjpeg merely
 * warns of. Size is checked here, from the header, so libvips' own pixel limit is off.
 */
export const INPUT_OPTIONS = {
  failOn: 'error',
  limitInputPixels: false,
  sequentialRead: true,
} as const

/** Tells that an image takes too long to decode (422). */
export function tooSlow(format: ImageFormat, cause?: unknown): GatewayError {
  return new GatewayError(
    'image_undecodable',
    `The ${format} image takes too long to decode (DECODE_TIMEOUT_MS)`,
    { cause },
  )
}

/**
 * Longest side in pixels, what a JPEG can have: a PNG of one row of 49 million pixels took libvips 1.3 GB, one of as many
 * rows of one pixel more than a minute.
 */
const MAX_SIDE_PIXELS = 65_535

/** Names a failed decode (422). What the decoder said goes to the log. */
export function undecodable(format: ImageFormat, cause: unknown): GatewayError {
  // So says libvips when it stops at the time that it was given.
  if (cause instanceof Error && /^timeout: \d+% complete/.test(cause.message)) {
    return tooSlow(format, cause)
  }
  return new GatewayError(
    'image_undecodable',
    `The ${format} image cannot be decoded: it is damaged, cut off or not a complete ${format} file`,
    { cause },
  )
}

/**
 * Reads the header of an upload. Throws `unsupported_media_type` (415), `image_undecodable` (422) or, when it claims
 * more than `maxPixels` (width times height), `too_many_pixels` (422): a small file can claim a huge canvas.
 */
export async function readHeader(bytes: Buffer, maxPixels: number): Promise<ImageHeader> {
  const format = requireFormat(bytes)
  const metadata = await sharp(bytes, INPUT_OPTIONS)
    .metadata()
    .catch((cause: unknown) => {
      throw undecodable(format, cause)
    })
  const { width, height } = metadata.autoOrient
  if (width * height > maxPixels) {
    throw new GatewayError(
      'too_many_pixels',
      `The image has ${width} x ${height} = ${width * height} pixels; the limit is ${maxPixels} (MAX_IMAGE_PIXELS)`,
    )
  }
  if (Math.max(width, height) > MAX_SIDE_PIXELS) {
    throw new GatewayError(
      'too_many_pixels',
      `The image has ${width} x ${height} pixels; the limit of a side is ${MAX_SIDE_PIXELS}`,
    )
  }
  const orientation = metadata.orientation ?? 1
  return {
    format,
    width,
    height,
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    channels: metadata.channels,
    bytesPerSample: SAMPLE_BYTES[metadata.depth] ?? 8,
    interlaced: metadata.isProgressive,
    plainRgb:
      (format === 'png' || (format === 'jpeg' && isCommonJpeg(bytes))) &&
      metadata.channels === 3 &&
      metadata.depth === 'uchar' &&
      metadata.space === 'srgb',
  }
}

import { FAST_PNG_PIXELS, type PictureFormat } from './encode.js'
import type { Size } from './geometry.js'
import type { ImageHeader } from './header.js'

/** What a decoder takes whatever the size: its tables, strips and threads. */
const FIXED_BYTES = 8 * 1024 * 1024

/** Rows that libvips has under way: 110 MB at a width of 65,500 pixels. */
const BYTES_PER_COLUMN = 1700

/**
 * Bytes that a decoder holds for each pixel of the image beside the pixels that come out. Peaks of the resident set over
 * pictures of 50 megapixels, flat and of noise, sharp 0.35.5: baseline JPEG 0.3, progressive JPEG 6.3 (RGB) and 8.9
 * (CMYK), PNG 0.9 (8 bit) and 1.9 (16 bit), interlaced PNG 9.5 (four channels of 16 bit), WebP 5.1, GIF 5.0, TIFF 1.9,
 * AVIF 19.0.
 */
function perPixel({ format, interlaced, channels, bytesPerSample }: ImageHeader): number {
  switch (format) {
    case 'avif':
      return 20
    case 'jpeg':
      return interlaced ? 2.1 * channels : 0.5
    case 'png':
      return interlaced ? channels * bytesPerSample + 2 : bytesPerSample
    case 'webp':
    case 'gif':
      return 5.5
    case 'tiff':
      // A file may keep all of its rows in one strip.
      return channels * bytesPerSample
  }
}

/**
 * The most bytes that decoding an image takes, by its header. `out` is the size of the pixels wanted (RGB); those of an
 * image that EXIF turns are held twice.
 */
export function decodeBytes(header: ImageHeader, out: Size): number {
  const turned = header.orientation === 1 ? 1 : 2
  const pixels = header.width * header.height * perPixel(header)
  const rows = header.width * BYTES_PER_COLUMN
  return Math.ceil(FIXED_BYTES + rows + pixels + out.width * out.height * 3 * turned)
}

/** Bytes that an encoder holds for each pixel beside the pixels, what comes out included; measured as above, on noise. */
const ENCODER_PER_PIXEL: Record<PictureFormat, number> = { png: 13.5, jpeg: 2, webp: 6.5 }

/** The same of the encoder for PNG of many pixels. */
const FRUGAL_PNG_PER_PIXEL = 3.5

/** The most bytes that a picture takes while it is drawn on and encoded. */
export function pictureBytes({ width, height }: Size, format: PictureFormat): number {
  const pixels = width * height
  const frugal = format === 'png' && pixels > FAST_PNG_PIXELS
  const encoder = frugal ? FRUGAL_PNG_PER_PIXEL : ENCODER_PER_PIXEL[format]
  return Math.ceil(FIXED_BYTES + pixels * (3 + encoder))
}

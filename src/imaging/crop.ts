import { clipRect, type PixelRect } from './canvas.js'
import type { Box, RgbImage, Size } from './geometry.js'

/** The whole pixels that a box touches: one at least, inside the picture. */
export function cropRect({ xMin, yMin, xMax, yMax }: Box, picture: Size): PixelRect {
  const x = Math.min(Math.floor(xMin), picture.width - 1)
  const y = Math.min(Math.floor(yMin), picture.height - 1)
  const width = Math.max(1, Math.ceil(xMax) - x)
  const height = Math.max(1, Math.ceil(yMax) - y)
  return clipRect({ x, y, width, height }, picture.width, picture.height)
}

/** Copies a part of a picture. */
export function crop(picture: RgbImage, { x, y, width, height }: PixelRect): RgbImage {
  const pixels = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * picture.width + x) * 3
    pixels.set(picture.pixels.subarray(start, start + width * 3), row * width * 3)
  }
  return { width, height, pixels }
}

import type { RgbImage } from './geometry.js'
import type { Colour } from './palette.js'

/** Whole pixels of a picture: the top-left corner and the size. */
export interface PixelRect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A colour and its opacity, 0..1. */
export interface Paint {
  readonly colour: Colour
  readonly opacity: number
}

/** Coverage of `width * height` pixels in row-major order, 0..255 each. */
export interface CoverageMask {
  readonly width: number
  readonly height: number
  readonly coverage: Uint8Array
}

/** Gives the part of a rectangle that lies inside a picture; its size is 0 when none does. */
export function clipRect(rect: PixelRect, width: number, height: number): PixelRect {
  const x = Math.min(Math.max(rect.x, 0), width)
  const y = Math.min(Math.max(rect.y, 0), height)
  return {
    x,
    y,
    width: Math.max(0, Math.min(rect.x + rect.width, width) - x),
    height: Math.max(0, Math.min(rect.y + rect.height, height) - y),
  }
}

/** Gives a rectangle that is larger by `margin` pixels on every side. */
export function growRect(rect: PixelRect, margin: number): PixelRect {
  return {
    x: rect.x - margin,
    y: rect.y - margin,
    width: rect.width + 2 * margin,
    height: rect.height + 2 * margin,
  }
}

/** Width in pixels from which copying a row costs less than writing its pixels. */
const COPIED_WIDTH = 32

/** Paints a rectangle into a picture; what lies outside is left out. */
export function fillRect(picture: RgbImage, rect: PixelRect, paint: Paint): void {
  const { x, y, width, height } = clipRect(rect, picture.width, picture.height)
  const start = (y * picture.width + x) * 3
  const stride = picture.width * 3
  const end = start + height * stride
  if (width === 0 || height === 0) return
  if (paint.opacity < 1) {
    for (let at = start; at < end; at += stride) blendSpan(picture.pixels, at, width, paint)
  } else if (width < COPIED_WIDTH) {
    for (let at = start; at < end; at += stride) setSpan(picture.pixels, at, width, paint.colour)
  } else {
    setSpan(picture.pixels, start, width, paint.colour)
    for (let at = start + stride; at < end; at += stride) {
      picture.pixels.copyWithin(at, start, start + width * 3)
    }
  }
}

function setSpan(pixels: Uint8Array, start: number, width: number, { r, g, b }: Colour): void {
  for (let at = start, end = start + width * 3; at < end; at += 3) {
    pixels[at] = r
    pixels[at + 1] = g
    pixels[at + 2] = b
  }
}

function blendSpan(pixels: Uint8Array, start: number, width: number, paint: Paint): void {
  const { r, g, b } = paint.colour
  // Fixed-point weights keep the loop on integers.
  const weight = Math.round(paint.opacity * 256)
  const rest = 256 - weight
  for (let at = start, end = start + width * 3; at < end; at += 3) {
    pixels[at] = (pixels[at]! * rest + r * weight) >> 8
    pixels[at + 1] = (pixels[at + 1]! * rest + g * weight) >> 8
    pixels[at + 2] = (pixels[at + 2]! * rest + b * weight) >> 8
  }
}

/** How a mask is laid on a picture. */
export interface MaskPlacement {
  readonly x: number
  readonly y: number
  /** Pixels outside this rectangle stay as they are; the whole picture unless given. */
  readonly clip?: PixelRect
  readonly flipX?: boolean
  readonly flipY?: boolean
}

/** Paints through a mask into a picture; what lies outside is left out. */
export function fillMask(
  picture: RgbImage,
  mask: CoverageMask,
  placement: MaskPlacement,
  paint: Paint,
): void {
  const { x, y, clip, flipX = false, flipY = false } = placement
  const bounds = clip ? clipRect(clip, picture.width, picture.height) : { x: 0, y: 0, ...picture }
  const left = Math.max(x, bounds.x)
  const right = Math.min(x + mask.width, bounds.x + bounds.width)
  const bottom = Math.min(y + mask.height, bounds.y + bounds.height)
  const step = flipX ? -1 : 1
  for (let row = Math.max(y, bounds.y); row < bottom; row++) {
    const maskRow = (flipY ? mask.height - 1 - (row - y) : row - y) * mask.width
    let from = maskRow + (flipX ? mask.width - 1 - (left - x) : left - x)
    let at = (row * picture.width + left) * 3
    for (let column = left; column < right; column++, from += step, at += 3) {
      blendPixel(picture.pixels, at, paint, mask.coverage[from]!)
    }
  }
}

function blendPixel(pixels: Uint8Array, at: number, paint: Paint, coverage: number): void {
  if (coverage === 0) return
  const { r, g, b } = paint.colour
  const weight = (coverage / 255) * paint.opacity
  pixels[at] = pixels[at]! + (r - pixels[at]!) * weight + 0.5
  pixels[at + 1] = pixels[at + 1]! + (g - pixels[at + 1]!) * weight + 0.5
  pixels[at + 2] = pixels[at + 2]! + (b - pixels[at + 2]!) * weight + 0.5
}

import { type CoverageMask, fillMask, fillRect, type Paint, type PixelRect } from './canvas.js'
import type { RgbImage } from './geometry.js'

/** The brush of rounded rectangles: the thickness of their outline and the smoothed mask of a top-left corner. */
export interface RoundedBrush {
  /** Whole pixels, inwards from the rectangle's edge; `null` fills the rectangle. */
  readonly thickness: number | null
  readonly corner: CoverageMask
}

/** Makes a brush for rounded rectangles with the given thickness and outer corner radius, both in pixels. */
export function makeRoundedBrush(thickness: number | null, radius: number): RoundedBrush {
  const size = Math.ceil(Math.max(radius, thickness ?? 0))
  const coverage = new Uint8Array(size * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const isHollow = thickness !== null && x >= thickness && y >= thickness
      const hole = isHollow ? arcCoverage(x, y, radius, radius - thickness) : 0
      coverage[y * size + x] = Math.round(255 * (arcCoverage(x, y, radius, radius) - hole))
    }
  }
  return { thickness, corner: { width: size, height: size, coverage } }
}

/**
 * Approximates which part of a pixel lies inside a top-left arc of `radius` around (`centre`, `centre`) by the distance
 * of the pixel's middle from the arc.
 */
function arcCoverage(x: number, y: number, centre: number, radius: number): number {
  const dx = centre - (x + 0.5)
  const dy = centre - (y + 0.5)
  if (radius <= 0 || dx <= 0 || dy <= 0) return 1
  return Math.min(1, Math.max(0, radius - Math.hypot(dx, dy) + 0.5))
}

/** The sides of a rectangle on which the corners stay square. */
export interface SquareSides {
  readonly top?: boolean
  readonly bottom?: boolean
}

/** Paints a rounded rectangle into a picture; one too small for its corners gets square ones. */
export function paintRounded(
  picture: RgbImage,
  rect: PixelRect,
  brush: RoundedBrush,
  paint: Paint,
  square: SquareSides = {},
): void {
  const { thickness, corner } = brush
  const shorter = Math.min(rect.width, rect.height)
  const fits = 2 * corner.width <= shorter
  const size = fits ? corner.width : (thickness ?? shorter)
  if (2 * size > shorter) {
    fillRect(picture, rect, paint)
    return
  }
  for (const band of bandsBetweenCorners(rect, size, thickness)) fillRect(picture, band, paint)
  for (const { x, y, flipX, flipY } of cornersOf(rect, size)) {
    const isSquare = !fits || (flipY ? square.bottom : square.top)
    if (isSquare) fillRect(picture, { x, y, width: size, height: size }, paint)
    else fillMask(picture, corner, { x, y, flipX, flipY }, paint)
  }
}

function cornersOf({ x, y, width, height }: PixelRect, size: number) {
  const right = x + width - size
  const bottom = y + height - size
  return [
    { x, y, flipX: false, flipY: false },
    { x: right, y, flipX: true, flipY: false },
    { x, y: bottom, flipX: false, flipY: true },
    { x: right, y: bottom, flipX: true, flipY: true },
  ]
}

function bandsBetweenCorners(
  { x, y, width, height }: PixelRect,
  corner: number,
  thickness: number | null,
): PixelRect[] {
  const depth = thickness ?? corner
  const inner = { width: width - 2 * corner, height: height - 2 * corner }
  const ends = [
    { x: x + corner, y, width: inner.width, height: depth },
    { x: x + corner, y: y + height - depth, width: inner.width, height: depth },
  ]
  if (thickness === null) return [...ends, { x, y: y + corner, width, height: inner.height }]
  return [
    ...ends,
    { x, y: y + corner, width: thickness, height: inner.height },
    { x: x + width - thickness, y: y + corner, width: thickness, height: inner.height },
  ]
}

import type { Size } from './geometry.js'

/** Sizes of everything that is drawn on one picture, in whole pixels. */
export interface PictureStyle {
  /** Thickness of a box's line. */
  readonly line: number
  /** Thickness of the dark edge on both sides of a line. */
  readonly halo: number
  /** 0..1. */
  readonly haloOpacity: number
  /** Radius of outer corners. */
  readonly radius: number
  /** Pixels an em. */
  readonly text: number
}

const HALO_OPACITY = 0.45
const MIN_TEXT = 10
const MAX_TEXT = 200

/**
 * Chooses sizes by the square root of the picture's area. From a megapixel on they are a fixed part of it, since such a
 * picture is shown fitted to a screen: 18 pixel text and a 3 pixel line at one megapixel. Smaller ones are shown pixel
 * by pixel, so text shrinks more slowly and stops at 10 pixels.
 */
export function styleFor({ width, height }: Size): PictureStyle {
  const side = Math.sqrt(width * height) / 1000
  const text = side < 1 ? 6 + 12 * side : 18 * side
  const line = side < 1 ? 1.5 + 1.5 * side : 3 * side
  const lineWidth = Math.round(line)
  return {
    line: lineWidth,
    halo: Math.max(1, Math.round(line / 4)),
    haloOpacity: HALO_OPACITY,
    radius: Math.round(line * 1.5),
    text: Math.round(Math.min(Math.max(text, MIN_TEXT), MAX_TEXT)),
  }
}

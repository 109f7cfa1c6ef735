import sharp from 'sharp'
import { clipRect, fillRect, type PixelRect } from './canvas.js'
import type { Box, RgbImage, Size } from './geometry.js'
import { BLACK } from './palette.js'

/** What is done to an area: its cells smoothed into each other, its cells as they are, or black. */
export type RedactMode = 'blur' | 'pixelate' | 'fill'

/** A box of a picture that is made unrecognizable. */
export interface RedactedArea {
  readonly box: Box
  readonly mode: RedactMode
}

/**
 * Cells along the longer side of what is blurred or pixelated. All that is left of an area are their colours, so the
 * number bounds what anybody can restore: of a whole person the head is one cell.
 */
const CELLS = 6

/** What models cut off a little: share of a box's side that is added on each side, and pixels at least. */
const MARGIN = 0.04
const MIN_MARGIN = 2

/** Black goes last: a blur must not spread it, nor may what lies under it show in a neighbour's cells. */
const ORDER: readonly RedactMode[] = ['blur', 'pixelate', 'fill']

/** The most bytes that redaction takes, the picture among them: an area may be all of it, held as it comes and as it goes. */
export function redactBytes({ width, height }: Size): number {
  return 9 * width * height
}

/**
 * Makes areas of a picture unrecognizable for good; the rest of it stays as it is, to the bit. Throws the reason of
 * `signal` when it aborts between two areas: many large ones take their time.
 */
export async function redact(
  picture: RgbImage,
  areas: readonly RedactedArea[],
  signal?: AbortSignal,
): Promise<void> {
  for (const mode of ORDER) {
    for (const area of areas.filter((it) => it.mode === mode)) {
      signal?.throwIfAborted()
      const rect = coveredRect(area.box, picture)
      if (rect.width === 0 || rect.height === 0) continue
      if (mode === 'fill') fillRect(picture, rect, { colour: BLACK, opacity: 1 })
      else await coarsen(picture, rect, mode)
    }
  }
}

/** The whole pixels that a box touches, and a margin. */
function coveredRect({ xMin, yMin, xMax, yMax }: Box, picture: RgbImage): PixelRect {
  const marginX = Math.max(MIN_MARGIN, (xMax - xMin) * MARGIN)
  const marginY = Math.max(MIN_MARGIN, (yMax - yMin) * MARGIN)
  const x = Math.floor(xMin - marginX)
  const y = Math.floor(yMin - marginY)
  const width = Math.ceil(xMax + marginX) - x
  const height = Math.ceil(yMax + marginY) - y
  return clipRect({ x, y, width, height }, picture.width, picture.height)
}

/** Shrinks an area to its cells and stretches them over it again. */
async function coarsen(
  picture: RgbImage,
  { x, y, width, height }: PixelRect,
  mode: 'blur' | 'pixelate',
): Promise<void> {
  const longest = Math.max(width, height)
  const cellsAlong = (side: number) => Math.max(1, Math.round((side / longest) * CELLS))
  const cells = { width: cellsAlong(width), height: cellsAlong(height) }
  const small = await sharp(picture.pixels, rawOf(picture))
    .extract({ left: x, top: y, width, height })
    // Linear has no negative lobes: a cell is a mean of what lies around it.
    .resize(cells.width, cells.height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer()
  const stretched = await sharp(small, rawOf(cells))
    .resize(width, height, { fit: 'fill', kernel: mode === 'blur' ? 'cubic' : 'nearest' })
    .raw()
    .toBuffer()
  for (let row = 0; row < height; row++) {
    const line = stretched.subarray(row * width * 3, (row + 1) * width * 3)
    picture.pixels.set(line, ((y + row) * picture.width + x) * 3)
  }
}

function rawOf({ width, height }: Size) {
  return { raw: { width, height, channels: 3 as const }, limitInputPixels: false }
}

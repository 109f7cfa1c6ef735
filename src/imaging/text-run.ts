import sharp from 'sharp'
import type { CoverageMask } from './canvas.js'
import { LABEL_FONT, usePackagedFonts } from './fonts.js'

/** A line of text as a mask, cut at its left and right to the ink. */
export interface TextRun extends CoverageMask {
  /** Rows of the mask above the line that the letters stand on. */
  readonly ascent: number
}

/**
 * Bytes of masks that are kept for the next picture. At the size for a 2-megapixel photo a name takes about 4 KiB, so
 * that all names of a common label map and all percentages stay.
 */
const CACHE_BYTES = 8 * 1024 * 1024

/** Stands before the text: a letter whose foot marks the base line, and a gap that no text reaches over. */
const STRUT = 'I\u2003'

const runs = new Map<string, { readonly run: Promise<TextRun>; bytes: number }>()
let cachedBytes = 0

/**
 * Draws one line of text at `size` pixels an em, in any script, right-to-left ones included. The text is data, never
 * markup. Runs are cached and must not be changed.
 */
export function renderRun(text: string, size: number): Promise<TextRun> {
  const key = `${size} ${text}`
  const known = runs.get(key)
  if (known) {
    runs.delete(key)
    runs.set(key, known)
    return known.run
  }
  const entry = { run: drawRun(text, size), bytes: 0 }
  runs.set(key, entry)
  entry.run.then(
    (run) => {
      // Counts only what is still kept: the entry may have been pushed out while it was drawn.
      if (runs.get(key) !== entry) return
      entry.bytes = run.coverage.length + 2 * key.length
      cachedBytes += entry.bytes
      shrinkCache()
    },
    () => {
      if (runs.get(key) === entry) runs.delete(key)
    },
  )
  return entry.run
}

function shrinkCache(): void {
  for (const [key, { bytes }] of runs) {
    if (cachedBytes <= CACHE_BYTES) return
    runs.delete(key)
    cachedBytes -= bytes
  }
}

async function drawRun(text: string, size: number): Promise<TextRun> {
  usePackagedFonts()
  // The isolate lets the text find its own direction although the strut reads from left to right.
  const markup = `${STRUT}\u2068${escapeMarkup(text)}\u2069`
  const { data, info } = await sharp({
    text: { text: markup, font: `${LABEL_FONT} ${size}px`, dpi: 72 },
  })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return cutStrut(data, info.width, info.height)
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Finds the base line at the strut's foot and cuts the strut and the gap away. */
function cutStrut(pixels: Uint8Array, width: number, height: number): TextRun {
  const hasInk = (column: number) => {
    for (let at = column; at < width * height; at += width) if (pixels[at]! > 0) return true
    return false
  }
  let left = 0
  while (left < width && !hasInk(left)) left++
  let gap = left
  while (gap < width && hasInk(gap)) gap++
  const ascent = footOf(pixels, width, height, left, gap)
  let start = gap
  while (start < width && !hasInk(start)) start++
  let end = width
  while (end > start && !hasInk(end - 1)) end--
  const coverage = new Uint8Array((end - start) * height)
  for (let row = 0; row < height; row++) {
    coverage.set(pixels.subarray(row * width + start, row * width + end), row * (end - start))
  }
  return { width: end - start, height, coverage, ascent }
}

function footOf(
  pixels: Uint8Array,
  width: number,
  height: number,
  left: number,
  right: number,
): number {
  for (let row = height - 1; row >= 0; row--) {
    for (let column = left; column < right; column++) {
      if (pixels[row * width + column]! > 127) return row + 1
    }
  }
  return height
}

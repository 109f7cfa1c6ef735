import { clipRect, growRect, type PixelRect } from './canvas.js'
import type { Box, RgbImage, Size } from './geometry.js'
import { type Label, PLATE_HEIGHT, paintLabel, prepareLabel } from './label.js'
import { BLACK, colourOfClass } from './palette.js'
import { placePlate } from './placement.js'
import { PlateIndex } from './plate-index.js'
import { makeRoundedBrush, paintRounded } from './rounded.js'
import { type PictureStyle, styleFor } from './style.js'

/** What is drawn for one detection: a box in pixels of the picture and the facts that its label tells. */
export interface Annotation {
  readonly box: Box
  /** The name of the class; `null` shows the class id in its place. */
  readonly label: string | null
  readonly classId: number
  /** 0..1. */
  readonly score: number
}

/**
 * Draws boxes and labels into a picture. Sizes follow the picture, each class has one colour, and labels lie on plates
 * inside the picture that keep off each other where there is room, those of the best scores first. Boxes of no size or
 * beyond the picture are drawn at the nearest place inside it; boxes that are not finite are left out.
 */
export async function annotate(
  picture: RgbImage,
  annotations: readonly Annotation[],
): Promise<void> {
  const style = styleFor(picture)
  const drawable = annotations.filter(({ box }) => Object.values(box).every(Number.isFinite))
  const bestFirst = drawable.toSorted((one, other) => other.score - one.score)
  const labels = await Promise.all(
    bestFirst.map((annotation) => prepareLabel(annotation, style, picture)),
  )
  // Nothing is awaited from here on: the picture changes in one go.
  const outlines = bestFirst.map(({ box }) => outlineOf(box, style.line, picture))
  const places = placeLabels(labels, outlines, style, picture)
  paintBoxes(picture, bestFirst, outlines, style)
  for (const [index, place] of [...places.entries()].reverse()) {
    const label = labels[index]
    if (label && place) paintLabel(picture, label, place, style)
  }
}

/** Gives the outer edge of a box's line, which runs along the middle of the box's edge where the picture allows. */
function outlineOf(box: Box, line: number, picture: Size): PixelRect {
  const [x, width] = span(box.xMin, box.xMax, line, picture.width)
  const [y, height] = span(box.yMin, box.yMax, line, picture.height)
  return clipRect({ x, y, width, height }, picture.width, picture.height)
}

/** Widens a range by half a line, to three lines at least so that a dot stays visible, and moves it into 0..limit. */
function span(min: number, max: number, line: number, limit: number): [number, number] {
  const low = Math.min(Math.max(Math.round(min - line / 2), 0), limit)
  const high = Math.min(Math.max(Math.round(max + line / 2), 0), limit)
  const length = Math.min(limit, Math.max(high - low, 3 * line))
  const start = high - low < length ? Math.round((low + high - length) / 2) : low
  return [Math.max(0, Math.min(start, limit - length)), length]
}

function placeLabels(
  labels: readonly (Label | null)[],
  outlines: readonly PixelRect[],
  style: PictureStyle,
  picture: Size,
) {
  const taken = new PlateIndex(picture.height, Math.ceil(style.text * PLATE_HEIGHT))
  return labels.map((label, index) => {
    if (!label) return null
    const place = placePlate(outlines[index]!, label.plate, style.line, picture, taken)
    taken.add(growRect(place.rect, style.halo))
    return place
  })
}

/** Paints the lines, best scores last and so on top, each on a dark edge that sets it off from any background. */
function paintBoxes(
  picture: RgbImage,
  annotations: readonly Annotation[],
  outlines: readonly PixelRect[],
  { line, radius, halo, haloOpacity }: PictureStyle,
): void {
  const outerEdge = makeRoundedBrush(halo, radius + halo)
  const innerEdge = makeRoundedBrush(halo, Math.max(0, radius - line))
  const dark = { colour: BLACK, opacity: haloOpacity }
  const stroke = makeRoundedBrush(line, radius)
  for (let index = annotations.length - 1; index >= 0; index--) {
    const outline = outlines[index]!
    const colour = colourOfClass(annotations[index]!.classId)
    paintRounded(picture, growRect(outline, halo), outerEdge, dark)
    paintRounded(picture, growRect(outline, -line), innerEdge, dark)
    paintRounded(picture, outline, stroke, { colour, opacity: 1 })
  }
}

import { fillMask, growRect } from './canvas.js'
import { CAP_HEIGHT } from './fonts.js'
import type { RgbImage, Size } from './geometry.js'
import { cleanName, fitName, isRightToLeft, scoreText } from './label-text.js'
import { BLACK, type Colour, colourOfClass, textColourOn } from './palette.js'
import type { PlatePosition } from './placement.js'
import { makeRoundedBrush, paintRounded } from './rounded.js'
import type { PictureStyle } from './style.js'
import { renderRun, type TextRun } from './text-run.js'

/** A label ready to be painted: the plate's size and the runs of text on it, from left to right. */
export interface Label {
  readonly plate: Size
  /** Row of the plate that the letters stand on. */
  readonly baseline: number
  readonly runs: readonly { readonly run: TextRun; readonly x: number }[]
  readonly colour: Colour
}

/** The facts that a label tells. */
export interface LabelFacts {
  readonly label: string | null
  readonly classId: number
  readonly score: number
}

/** Widest plate in ems, and the part of the picture's width that it keeps to unless that is less than the third. */
const MAX_PLATE_WIDTH = 20
const MAX_PICTURE_PART = 0.6
const MIN_PLATE_WIDTH = 9
/** Height of a plate in ems. */
export const PLATE_HEIGHT = 1.5
const PADDING = 0.4
const WORD_GAP = 0.32
/** Marks stacked on letters make a plate higher than usual, up to this many times. */
const MAX_GROWTH = 1.6

/**
 * Lays out the text of a label, such as `dog 89%` or `#17 89%`. A name too long for the picture is cut with an ellipsis
 * or, when nothing of it fits, left out; gives `null` when not even the score fits.
 */
export async function prepareLabel(
  facts: LabelFacts,
  style: PictureStyle,
  picture: Size,
): Promise<Label | null> {
  const { text: size } = style
  const name = cleanName(facts.label ?? '') || `#${facts.classId}`
  const score = scoreText(facts.score)
  const scoreRun = score ? await renderRun(score, size) : null
  const padding = Math.round(size * PADDING)
  const gap = scoreRun ? Math.round(size * WORD_GAP) : 0
  const room = widestPlate(size, picture) - 2 * padding - gap - (scoreRun?.width ?? 0)
  const nameRun = await fitName(name, size, room)
  const present = [nameRun, scoreRun].filter((run) => run !== null)
  const runs = isRightToLeft(name) ? present.reverse() : present
  return layOut(runs, { size, padding, gap }, colourOfClass(facts.classId), picture)
}

function widestPlate(size: number, picture: Size): number {
  const most = Math.max(MIN_PLATE_WIDTH * size, MAX_PICTURE_PART * picture.width)
  return Math.floor(Math.min(picture.width, MAX_PLATE_WIDTH * size, most))
}

function layOut(
  runs: readonly TextRun[],
  { size, padding, gap }: { size: number; padding: number; gap: number },
  colour: Colour,
  picture: Size,
): Label | null {
  let x = padding
  const placed = runs.map((run) => {
    const at = { run, x }
    x += run.width + gap
    return at
  })
  const usual = Math.round(size * PLATE_HEIGHT)
  const usualBaseline = Math.round((usual + size * CAP_HEIGHT) / 2)
  const ascent = Math.max(...runs.map((run) => run.ascent))
  const descent = Math.max(...runs.map((run) => run.height - run.ascent))
  const baseline = Math.max(usualBaseline, ascent + 1)
  const below = Math.max(usual - usualBaseline, descent + 1)
  const height = Math.min(baseline + below, Math.round(usual * MAX_GROWTH))
  const plate = { width: x - gap + padding, height }
  const fits = runs.length > 0 && plate.width <= picture.width && height <= picture.height
  return fits ? { plate, baseline, runs: placed, colour } : null
}

/** Paints a plate in its colour and the text on it in black or white, whichever is easier to read there. */
export function paintLabel(
  picture: RgbImage,
  label: Label,
  { rect, joined }: PlatePosition,
  { halo, haloOpacity, radius }: PictureStyle,
): void {
  const square = { top: joined === 'top', bottom: joined === 'bottom' }
  const edge = makeRoundedBrush(halo, radius + halo)
  paintRounded(picture, growRect(rect, halo), edge, { colour: BLACK, opacity: haloOpacity }, square)
  const fill = makeRoundedBrush(null, radius)
  paintRounded(picture, rect, fill, { colour: label.colour, opacity: 1 }, square)
  const ink = { colour: textColourOn(label.colour), opacity: 1 }
  for (const { run, x } of label.runs) {
    const at = { x: rect.x + x, y: rect.y + label.baseline - run.ascent, clip: rect }
    fillMask(picture, run, at, ink)
  }
}

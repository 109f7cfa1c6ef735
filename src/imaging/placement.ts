import type { PixelRect } from './canvas.js'
import type { Size } from './geometry.js'
import type { PlateIndex } from './plate-index.js'

/** Where a plate lies and which of its sides is joined to its box, so that its corners stay square there. */
export interface PlatePosition {
  readonly rect: PixelRect
  readonly joined: 'top' | 'bottom' | 'none'
}

/** Steps in which a plate is tried along its box, and rows in which it is tried inside. */
const STEPS_ALONG = 4
const ROWS_INSIDE = 8

/**
 * Finds the place for a plate in a picture: above the box, inside its top, or below it (below comes before inside when
 * the plate would hide a third of the box), then along and down the box, then beside it. The first place that is free of
 * the `taken` plates wins; where all overlap, the one that overlaps least. A plate no larger than the picture always lies
 * inside it.
 */
export function placePlate(
  box: PixelRect,
  plate: Size,
  line: number,
  picture: Size,
  taken: PlateIndex,
): PlatePosition {
  let best: PlatePosition | undefined
  let least = Infinity
  for (const position of candidates(box, plate, line, picture)) {
    const overlap = taken.overlap(position.rect, least)
    if (overlap < least) {
      best = position
      least = overlap
    }
    if (least === 0) break
  }
  return best!
}

function* candidates(
  box: PixelRect,
  plate: Size,
  line: number,
  picture: Size,
): Generator<PlatePosition> {
  const xs = columns(box, plate, picture)
  const bottom = box.y + box.height
  // The joined edge of the plate covers the line of the box, so that the two read as one shape.
  const above = { y: box.y + line - plate.height, joined: 'bottom' as const }
  const below = { y: bottom - line, joined: 'top' as const }
  const inside = insideRows(box, plate, line).map((y) => ({ y, joined: 'none' as const }))
  const [first = above, ...others] = inside
  const hidesBox = plate.width * plate.height * 3 > box.width * box.height
  const rows = hidesBox ? [above, below, first, ...others] : [above, first, below, ...others]
  for (const { y, joined } of rows) {
    if (y < 0 || y + plate.height > picture.height) continue
    for (const x of xs) yield { rect: { x, y, ...plate }, joined }
  }
  const y = Math.max(0, Math.min(box.y, picture.height - plate.height))
  for (const x of [box.x + box.width, box.x - plate.width]) {
    if (x >= 0 && x + plate.width <= picture.width)
      yield { rect: { x, y, ...plate }, joined: 'none' }
  }
  // A box as high as the picture and lower than a plate leaves nothing but this.
  for (const x of xs) yield { rect: { x, y, ...plate }, joined: 'none' }
}

/** Left edges to try, each inside the picture: the box's left end, its right end, then between them. */
function columns(box: PixelRect, plate: Size, picture: Size): number[] {
  const room = box.width - plate.width
  const ends = [box.x, box.x + room]
  const between = Array.from({ length: Math.max(0, STEPS_ALONG - 1) }, (_, index) =>
    Math.round(box.x + (room * (index + 1)) / STEPS_ALONG),
  )
  const xs = [...ends, ...between].map((x) => Math.max(0, Math.min(x, picture.width - plate.width)))
  return [...new Set(xs)]
}

/** Top edges to try inside a box: its top, its bottom, then the rows between. */
function insideRows(box: PixelRect, plate: Size, line: number): number[] {
  const last = box.y + box.height - plate.height
  const rows = [box.y, last]
  const pitch = plate.height + line
  for (let row = 1; row < ROWS_INSIDE && box.y + row * pitch <= last; row++) {
    rows.push(box.y + row * pitch)
  }
  return rows
}

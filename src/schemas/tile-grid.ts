import { z } from 'zod'
import { type Grid, MAX_TILES_A_SIDE } from '../tasks/detection/tiles.js'

const SIDE = `[1-${MAX_TILES_A_SIDE}]`
const GRID = new RegExp(`^(?:auto|${SIDE}x${SIDE})$`)

/** Describes a grid of tiles, columns x rows such as `3x2`, or `auto`; in any case. */
export function tileGrid() {
  const error = `must be "auto" or columns x rows such as "2x2", ${MAX_TILES_A_SIDE}x${MAX_TILES_A_SIDE} at most`
  return z.preprocess(
    (raw) => (typeof raw === 'string' ? raw.trim().toLowerCase() : raw),
    z
      .string({ error })
      .regex(GRID, { error })
      .transform((text): Grid | 'auto' => {
        if (text === 'auto') return text
        const [columns, rows] = text.split('x').map(Number)
        return { columns: columns!, rows: rows! }
      }),
  )
}

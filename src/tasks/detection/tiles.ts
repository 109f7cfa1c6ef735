import type { Box, Size } from '../../imaging/geometry.js'
import type { ChooseViews, ViewRoom } from '../image/image-job.js'

/** How many tiles lie side by side and below each other. */
export interface Grid {
  readonly columns: number
  readonly rows: number
}

/** How an image is cut up for small objects. */
export interface TileOptions {
  readonly tiles: Grid | 'auto'
  /** Part of a tile's side that it shares with its neighbour, 0 to 0.5. */
  readonly overlap: number
}

/** Most tiles in one direction. */
export const MAX_TILES_A_SIDE = 8

/** The part of a tile that its neighbour shows too unless told otherwise: what SAHI takes. */
export const DEFAULT_OVERLAP = 0.2

/** Most tiles that `auto` cuts an image into. */
const MAX_AUTO_TILES = 16

/** `auto` adds tiles until none is shrunk by more than this to become the model's input. */
const AUTO_SHRINKAGE = 2

/** No tile is made smaller than this many pixels a side: the grid then has fewer. */
const MIN_TILE_SIDE = 32

/** Pixels from the first to the last of each tile along one side of the image: equal in length, evenly spread. */
function spans(length: number, count: number, overlap: number): [start: number, end: number][] {
  const tile = tileLength(length, count, overlap)
  const stride = count === 1 ? 0 : (length - tile) / (count - 1)
  return Array.from({ length: count }, (_, index) => {
    const start = Math.round(index * stride)
    return [start, start + tile]
  })
}

function tileLength(length: number, count: number, overlap: number): number {
  return Math.min(length, Math.ceil(length / (count - (count - 1) * overlap)))
}

function largestCount(length: number, wanted: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(length / MIN_TILE_SIDE)))
}

/**
 * The tiles of an image, row by row from the top left, in whole pixels: all of one size, together all of the image. An
 * image of few pixels is cut into fewer.
 */
export function tilesOf(image: Size, grid: Grid, overlap: number): Box[] {
  const columns = spans(image.width, largestCount(image.width, grid.columns), overlap)
  const rows = spans(image.height, largestCount(image.height, grid.rows), overlap)
  return rows.flatMap(([yMin, yMax]) => columns.map(([xMin, xMax]) => ({ xMin, yMin, xMax, yMax })))
}

/**
 * The grids that `auto` goes through for an image that the model sees as `input`: each has one column or row more where
 * the tiles are shrunk most; the last shrinks none by more than two, or is as fine as sixteen tiles allow.
 */
export function autoGrids(image: Size, input: Size, overlap: number): Grid[] {
  const shrinkage = ({ columns, rows }: Grid) => ({
    x: tileLength(image.width, columns, overlap) / input.width,
    y: tileLength(image.height, rows, overlap) / input.height,
  })
  const grids: Grid[] = [{ columns: 1, rows: 1 }]
  for (;;) {
    const last = grids.at(-1)!
    const { x, y } = shrinkage(last)
    const next = x >= y ? { ...last, columns: last.columns + 1 } : { ...last, rows: last.rows + 1 }
    if (Math.max(x, y) <= AUTO_SHRINKAGE) return grids
    if (next.columns * next.rows > MAX_AUTO_TILES) return grids
    if (Math.max(next.columns, next.rows) > MAX_TILES_A_SIDE) return grids
    grids.push(next)
  }
}

/** The whole image and its tiles; nothing where there is one tile. */
function viewsOf(image: Size, grid: Grid, overlap: number): Box[] {
  const tiles = tilesOf(image, grid, overlap)
  if (tiles.length === 1) return []
  return [{ xMin: 0, yMin: 0, xMax: image.width, yMax: image.height }, ...tiles]
}

/**
 * Chooses what the model sees of an image: the whole, and its tiles. `auto` takes the finest of its grids that there is
 * memory for; a grid that was asked for is taken as it is, and refused later where it does not fit.
 */
export function chooseTiles({ tiles, overlap }: TileOptions): ChooseViews {
  if (tiles !== 'auto') return (image) => viewsOf(image, tiles, overlap)
  return (image, { inputOf, fits }: ViewRoom) => {
    const grids = autoGrids(image, inputOf(image), overlap)
    const views = grids.map((grid) => viewsOf(image, grid, overlap))
    return views.findLast((regions) => fits(regions)) ?? []
  }
}

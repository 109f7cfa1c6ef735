import type { Box, Size } from '../../imaging/geometry.js'
import type { Transform } from '../../imaging/transform.js'
import type { BoxFormat } from '../../repository/model-card.js'
import type { AnswerFormat } from './answer-format.js'
import { invalidAnswer, type Table } from './output-table.js'

/** The image that boxes lie in: its own size, that of the tensor it was sent as, and where that lies in it. */
export interface Frame {
  readonly size: Size
  readonly tensor: Size
  readonly transform: Transform
}

/** Four numbers of a row. */
type Numbers = readonly [number, number, number, number]

/** Corners of a box in the unit of the numbers. */
const CORNERS: Readonly<Record<BoxFormat, (numbers: Numbers) => Box>> = {
  yxyx: ([yMin, xMin, yMax, xMax]) => ({ xMin, yMin, xMax, yMax }),
  xyxy: ([xMin, yMin, xMax, yMax]) => ({ xMin, yMin, xMax, yMax }),
  xywh: ([x, y, width, height]) => ({ xMin: x, yMin: y, xMax: x + width, yMax: y + height }),
  cxcywh: ([x, y, width, height]) => ({
    xMin: x - width / 2,
    yMin: y - height / 2,
    xMax: x + width / 2,
    yMax: y + height / 2,
  }),
}

/** Above every fraction, below what a grid of pixels reaches. */
const LARGEST_FRACTION = 2

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, 0), limit)
}

/** Tells whether a table of boxes is in pixels: those of a grid reach to the far corner of the tensor. */
function isInPixels({ data, start, rows, rowStep, columnStep }: Table): boolean {
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = 0; column < 4; column++) {
      if (data[start + row * rowStep + column * columnStep]! > LARGEST_FRACTION) return true
    }
  }
  return false
}

/** A grid of cells, each of which gives one box. */
interface Grid {
  readonly firstRow: number
  /** Cells in a line. */
  readonly width: number
  /** Pixels from one cell to the next. */
  readonly stride: number
}

function gridsOf(strides: readonly number[], { width, height }: Size, rows: number): Grid[] {
  const grids: Grid[] = []
  let firstRow = 0
  for (const stride of strides) {
    const [cells, lines] = [Math.floor(width / stride), Math.floor(height / stride)]
    grids.push({ firstRow, width: cells, stride })
    firstRow += cells * lines
  }
  if (firstRow === rows) return grids
  throw invalidAnswer(
    `it holds ${rows} boxes; strides of ${strides.join(', ')} give ${firstRow} in ${width} x ${height} pixels`,
  )
}

/** Decodes a centre and a size that are told in cells from the cell's corner, the size as its logarithm. */
function fromCell(grids: readonly Grid[], row: number, [x, y, width, height]: Numbers): Numbers {
  const { firstRow, width: cells, stride } = grids.findLast((grid) => grid.firstRow <= row)!
  const column = (row - firstRow) % cells
  const line = Math.floor((row - firstRow) / cells)
  const [w, h] = [Math.exp(width) * stride, Math.exp(height) * stride]
  return [(x + column) * stride, (y + line) * stride, w, h]
}

/**
 * Makes what reads the box of a row: mapped to the upright image by the decoder's own transform, in its pixels and clamped
 * to it. Reading throws `upstream_invalid_response` (502) for NaN and infinite numbers, making for strides that do not
 * suit the number of boxes.
 */
export function createBoxReader(
  table: Table,
  { format, unit, strides }: AnswerFormat['boxes'],
  { size, tensor, transform }: Frame,
): (row: number) => Box {
  const { data, start, rowStep, columnStep } = table
  const inPixels = unit === 'measured' ? isInPixels(table) : unit === 'pixel'
  const grids = strides && gridsOf(strides, tensor, table.rows)
  const scaleX = transform.scaleX * (inPixels ? 1 : tensor.width)
  const scaleY = transform.scaleY * (inPixels ? 1 : tensor.height)
  const toX = (value: number) => clamp(value * scaleX + transform.offsetX, size.width)
  const toY = (value: number) => clamp(value * scaleY + transform.offsetY, size.height)
  const corners = CORNERS[format]
  return (row) => {
    const at = start + row * rowStep
    const raw: Numbers = [
      data[at]!,
      data[at + columnStep]!,
      data[at + 2 * columnStep]!,
      data[at + 3 * columnStep]!,
    ]
    const numbers = grids === undefined ? raw : fromCell(grids, row, raw)
    // A sum is finite when all of it is, unless it overflows, which no box does.
    if (!Number.isFinite(numbers[0] + numbers[1] + numbers[2] + numbers[3])) {
      throw invalidAnswer(`detection ${row} has a number that is NaN or infinite`)
    }
    const { xMin, yMin, xMax, yMax } = corners(numbers)
    return { xMin: toX(xMin), yMin: toY(yMin), xMax: toX(xMax), yMax: toY(yMax) }
  }
}

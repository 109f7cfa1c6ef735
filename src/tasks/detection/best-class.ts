import type { AnswerFormat } from './answer-format.js'
import type { AnswerTables } from './answer-tables.js'
import { invalidAnswer, type Table } from './output-table.js'

/** The best class of each row and its score, 0 to 1 where the model and its card are right. */
export interface BestClasses {
  readonly scores: Float64Array
  readonly classIds: Int32Array
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value))
}

const SAME = (value: number) => value

/**
 * Finds the best class of each row where there is a score for each; class ids are the columns. Throws
 * `upstream_invalid_response` (502) where a score is NaN.
 */
export function bestClasses(
  { scores, objectness, rows }: AnswerTables,
  format: AnswerFormat['scores'],
): BestClasses {
  const { activation = 'none', background } = format
  const from = background === 'first' ? 1 : 0
  const to = scores.columns - (background === 'last' ? 1 : 0)
  if (to <= from) throw invalidAnswer('it holds scores of no class but the background')
  const best =
    scores.columnStep === 1 ? byRow(scores, rows, from, to) : byColumn(scores, rows, from, to)
  const activate = activation === 'sigmoid' ? sigmoid : SAME
  for (let row = 0; row < rows; row++) {
    const value = best.scores[row]!
    const object = objectness?.data[objectness.start + row * objectness.rowStep]
    const score = activation === 'softmax' ? softmax(scores, row, value) : activate(value)
    best.scores[row] = object === undefined ? score : score * activate(object)
  }
  return best
}

/** NaN is passed over by every comparison, so a sum tells of it. */
function refuseNaN(sum: number): void {
  if (Number.isNaN(sum)) throw invalidAnswer('it has a score that is NaN or infinite')
}

/** For tables whose rows lie together in memory. */
function byRow(
  { data, start, rowStep }: Table,
  rows: number,
  from: number,
  to: number,
): BestClasses {
  const best = { scores: new Float64Array(rows), classIds: new Int32Array(rows) }
  let sum = 0
  for (let row = 0; row < rows; row++) {
    const base = start + row * rowStep
    let highest = data[base + from]!
    let classId = from
    sum += highest
    for (let column = from + 1; column < to; column++) {
      const value = data[base + column]!
      sum += value
      if (value > highest) {
        highest = value
        classId = column
      }
    }
    best.scores[row] = highest
    best.classIds[row] = classId
  }
  refuseNaN(sum)
  return best
}

/** For tables whose columns lie together in memory. */
function byColumn(
  { data, start, rowStep, columnStep }: Table,
  rows: number,
  from: number,
  to: number,
): BestClasses {
  const scores = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY)
  const classIds = new Int32Array(rows)
  let sum = 0
  for (let column = from; column < to; column++) {
    let at = start + column * columnStep
    for (let row = 0; row < rows; row++) {
      const value = data[at]!
      sum += value
      if (value > scores[row]!) {
        scores[row] = value
        classIds[row] = column
      }
      at += rowStep
    }
  }
  refuseNaN(sum)
  return { scores, classIds }
}

/** The share of one value among those of its row, background included. */
function softmax(
  { data, start, rowStep, columnStep, columns }: Table,
  row: number,
  value: number,
): number {
  const base = start + row * rowStep
  let sum = 0
  for (let column = 0; column < columns; column++) {
    // A background far above the best class overflows to infinity, which makes the share 0, as it is.
    sum += Math.exp(data[base + column * columnStep]! - value)
  }
  return 1 / sum
}

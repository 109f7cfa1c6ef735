import type { Column } from '../../repository/model-card.js'
import type { Tensors } from '../../serving/model-server.js'
import type { AnswerFormat } from './answer-format.js'
import type { DetectionSignature } from './detection-signature.js'
import {
  columnOf,
  columnsOf,
  invalidAnswer,
  type Position,
  readOutput,
  scalarOf,
  sharedTableOf,
  type Table,
  tableOf,
  transpose,
} from './output-table.js'

/** What a model says of one image, row by row, whatever outputs it came in. */
export interface AnswerTables {
  /** Rows that are read; tables may have more. */
  readonly rows: number
  /** Four columns. */
  readonly boxes: Table
  /** A column, or one for each class. */
  readonly scores: Table
  /** Absent where there is a score for each class, and where there is only one. */
  readonly classes?: Table | undefined
  readonly objectness?: Table | undefined
  /** Numbers of the images that rows belong to, where rows of all images come together. */
  readonly images?: Table | undefined
}

/** Numbers that stand in a column of this name; those of `scores` are the rest. */
const WIDTHS: Readonly<Record<Column, number>> = {
  box: 4,
  score: 1,
  class: 1,
  objectness: 1,
  image: 1,
  scores: 1,
}

/** Finds the tables of one image in a model's outputs. Throws `upstream_invalid_response` (502). */
export function readTables(
  outputs: Tensors,
  { outputs: wires, format }: DetectionSignature,
  position: Position,
): AnswerTables {
  const joined = wires.detections
  if (joined !== undefined && format.columns !== undefined) {
    return joinedTables(outputs, joined, format.columns, format, position)
  }
  const read = (name: 'detection_boxes' | 'detection_scores' | 'detection_classes') =>
    readOutput(outputs, wires[name]!)
  const { byClass } = format.scores
  const boxes = tableOf(read('detection_boxes'), position)
  const scoresOutput = read('detection_scores')
  const scores = byClass ? tableOf(scoresOutput, position) : columnOf(scoresOutput, position)
  const classes = byClass ? undefined : columnOf(read('detection_classes'), position)
  const fits = boxes.rows === scores.rows && (classes?.rows ?? scores.rows) === scores.rows
  if (!fits || boxes.columns !== 4) {
    const count = classes === undefined ? 'a score for each class' : `${classes.rows} classes`
    throw invalidAnswer(
      `it holds ${boxes.rows * boxes.columns} box coordinates, ${scores.rows} scores and ${count}`,
    )
  }
  const rows = countRows(outputs, wires.num_detections, scores.rows, position)
  return { rows, boxes, scores, classes }
}

/** Detections the model counts, or as many as it has rows. */
function countRows(
  outputs: Tensors,
  wire: string | undefined,
  rows: number,
  position: Position,
): number {
  if (wire === undefined) return rows
  const value = scalarOf(readOutput(outputs, wire), position)
  if (value === undefined || !Number.isFinite(value) || value < 0) {
    throw invalidAnswer(`${wire} is ${value}`)
  }
  return Math.min(rows, Math.round(value))
}

function joinedTables(
  outputs: Tensors,
  wire: string,
  columns: readonly Column[],
  format: AnswerFormat,
  position: Position,
): AnswerTables {
  const output = readOutput(outputs, wire)
  const table = columns.includes('image')
    ? sharedTableOf(output)
    : upright(tableOf(output, position), columns, format)
  const least = columns.reduce((sum, name) => sum + WIDTHS[name], 0)
  if (table.columns < least) {
    throw invalidAnswer(
      `output ${wire} has shape [${output.shape.join(',')}]; expected rows of ${columns.join(', ')}`,
    )
  }
  const parts: Partial<Record<Column, Table>> = {}
  let at = 0
  for (const name of columns) {
    const width = name === 'scores' ? classColumns(table.columns - at, format) : WIDTHS[name]
    parts[name] = columnsOf(table, at, width)
    at += width
  }
  return {
    rows: table.rows,
    boxes: parts.box!,
    scores: parts.scores ?? parts.score!,
    classes: parts.class,
    objectness: parts.objectness,
    images: parts.image,
  }
}

/** Columns of scores: what is left of them, or as many as the card counts. */
function classColumns(left: number, { scores }: AnswerFormat): number {
  if (scores.classes === undefined) return left
  if (scores.classes <= left) return scores.classes
  throw invalidAnswer(`it holds scores of ${left} classes; the card counts ${scores.classes}`)
}

/**
 * Turns a grid whose boxes are columns: the number of classes tells it where it is known, else it has more boxes than
 * numbers a box.
 */
function upright(
  table: Table,
  columns: readonly Column[],
  { scores, classes }: AnswerFormat,
): Table {
  if (!scores.byClass) return table
  const others = columns.reduce((sum, name) => sum + (name === 'scores' ? 0 : WIDTHS[name]), 0)
  const expected = classes === undefined ? undefined : others + classes
  if (table.columns === expected || table.rows === expected) {
    return table.columns === expected ? table : transpose(table)
  }
  return table.rows < table.columns ? transpose(table) : table
}

import type { Tensors } from '../serving/model-server.js'
import { describeFormat } from '../tasks/detection/answer-format.js'
import { readTables } from '../tasks/detection/answer-tables.js'
import type { DetectionSignature } from '../tasks/detection/detection-signature.js'
import type { Table } from '../tasks/detection/output-table.js'
import type { Candidate } from '../tasks/detection/postprocess.js'
import type { Findings } from './doctor-findings.js'

/** What the numbers of answers are like, over all that were looked at. */
export interface AnswerForm {
  /** Rows with a score. */
  readonly rows: number
  /** Rows whose corners are the wrong way round. */
  readonly inverted: number
  /** The largest number of any box. */
  readonly largest: number
  readonly lowestScore: number
  readonly highestScore: number
}

/** Before anything has been looked at. */
export const NO_ANSWER: AnswerForm = {
  rows: 0,
  inverted: 0,
  largest: 0,
  lowestScore: 0,
  highestScore: 0,
}

function largestOf({ data, start, rowStep, columnStep }: Table, rows: number): number {
  let largest = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < 4; column++) {
      largest = Math.max(largest, data[start + row * rowStep + column * columnStep]!)
    }
  }
  return largest
}

/** Adds one image's answer to what is known. */
export function addAnswer(
  form: AnswerForm,
  outputs: Tensors,
  signature: DetectionSignature,
  candidates: readonly Candidate[],
): AnswerForm {
  const { boxes, rows } = readTables(outputs, signature, { index: 0, count: 1 })
  const isInverted = ({ box }: Candidate) => box.xMin > box.xMax || box.yMin > box.yMax
  const scores = candidates.map(({ score }) => score)
  const found = candidates.filter(({ score }) => score > 0)
  return {
    rows: form.rows + found.length,
    inverted: form.inverted + found.filter(isInverted).length,
    largest: Math.max(form.largest, largestOf(boxes, rows)),
    lowestScore: scores.reduce((lowest, it) => Math.min(lowest, it), form.lowestScore),
    highestScore: scores.reduce((highest, it) => Math.max(highest, it), form.highestScore),
  }
}

/** Rounding and quantization may carry a score this far over the edge. */
const SCORE_SLACK = 0.01
/** Fractions of boxes that stand out of the image are below, and pixels of all but specks above. */
const LARGEST_FRACTION = 2
/** The share of inverted boxes from which they are no accident. */
const INVERTED = 0.2

/** Tells how a model's answers are read, and whether their numbers suit that. */
export function checkForm(
  { name, findings }: { readonly name: string; readonly findings: Findings },
  { format }: DetectionSignature,
  form: AnswerForm,
): void {
  findings.ok(name, `its answers are read as ${describeFormat(format)}`)
  const { lowestScore, highestScore, largest, rows, inverted } = form
  if (lowestScore < -SCORE_SLACK || highestScore > 1 + SCORE_SLACK) {
    findings.warn(
      name,
      `scores go from ${lowestScore.toPrecision(3)} to ${highestScore.toPrecision(3)}: those are no probabilities`,
      'Write "scores": {"activation": "sigmoid"} or "softmax" on the card, or correct its columns',
    )
  }
  const { unit } = format.boxes
  if (unit === 'fraction' && largest > LARGEST_FRACTION) {
    findings.warn(
      name,
      `boxes reach ${largest.toPrecision(3)}, and are read as fractions`,
      'Write "boxes": {"unit": "pixel"} on the card',
    )
  }
  if (unit === 'pixel' && format.boxes.strides === undefined && rows > 0) {
    if (largest <= LARGEST_FRACTION) {
      findings.warn(
        name,
        `boxes reach no more than ${largest.toPrecision(3)}, and are read as pixels`,
        'Write "boxes": {"unit": "fraction"} on the card',
      )
    }
  }
  if (inverted > INVERTED * rows) {
    findings.warn(
      name,
      `of ${rows} boxes ${inverted} end before they begin`,
      'Write their order on the card: "boxes": {"format": "xyxy"}, "yxyx", "xywh" or "cxcywh"',
    )
  }
}

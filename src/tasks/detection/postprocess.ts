import type { Box } from '../../imaging/geometry.js'
import type { Tensors } from '../../serving/model-server.js'
import { type AnswerTables, readTables } from './answer-tables.js'
import { bestClasses } from './best-class.js'
import { createBoxReader, type Frame } from './box-reader.js'
import type { DetectionSignature } from './detection-signature.js'
import { invalidAnswer, type Position, type Table } from './output-table.js'

/** One object as the model found it, in pixels of the upright image, clamped to it. */
export interface Candidate {
  readonly classId: number
  /** 0 to 1. */
  readonly score: number
  readonly box: Box
}

/** What a row says beside its box. */
interface Finding {
  readonly score: number
  readonly classId: number
}

/**
 * Reads the detections of image `index` of `count` out of a model's outputs, in whatever convention its signature and card
 * tell, with or without a batch dimension; boxes are mapped to the upright image. Rows whose score is below `minScore` are
 * left out, which keeps the tens of thousands of boxes of a grid cheap. Throws `upstream_invalid_response` (502) for NaN,
 * infinite numbers and shapes that do not fit each other.
 */
export function readCandidates(
  outputs: Tensors,
  signature: DetectionSignature,
  position: Position,
  image: Frame,
  minScore = Number.NEGATIVE_INFINITY,
): Candidate[] {
  const tables = readTables(outputs, signature, position)
  const { format } = signature
  const boxOf = createBoxReader(tables.boxes, format.boxes, image)
  const findingOf = findings(tables, format.scores)
  const isOther = otherImage(tables.images, position)
  const candidates: Candidate[] = []
  for (let row = 0; row < tables.rows; row++) {
    if (isOther(row)) continue
    const { score, classId } = findingOf(row)
    if (!Number.isFinite(score + classId)) {
      throw invalidAnswer(`detection ${row} has a number that is NaN or infinite`)
    }
    if (score < minScore) continue
    // Beyond these JSON has no exact form, and no card names such a class.
    if (!Number.isSafeInteger(classId)) {
      throw invalidAnswer(`detection ${row} has the class ${classId}`)
    }
    candidates.push({ classId, score, box: boxOf(row) })
  }
  return candidates
}

/** Tells what row says: its own class and score, or the best of all classes. */
function findings(
  tables: AnswerTables,
  format: DetectionSignature['format']['scores'],
): (row: number) => Finding {
  const { scores, classes } = tables
  if (format.byClass) {
    const best = bestClasses(tables, format)
    return (row) => ({ score: best.scores[row]!, classId: best.classIds[row]! })
  }
  return (row) => ({
    score: numberAt(scores, row),
    classId: classes === undefined ? 0 : Math.round(numberAt(classes, row)),
  })
}

/**
 * Tells whether a row belongs to another image of the call. DetectionOutput ends its rows with one of image -1, and what
 * follows belongs to none.
 */
function otherImage(images: Table | undefined, { index }: Position): (row: number) => boolean {
  if (images === undefined) return () => false
  let ended = false
  return (row) => {
    const image = numberAt(images, row)
    ended ||= image < 0
    return ended || image !== index
  }
}

function numberAt({ data, start, rowStep }: Table, row: number): number {
  return data[start + row * rowStep]!
}

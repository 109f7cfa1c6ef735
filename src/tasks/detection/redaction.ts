import type { Box, Size } from '../../imaging/geometry.js'
import type { RedactMode } from '../../imaging/redact.js'
import type { ModelCard } from '../../repository/model-card.js'
import { type FilterOptions, LabelResolver, scoreTest } from './filters.js'
import type { Candidate } from './postprocess.js'

/** A part of the image that is made unrecognizable in its picture. */
export interface Redaction {
  readonly mode: RedactMode
  /** Fractions of the upright image's sides. */
  readonly boxNormalized: Box
}

/** Stands for every label that is not named. */
const EVERY_LABEL = '*'

export interface RedactionOptions extends FilterOptions {
  /** How boxes are redacted by label name, class id, or `*`. */
  readonly redact?: ReadonlyMap<string, RedactMode> | undefined
}

/** Finds what is to be redacted among the detections of one image. */
export type RedactionFilter = (candidates: readonly Candidate[], image: Size) => Redaction[]

/**
 * Makes what finds a request's redactions. Only scores decide beside the labels: what is not among the answer's
 * detections, for a limit or a region, is in the picture all the same. Throws `invalid_parameter` (400) for labels that
 * the model does not have.
 */
export function createRedaction(
  options: RedactionOptions,
  card: ModelCard | undefined,
): RedactionFilter {
  const { redact } = options
  if (redact === undefined) return () => []
  const resolver = new LabelResolver(card?.labels ?? null)
  const modes = new Map<number, RedactMode>()
  for (const [word, mode] of redact) {
    if (word === EVERY_LABEL) continue
    for (const id of resolver.resolve('redact', word)) modes.set(id, mode)
  }
  const reaches = scoreTest(resolver, options, card)
  resolver.refuseUnknown()
  const others = redact.get(EVERY_LABEL)
  return (candidates, { width, height }) =>
    candidates.filter(reaches).flatMap(({ classId, box }) => {
      const mode = modes.get(classId) ?? others
      if (mode === undefined) return []
      const boxNormalized = {
        xMin: box.xMin / width,
        yMin: box.yMin / height,
        xMax: box.xMax / width,
        yMax: box.yMax / height,
      }
      return [{ mode, boxNormalized }]
    })
}

import type { LabelMap, ModelCard } from '../../repository/model-card.js'
import { type SignatureOwner, signatureMismatch } from '../image/input-signature.js'

/** Names of classes by the class id that the model gives. */
export interface ClassNames {
  /** `null` without labels on the card. */
  readonly labels: LabelMap | null
  /** Class ids below this one are background. */
  readonly first: number
}

interface Range {
  readonly lowest: number
  readonly highest: number
}

const shifted = new WeakMap<ModelCard, ClassNames>()
const ranges = new WeakMap<LabelMap, Range>()

/** The names of a classifier's classes: the card's labels, moved by its `label_offset`. */
export function classNames(card: ModelCard | undefined): ClassNames {
  if (card === undefined) return { labels: null, first: 0 }
  const known = shifted.get(card)
  if (known !== undefined) return known
  const { labels, labelOffset = 0 } = card
  const moved =
    labels === null || labelOffset === 0
      ? labels
      : new Map([...labels].map(([id, name]) => [id + labelOffset, name]))
  const names = { labels: moved, first: Math.max(labelOffset, 0) }
  shifted.set(card, names)
  return names
}

function rangeOf(labels: LabelMap): Range {
  const known = ranges.get(labels)
  if (known !== undefined) return known
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const id of labels.keys()) {
    lowest = Math.min(lowest, id)
    highest = Math.max(highest, id)
  }
  const range = { lowest, highest }
  ranges.set(labels, range)
  return range
}

/**
 * Compares the labels with the number of classes that the model gives. Throws `signature_mismatch` where names would
 * stand beside the wrong classes; tells what is only odd.
 */
export function checkClassNames(
  owner: SignatureOwner,
  card: ModelCard | undefined,
  classes: number,
): string | undefined {
  const { labels } = classNames(card)
  if (labels === null || labels.size === 0) return undefined
  const { lowest, highest } = rangeOf(labels)
  const found = `${classes} scores for each image`
  const isList = labels.size === highest - lowest + 1
  const offset = card?.labelOffset ?? 0
  if (highest >= classes || lowest < 0) {
    const fits = isList && labels.size <= classes
    const hint = fits ? ` (label_offset ${offset - lowest} makes the first label class 0)` : ''
    throw signatureMismatch(owner, `labels for classes 0 to ${highest}${hint}`, found)
  }
  const oneMore = isList && lowest === 0 && classes === labels.size + 1
  if (oneMore && card?.labelOffset === undefined) {
    const hint = 'label_offset 1 where class 0 is the background, or label_offset 0'
    throw signatureMismatch(owner, `as many scores as the ${labels.size} labels; ${hint}`, found)
  }
  if (labels.size + Math.max(lowest, 0) >= classes) return undefined
  return `it gives ${classes} scores, and the card names ${labels.size} classes`
}

import { GatewayError } from '../../errors.js'
import type { ModelCard } from '../../repository/model-card.js'
import type { Tensor } from '../../serving/model-server.js'

/** Which image of a call is meant. */
export interface Position {
  readonly index: number
  readonly count: number
}

/** A tensor of a model's answer that makes no sense. */
export function nonsense(output: string, what: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The output "${output}" of the model ${what}`,
  )
}

/** Elements of one image in an output of `[b,C]`, `[b,1,1,C]`, or `[C]` and `[]` of one image; throws for other shapes. */
export function rowOf<T extends Tensor>(
  { shape, data }: T,
  { index, count }: Position,
  output: string,
): T['data'] {
  const width = data.length / count
  const [first, ...rest] = shape
  const isBatch = first === count && rest.slice(0, -1).every((side) => side === 1)
  const isOne = count === 1 && shape.length < 2
  if (!Number.isInteger(width) || width === 0 || !(isBatch || isOne)) {
    throw nonsense(output, `has the shape [${shape}], which is no row for each of ${count} images`)
  }
  return data.slice(index * width, (index + 1) * width) as T['data']
}

/** The numbers of one image, all finite. Throws `upstream_invalid_response` for others. */
export function numbersOf(tensor: Tensor, position: Position, output: string): number[] {
  if (tensor.dtype === 'DT_STRING') throw nonsense(output, 'holds text, no numbers')
  const numbers = Array.from(rowOf(tensor, position, output), Number)
  requireFinite(numbers, output)
  return numbers
}

/** Throws `upstream_invalid_response` where a number is infinite or none. */
export function requireFinite(numbers: readonly number[], output: string): void {
  const wrong = numbers.findIndex((it) => !Number.isFinite(it))
  if (wrong !== -1) throw nonsense(output, `holds ${numbers[wrong]} at ${wrong}, which is no score`)
}

/** How far the probabilities of a softmax may be off 1 together: those of half floats are. */
const SUM_TOLERANCE = 0.01

function areFractions(scores: readonly number[]): boolean {
  return scores.every((score) => score >= 0 && score <= 1)
}

function addUpToOne(scores: readonly number[]): boolean {
  return Math.abs(scores.reduce((sum, score) => sum + score, 0) - 1) <= SUM_TOLERANCE
}

const SOFTMAX_OF_ONE =
  'it gives one number for each image, and softmax of one number is always 1; the card can apply sigmoid ("activation")'

/** Nothing but its card tells a score from a length in metres. */
const ONE =
  'it gives one number for each image, which is read as the score of one class; the card can say that it is a value ("task": "image-regression") or a class ("task": "image-classification")'

/**
 * Why the numbers of all classes do not look like what the card says they are; `undefined` where they do. Nothing is
 * guessed from it: a second softmax turns certainty into noise.
 */
export function suspicion(
  raw: readonly number[],
  card: Pick<ModelCard, 'activation' | 'task'> | undefined,
): string | undefined {
  const activation = card?.activation
  if (raw.length === 1) {
    return activation === 'softmax' ? SOFTMAX_OF_ONE : card?.task === undefined ? ONE : undefined
  }
  const fractions = areFractions(raw)
  const sum = addUpToOne(raw)
  if (activation === 'softmax' && fractions && sum) {
    return 'its scores are probabilities already, and the card applies softmax to them ("activation")'
  }
  if ((activation ?? 'none') === 'none' && !fractions) {
    return 'its scores lie outside 0 to 1 as those of a model without a last activation do; the card can apply softmax or sigmoid ("activation")'
  }
  if (activation === undefined && !sum) {
    return 'its scores do not add up to 1; the card can say that they are meant so ("activation": "none"), or apply softmax'
  }
  return undefined
}

/** Makes scores of what the model gives. */
export function activate(raw: readonly number[], activation: ModelCard['activation']): number[] {
  if (activation === 'sigmoid') return raw.map((it) => 1 / (1 + Math.exp(-it)))
  if (activation !== 'softmax') return [...raw]
  const highest = raw.reduce((most, it) => Math.max(most, it), Number.NEGATIVE_INFINITY)
  const powers = raw.map((it) => Math.exp(it - highest))
  const sum = powers.reduce((total, it) => total + it, 0)
  return powers.map((it) => it / sum)
}

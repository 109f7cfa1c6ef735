import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'
import { readFirst } from '../image/example-signature.js'
import type { SignatureOwner } from '../image/input-signature.js'
import { findFloatOutput } from './float-output.js'
import { type AskedSignature, readAsking } from './read-asking.js'

/** Wire names of a classifier's outputs; `classes` names the class of each score. */
export interface ClassOutputs {
  readonly scores: string
  readonly classes: string | undefined
}

/** What a classifier wants and gives: its signature and its card, merged once and read everywhere. */
export type ClassificationSignature = AskedSignature<ClassOutputs>

/** The usual names of the scores: of probabilities before those of logits, as some models give both. */
const SCORE_NAMES = ['scores', 'probabilities', 'predictions', 'softmax', 'output_0', 'default']
const IDS: readonly string[] = ['DT_STRING', 'DT_INT64', 'DT_INT32']

/** Whether a shape is `[b,C]`, `[b,1,1,C]`, or `[C]` of a model that has no batch. */
function isRowOfClasses(shape: readonly number[], batched: boolean): boolean {
  if (shape.length === 1) return !batched
  return shape.length === 2 || (shape.length === 4 && shape[1] === 1 && shape[2] === 1)
}

/** Whether an output can only be of another task: boxes, masks, and what has no known shape. */
function isForeign({ shape }: TensorInfo, batched: boolean): boolean {
  return shape === null || (shape.length > 1 && !isRowOfClasses(shape, batched))
}

function readScores(
  owner: SignatureOwner,
  signature: Signature,
  batched: boolean,
  card: ModelCard | undefined,
): string {
  return findFloatOutput(owner, signature, card, {
    key: 'scores',
    usual: SCORE_NAMES,
    shapes: '[b,classes]',
    fits: (shape) => isRowOfClasses(shape, batched),
    isClear: (outputs) => !outputs.some((it) => isForeign(it, batched)),
  })
}

/** The output with the class of each score; one class for each image has nothing that the scores do not tell. */
function readClasses(
  { outputs }: Signature,
  batched: boolean,
  card: ModelCard | undefined,
): string | undefined {
  const name = card?.outputs.classes ?? 'classes'
  const info = outputs[name]
  if (info === undefined) return card?.outputs.classes
  const { dtype, shape } = info
  return IDS.includes(dtype) && (shape === null || isRowOfClasses(shape, batched))
    ? name
    : undefined
}

/**
 * Merges a model's signatures and its card into what classification needs to know. Throws `signature_mismatch` (502) that
 * names what was expected and what was found.
 */
export function readClassificationSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): ClassificationSignature {
  const owner = { model, task: 'image classification' }
  return readFirst(owner, signatures, card, (declared) =>
    readAsking(owner, declared, card, {
      method: 'tensorflow/serving/classify',
      other: 'tensorflow/serving/regress',
      purpose: 'classify or predict',
      readOutputs: (signature, batched) => ({
        scores: readScores(owner, signature, batched, card),
        classes: readClasses(signature, batched, card),
      }),
    }),
  )
}

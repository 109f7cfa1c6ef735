import type { ModelCard } from '../../repository/model-card.js'
import type { Signature, TensorInfo } from '../../serving/model-server.js'
import { completeSignature, mayHaveOutput } from '../image/complete-signature.js'
import {
  type Asking,
  exampleFeature,
  readExampleInput,
  readFirst,
  takesExamples,
} from '../image/example-signature.js'
import {
  type InputSignature,
  listNames,
  readInputSignature,
  type SignatureOwner,
  signatureMismatch,
} from '../image/input-signature.js'

/** Wire names of a classifier's outputs; `classes` names the class of each score. */
export interface ClassOutputs {
  readonly scores: string
  readonly classes: string | undefined
}

/** What a classifier wants and gives: its signature and its card, merged once and read everywhere. */
export interface ClassificationSignature extends InputSignature {
  readonly asking: Asking<ClassOutputs>
}

/** The usual names of the scores: of probabilities before those of logits, as some models give both. */
const SCORE_NAMES = ['scores', 'probabilities', 'predictions', 'softmax', 'output_0', 'default']
const FLOATS: readonly string[] = ['DT_FLOAT', 'DT_DOUBLE', 'DT_HALF', 'DT_BFLOAT16']
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
  const outputs = Object.entries(signature.outputs)
  const given = card?.outputs.scores
  if (given !== undefined && mayHaveOutput(signature, given)) return given
  const rows = outputs
    .filter(([, { dtype, shape }]) => {
      const isSure = shape !== null && isRowOfClasses(shape, batched)
      return FLOATS.includes(dtype) && (isSure || (shape === null && card?.task !== undefined))
    })
    .map(([name]) => name)
  const usual = SCORE_NAMES.find((name) => rows.includes(name))
  const scores = usual ?? (rows.length === 1 ? rows[0] : undefined)
  const isClear = card?.task !== undefined || !outputs.some(([, it]) => isForeign(it, batched))
  if (given === undefined && scores !== undefined && isClear) return scores
  const expected = `an output ${given ?? 'of floats [b,classes]'} (the card names it: "outputs": {"scores": ...})`
  throw signatureMismatch(owner, expected, listNames(outputs.map(([name]) => name)))
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

function readOne(
  owner: SignatureOwner,
  declared: Signature,
  card: ModelCard | undefined,
): ClassificationSignature {
  if (takesExamples(declared, 'tensorflow/serving/classify', card)) {
    const input = readExampleInput(owner, declared)
    const asking = { method: 'examples', feature: exampleFeature(card) } as const
    return { ...input, asking }
  }
  if (declared.method === 'tensorflow/serving/regress') {
    throw signatureMismatch(owner, 'a signature to classify or predict', declared.method)
  }
  const signature = completeSignature(declared, card)
  const input = readInputSignature(owner, signature, card)
  const scores = readScores(owner, signature, input.batched, card)
  const classes = readClasses(signature, input.batched, card)
  return { ...input, asking: { method: 'predict', outputs: { scores, classes } } }
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
  return readFirst(owner, signatures, card, (signature) => readOne(owner, signature, card))
}

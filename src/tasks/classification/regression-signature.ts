import type { ModelCard } from '../../repository/model-card.js'
import type { Signature } from '../../serving/model-server.js'
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

/** What a model that gives a number for each image wants and gives. */
export interface RegressionSignature extends InputSignature {
  readonly asking: Asking<string>
}

const VALUE_NAMES = ['value', 'outputs', 'predictions', 'output_0']
const FLOATS: readonly string[] = ['DT_FLOAT', 'DT_DOUBLE', 'DT_HALF', 'DT_BFLOAT16']

/** Whether a shape holds one number for each image: `[b]` or `[b,1]`, or the same without the batch. */
function isNumber(shape: readonly number[], batched: boolean): boolean {
  const inner = batched ? shape.slice(1) : shape
  return (
    (!batched || shape.length > 0) && (inner.length === 0 || (inner.length === 1 && inner[0] === 1))
  )
}

function readValue(
  owner: SignatureOwner,
  signature: Signature,
  batched: boolean,
  card: ModelCard | undefined,
): string {
  const given = card?.outputs.value
  if (given !== undefined && mayHaveOutput(signature, given)) return given
  const outputs = Object.entries(signature.outputs)
  const numbers = outputs
    .filter(([, { dtype, shape }]) => {
      const isSure = shape !== null && isNumber(shape, batched)
      return FLOATS.includes(dtype) && (isSure || (shape === null && card?.task !== undefined))
    })
    .map(([name]) => name)
  const usual = VALUE_NAMES.find((name) => numbers.includes(name))
  const value = usual ?? (numbers.length === 1 ? numbers[0] : undefined)
  // Beside other outputs a number for each image may be anything, such as the number of detections.
  const isClear = card?.task !== undefined || outputs.length === 1
  if (given === undefined && value !== undefined && isClear) return value
  const expected = `an output ${given ?? 'of floats [b] or [b,1]'} (the card names it: "outputs": {"value": ...})`
  throw signatureMismatch(owner, expected, listNames(outputs.map(([name]) => name)))
}

function readOne(
  owner: SignatureOwner,
  declared: Signature,
  card: ModelCard | undefined,
): RegressionSignature {
  if (takesExamples(declared, 'tensorflow/serving/regress', card)) {
    const input = readExampleInput(owner, declared)
    const asking = { method: 'examples', feature: exampleFeature(card) } as const
    return { ...input, asking }
  }
  if (declared.method === 'tensorflow/serving/classify') {
    throw signatureMismatch(owner, 'a signature to regress or predict', declared.method)
  }
  const signature = completeSignature(declared, card)
  const input = readInputSignature(owner, signature, card)
  const outputs = readValue(owner, signature, input.batched, card)
  return { ...input, asking: { method: 'predict', outputs } }
}

/** Merges a model's signatures and its card into what regression needs to know. Throws `signature_mismatch` (502). */
export function readRegressionSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): RegressionSignature {
  const owner = { model, task: 'image regression' }
  return readFirst(owner, signatures, card, (signature) => readOne(owner, signature, card))
}

import type { ModelCard } from '../../repository/model-card.js'
import type { Signature } from '../../serving/model-server.js'
import { readFirst } from '../image/example-signature.js'
import type { SignatureOwner } from '../image/input-signature.js'
import { findFloatOutput } from './float-output.js'
import { type AskedSignature, readAsking } from './read-asking.js'

/** What a model that gives a number for each image wants and gives: the wire name of that number. */
export type RegressionSignature = AskedSignature<string>

const VALUE_NAMES = ['value', 'outputs', 'predictions', 'output_0']

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
  return findFloatOutput(owner, signature, card, {
    key: 'value',
    usual: VALUE_NAMES,
    shapes: '[b] or [b,1]',
    fits: (shape) => isNumber(shape, batched),
    // Beside other outputs a number for each image may be anything, such as the number of detections.
    isClear: (outputs) => outputs.length === 1,
  })
}

/** Merges a model's signatures and its card into what regression needs to know. Throws `signature_mismatch` (502). */
export function readRegressionSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): RegressionSignature {
  const owner = { model, task: 'image regression' }
  return readFirst(owner, signatures, card, (declared) =>
    readAsking(owner, declared, card, {
      method: 'tensorflow/serving/regress',
      other: 'tensorflow/serving/classify',
      purpose: 'regress or predict',
      readOutputs: (signature, batched) => readValue(owner, signature, batched, card),
    }),
  )
}

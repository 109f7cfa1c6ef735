import type { ModelCard } from '../../repository/model-card.js'
import type { Signature } from '../../serving/model-server.js'
import { completeSignature } from '../image/complete-signature.js'
import {
  type Asking,
  type ExampleMethod,
  exampleFeature,
  readExampleInput,
  takesExamples,
} from '../image/example-signature.js'
import {
  type InputSignature,
  readInputSignature,
  type SignatureOwner,
  signatureMismatch,
} from '../image/input-signature.js'

/** A model's input, and how it is asked for these outputs. */
export interface AskedSignature<Outputs> extends InputSignature {
  readonly asking: Asking<Outputs>
}

/** A task that has a method of its own beside Predict. */
export interface MethodTask<Outputs> {
  readonly method: ExampleMethod
  /** The other task's method, whose signatures are refused. */
  readonly other: ExampleMethod
  /** What a signature must be for, in words. */
  readonly purpose: string
  /** Reads the outputs that Predict is asked for. Throws `signature_mismatch` (502). */
  readOutputs(signature: Signature, batched: boolean): Outputs
}

/** Reads one signature for a task, by its own method or by Predict. Throws `signature_mismatch` (502). */
export function readAsking<Outputs>(
  owner: SignatureOwner,
  declared: Signature,
  card: ModelCard | undefined,
  task: MethodTask<Outputs>,
): AskedSignature<Outputs> {
  if (takesExamples(declared, task.method, card)) {
    const input = readExampleInput(owner, declared)
    return { ...input, asking: { method: 'examples', feature: exampleFeature(card) } }
  }
  if (declared.method === task.other) {
    throw signatureMismatch(owner, `a signature to ${task.purpose}`, declared.method)
  }
  const signature = completeSignature(declared, card)
  const input = readInputSignature(owner, signature, card)
  const outputs = task.readOutputs(signature, input.batched)
  return { ...input, asking: { method: 'predict', outputs } }
}

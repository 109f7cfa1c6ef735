import type { ModelCard } from '../../repository/model-card.js'
import type { Signature } from '../../serving/model-server.js'
import { mayHaveOutput } from '../image/complete-signature.js'
import {
  chooseSignature,
  type InputSignature,
  listNames,
  readInputSignature,
  type SignatureOwner,
  signatureMismatch,
} from '../image/input-signature.js'

/** Outputs that are read, by their names in the TensorFlow Object Detection API. */
export type OutputName =
  | 'detection_boxes'
  | 'detection_scores'
  | 'detection_classes'
  | 'num_detections'

const REQUIRED_OUTPUTS = ['detection_boxes', 'detection_scores', 'detection_classes'] as const

/** What a detection model wants and gives: its signature and its card, merged once and read everywhere. */
export interface DetectionSignature extends InputSignature {
  /** Wire names of the outputs to ask for; `num_detections` may be missing. */
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>
}

function chooseOutputs(
  owner: SignatureOwner,
  signature: Signature,
  card: ModelCard | undefined,
): Partial<Record<OutputName, string>> {
  const outputs: Partial<Record<OutputName, string>> = {}
  for (const name of [...REQUIRED_OUTPUTS, 'num_detections'] as const) {
    const override = card?.outputs[name]
    const wire = override ?? name
    // What a server does not declare is asked for where no answer can do without it, or the card names it.
    const wanted = name !== 'num_detections' || override !== undefined
    if (wire in signature.outputs || (wanted && mayHaveOutput(signature, wire))) {
      outputs[name] = wire
    } else if (name !== 'num_detections') {
      const found = listNames(Object.keys(signature.outputs))
      throw signatureMismatch(owner, `an output ${wire}`, found)
    }
  }
  return outputs
}

/**
 * Merges a model's signature and its card into what detection needs to know. Throws `signature_mismatch` (502) that
 * names what was expected and what was found.
 */
export function readDetectionSignature(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): DetectionSignature {
  const owner = { model, task: 'object detection' }
  const signature = chooseSignature(owner, signatures, card)
  const input = readInputSignature(owner, signature, card)
  return { ...input, outputs: chooseOutputs(owner, signature, card) }
}

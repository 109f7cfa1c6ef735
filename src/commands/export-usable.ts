import { GatewayError } from '../errors.js'
import type { SignatureSummary } from '../export/written-version.js'
import type { ModelCard } from '../repository/model-card.js'
import { readDetectionSignature } from '../tasks/detection/detection-signature.js'
import { toSignatures } from './export-warm-up.js'

/** Tells, as at most one note, why the gateway could not detect with a model as its signature and card are. */
export function signatureNote(
  name: string,
  signatures: readonly SignatureSummary[],
  card: ModelCard | undefined,
): string[] {
  try {
    readDetectionSignature(name, toSignatures(signatures), card)
    return []
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return [`TF-Serving can serve it, but the gateway cannot detect with it yet: ${error.message}`]
  }
}

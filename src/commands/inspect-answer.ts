import { GatewayError } from '../errors.js'
import type { SignatureSummary } from '../export/written-version.js'
import { describeFormat } from '../tasks/detection/answer-format.js'
import { readDetectionSignature } from '../tasks/detection/detection-signature.js'
import { toSignatures } from './export-warm-up.js'

/**
 * Tells, as at most one sentence, how the gateway reads what a model answers where no card says otherwise. Of what is no
 * detector nothing is told.
 */
export function answerNote(signatures: readonly SignatureSummary[]): string[] {
  try {
    const { name, format } = readDetectionSignature('', toSignatures(signatures), undefined)
    return [`Without a card, what ${name} answers is read as ${describeFormat(format)}.`]
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return []
  }
}

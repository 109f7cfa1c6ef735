import { GatewayError } from '../errors.js'
import type { SignatureSummary } from '../export/written-version.js'
import { describeFormat } from '../tasks/detection/answer-format.js'
import { readModel } from '../tasks/model-task.js'
import { toSignatures } from './export-warm-up.js'

/**
 * Tells, as at most one sentence, how the gateway reads what a model answers where no card says otherwise. Of what does
 * none of its tasks nothing is told.
 */
export function answerNote(signatures: readonly SignatureSummary[]): string[] {
  try {
    const { task, signature } = readModel('', toSignatures(signatures), undefined)
    if ('format' in signature) {
      const { name, format } = signature
      return [`Without a card, what ${name} answers is read as ${describeFormat(format)}.`]
    }
    const route = task === 'image-regression' ? '/v1/regress' : '/v1/classify'
    return [`Without a card, ${signature.name} is one of ${task.replaceAll('-', ' ')}: ${route}.`]
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return []
  }
}

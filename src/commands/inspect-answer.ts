import { GatewayError } from '../errors.js'
import type { SignatureSummary } from '../export/written-version.js'
import type { ClassificationSignature } from '../tasks/classification/classification-signature.js'
import type { RegressionSignature } from '../tasks/classification/regression-signature.js'
import { describeFormat } from '../tasks/detection/answer-format.js'
import { readModel } from '../tasks/model-task.js'
import { toSignatures } from './export-warm-up.js'

const ONE =
  'It gives one number for each image: where that is a value and no score, "task": "image-regression" on the card says so.'

/** Whether a signature that reads as a classifier's gives a single score. */
function givesOne(
  summaries: readonly SignatureSummary[],
  { name, asking }: ClassificationSignature | RegressionSignature,
): boolean {
  if (asking.method !== 'predict' || typeof asking.outputs === 'string') return false
  const { scores } = asking.outputs
  const summary = summaries.find((it) => it.name === name)
  return summary?.outputs.find((it) => it.name === scores)?.shape?.at(-1) === 1
}

/**
 * Tells, as at most one note, how the gateway reads what a model answers where no card says otherwise. Of what does
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
    const note = `Without a card, ${signature.name} is one of ${task.replaceAll('-', ' ')}: ${route}.`
    return givesOne(signatures, signature) ? [`${note} ${ONE}`] : [note]
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return []
  }
}

import { GatewayError } from '../errors.js'
import type { SignatureSummary } from '../export/written-version.js'
import type { CardTask, ModelCard } from '../repository/model-card.js'
import { readModel } from '../tasks/model-task.js'
import { toSignatures } from './export-warm-up.js'

/** Tells what a model does, by its signatures; `undefined` where they fit no task. */
export function taskOf(
  name: string,
  signatures: readonly SignatureSummary[],
): CardTask | undefined {
  try {
    return readModel(name, toSignatures(signatures), undefined).task
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return undefined
  }
}

/** Tells, as at most one note, why the gateway could not ask a model as its signature and card are. */
export function signatureNote(
  name: string,
  signatures: readonly SignatureSummary[],
  card: ModelCard | undefined,
): string[] {
  try {
    readModel(name, toSignatures(signatures), card)
    return []
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return [`TF-Serving can serve it, but the gateway cannot ask it yet: ${error.message}`]
  }
}

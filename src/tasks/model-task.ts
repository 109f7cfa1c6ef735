import { GatewayError } from '../errors.js'
import type { CardTask, ModelCard } from '../repository/model-card.js'
import type { Signature } from '../serving/model-server.js'
import { readClassificationSignature } from './classification/classification-signature.js'
import { readRegressionSignature } from './classification/regression-signature.js'
import { readDetectionSignature } from './detection/detection-signature.js'

/** How the signatures of each task are read, in the order in which an unknown model is tried. */
const READERS = {
  'object-detection': readDetectionSignature,
  'image-classification': readClassificationSignature,
  'image-regression': readRegressionSignature,
} as const satisfies Record<CardTask, unknown>

const ROUTES: Readonly<Record<CardTask, string>> = {
  'object-detection': '/v1/detect',
  'image-classification': '/v1/classify',
  'image-regression': '/v1/regress',
}

/** What the signature of a task is once it is read. */
export type TaskSignature<T extends CardTask> = ReturnType<(typeof READERS)[T]>

/** A model whose task is known. */
export interface KnownModel {
  readonly task: CardTask
  readonly signature: TaskSignature<CardTask>
}

function isMismatch(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'signature_mismatch'
}

/**
 * Tells what a model does and how it is asked: by its card, else by the first task that its signatures can be read for.
 * Throws `signature_mismatch` (502) of that task, or of object detection where they fit none.
 */
export function readModel(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): KnownModel {
  if (card?.task !== undefined) {
    return { task: card.task, signature: READERS[card.task](model, signatures, card) }
  }
  let refusal: unknown
  for (const [task, read] of Object.entries(READERS) as [CardTask, (typeof READERS)[CardTask]][]) {
    try {
      return { task, signature: read(model, signatures, card) }
    } catch (error) {
      if (!isMismatch(error)) throw error
      refusal ??= error
    }
  }
  throw refusal
}

/**
 * Reads a model for one task. Throws `task_mismatch` (400) that names the right route where its card or its signatures say
 * another task, and `signature_mismatch` (502) where they fit none.
 */
export function readAs<T extends CardTask>(
  task: T,
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): TaskSignature<T> {
  if (card?.task !== undefined && card.task !== task) throw taskMismatch(model, card.task)
  try {
    return READERS[task](model, signatures, card) as TaskSignature<T>
  } catch (error) {
    if (card?.task !== undefined || !isMismatch(error)) throw error
    const other = otherTask(model, signatures, card)
    throw other === undefined ? error : taskMismatch(model, other)
  }
}

function otherTask(
  model: string,
  signatures: ReadonlyMap<string, Signature>,
  card: ModelCard | undefined,
): CardTask | undefined {
  try {
    return readModel(model, signatures, card).task
  } catch {
    return undefined
  }
}

function taskMismatch(model: string, task: CardTask): GatewayError {
  return new GatewayError(
    'task_mismatch',
    `Model "${model}" does ${task.replaceAll('-', ' ')}; send the image to ${ROUTES[task]}, or set "task" on its card`,
  )
}

import { GatewayError } from '../errors.js'
import type { CardTask } from '../repository/model-card.js'
import type { ModelSelector } from '../serving/model-server.js'
import type { Classifier } from './classification/classifier.js'
import type { Regressor } from './classification/regressor.js'
import type { Detector } from './detection/detector.js'
import { warmUp } from './image/warm-up.js'
import type { ModelCatalog } from './model-catalog.js'
import type { Predictor } from './prediction/predictor.js'

/** What answers for models of each task, and for those of none. */
export interface Tasks {
  readonly detector: Detector
  readonly classifier: Classifier
  readonly regressor: Regressor
  readonly predictor: Predictor
}

/** What a model does; the refusal where its signatures fit no task and its card names none. */
async function taskOrRefusal(
  catalog: ModelCatalog,
  selector: ModelSelector,
  timeoutMs: number,
): Promise<CardTask | GatewayError> {
  try {
    return await catalog.task(selector, { deadline: Date.now() + timeoutMs })
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'signature_mismatch') return error
    throw error
  }
}

/**
 * Warms a model up as its task asks it, and one of no task by its bare outputs, which is all that it can be asked for.
 * Throws what the task throws, and `signature_mismatch` for a model that takes no image.
 */
export async function warmUpModel(
  { detector, classifier, regressor, predictor }: Tasks,
  catalog: ModelCatalog,
  selector: ModelSelector,
  timeoutMs: number,
): Promise<void> {
  const task = await taskOrRefusal(catalog, selector, timeoutMs)
  if (task instanceof GatewayError) {
    return warmUp(predictor, selector, timeoutMs).catch((error) => {
      // That of the tasks tells more of what a model may be than that of bare outputs.
      throw error instanceof GatewayError && error.code === task.code ? task : error
    })
  }
  switch (task) {
    case 'object-detection':
      return warmUp(detector, selector, timeoutMs)
    case 'image-classification':
      return warmUp(classifier, selector, timeoutMs)
    case 'image-regression':
      return warmUp(regressor, selector, timeoutMs)
  }
}

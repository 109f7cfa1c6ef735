import type { ModelSelector } from '../serving/model-server.js'
import type { Classifier } from './classification/classifier.js'
import type { Regressor } from './classification/regressor.js'
import type { Detector } from './detection/detector.js'
import { warmUp } from './image/warm-up.js'
import type { ModelCatalog } from './model-catalog.js'

/** What answers for models of each task. */
export interface Tasks {
  readonly detector: Detector
  readonly classifier: Classifier
  readonly regressor: Regressor
}

/** Warms a model up as its task asks it. Throws what the task throws, and `signature_mismatch` for a model of no task. */
export async function warmUpModel(
  { detector, classifier, regressor }: Tasks,
  catalog: ModelCatalog,
  selector: ModelSelector,
  timeoutMs: number,
): Promise<void> {
  switch (await catalog.task(selector, { deadline: Date.now() + timeoutMs })) {
    case 'object-detection':
      return warmUp(detector, selector, timeoutMs)
    case 'image-classification':
      return warmUp(classifier, selector, timeoutMs)
    case 'image-regression':
      return warmUp(regressor, selector, timeoutMs)
  }
}

import type { ModelSelector } from '../../serving/model-server.js'
import { startDeadline } from '../deadline.js'
import type { ImagePlan, ImageRequest } from './image-job.js'
import { answerJob, type ImageTask } from './image-task.js'

/** A 64 x 64 grey PNG: small enough for any limit, and every model resizes it. */
const GREY_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAS0lEQVRo3u3PMQ0AAAwDoEqv9ErYvQQckD4XAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAYHLAB8+AWkItYjrAAAAAElFTkSuQmCC',
  'base64',
)

/** Whose turn it is where warming up waits with others. */
const WARMER = 'warm-up'

/**
 * Runs one made-up grey image through a model, so that no client waits for the first call of a cold one (TensorFlow
 * plans its graph then). Takes no place in the queue. Throws what the task throws.
 */
export async function warmUp<Plan extends ImagePlan, Result>(
  task: ImageTask<ImageRequest, Plan, Result>,
  selector: ModelSelector,
  timeoutMs: number,
): Promise<void> {
  const deadline = startDeadline(timeoutMs, new AbortController().signal)
  try {
    const job = await task.pipeline.open(GREY_PNG, deadline)
    await answerJob(task, job, { selector, client: WARMER }, deadline)
  } finally {
    deadline.clear()
  }
}

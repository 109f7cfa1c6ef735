import type { Deadline } from '../deadline.js'
import { askExamples } from '../image/ask-examples.js'
import {
  type ImageFacts,
  type ImagePlan,
  type ImageRequest,
  imageFacts,
  type PreparedJob,
} from '../image/image-job.js'
import type { ImagePipeline } from '../image/image-pipeline.js'
import type { ImageTask } from '../image/image-task.js'
import type { Timings } from '../image/stopwatch.js'
import { readAs } from '../model-task.js'
import type { RegressionSignature } from './regression-signature.js'
import { nonsense, numbersOf, requireFinite } from './scores.js'

/** A model of numbers as one request sees it. */
export interface RegressionPlan extends ImagePlan {
  readonly signature: RegressionSignature
}

/** The number of one image. */
export interface RegressionResult {
  readonly model: { readonly name: string; readonly version: string; readonly signature: string }
  readonly image: ImageFacts
  readonly value: number
  readonly timingsMs: Timings
}

/** Gives a number for each image. */
export class Regressor implements ImageTask<ImageRequest, RegressionPlan, RegressionResult> {
  readonly pipeline: ImagePipeline

  constructor(pipeline: ImagePipeline) {
    this.pipeline = pipeline
  }

  /** Throws `task_mismatch` (400) for a model of another task. */
  withPlan<T>(
    options: ImageRequest,
    deadline: Deadline,
    work: (plan: RegressionPlan) => Promise<T>,
  ): Promise<T> {
    const { model } = options.selector
    return this.pipeline.withSignatures({ options, deadline }, async (signatures, card) => {
      const signature = readAs('image-regression', model, signatures, card)
      return work({ options, deadline, signature, card })
    })
  }

  async predict(jobs: readonly PreparedJob[], plan: RegressionPlan): Promise<RegressionResult[]> {
    const { version, values } = await this.#ask(jobs, plan)
    return jobs.map((job, index) => {
      this.pipeline.finish(job, plan)
      return {
        model: { name: plan.options.selector.model, version, signature: plan.signature.name },
        image: imageFacts(job.header),
        value: values[index]!,
        timingsMs: job.stopwatch.timings(),
      }
    })
  }

  async #ask(
    jobs: readonly PreparedJob[],
    plan: RegressionPlan,
  ): Promise<{ readonly version: string; readonly values: readonly number[] }> {
    const { asking } = plan.signature
    if (asking.method === 'examples') {
      const answer = await askExamples('regress', this.pipeline.calls, jobs, plan, asking.feature)
      requireFinite(answer.values, 'outputs')
      return answer
    }
    const output = asking.outputs
    const { version, outputs } = await this.pipeline.calls.predict(jobs, plan, [output])
    const values = jobs.map((_, index) => {
      const numbers = numbersOf(outputs[output]!, { index, count: jobs.length }, output)
      if (numbers.length !== 1) throw nonsense(output, `holds ${numbers.length} numbers an image`)
      return numbers[0]!
    })
    return { version, values }
  }
}

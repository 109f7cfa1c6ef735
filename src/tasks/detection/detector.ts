import type { Tensors } from '../../serving/model-server.js'
import type { Deadline } from '../deadline.js'
import {
  type ImagePlan,
  type ImageRequest,
  imageFacts,
  type PreparedJob,
} from '../image/image-job.js'
import type { ImagePipeline } from '../image/image-pipeline.js'
import type { ImageTask } from '../image/image-task.js'
import { type DetectionSignature, readDetectionSignature } from './detection-signature.js'
import { createFilter, type Filter } from './filters.js'
import { readCandidates } from './postprocess.js'
import { createRedaction, type RedactionFilter, type RedactionOptions } from './redaction.js'
import { type DetectionResult, toDetections } from './result.js'

/** What is asked of the detector for one image or one batch. */
export interface DetectOptions extends RedactionOptions, ImageRequest {}

/** A detection model as one request sees it, with the filter for its answers. */
export interface DetectionPlan extends ImagePlan {
  readonly signature: DetectionSignature
  readonly filter: Filter
  readonly redaction: RedactionFilter
}

/** Finds the objects in images. */
export class Detector implements ImageTask<DetectOptions, DetectionPlan, DetectionResult> {
  readonly pipeline: ImagePipeline

  constructor(pipeline: ImagePipeline) {
    this.pipeline = pipeline
  }

  /** Throws what the filters throw (400) before the model server is asked for anything. */
  async withPlan<T>(
    options: DetectOptions,
    deadline: Deadline,
    work: (plan: DetectionPlan) => Promise<T>,
  ): Promise<T> {
    const { model } = options.selector
    const known = this.pipeline.card(model)
    const filter = createFilter(options, known)
    const redaction = createRedaction(options, known)
    return this.pipeline.withSignatures({ options, deadline }, async (signatures, card) => {
      const signature = readDetectionSignature(model, signatures, card)
      return work({ options, deadline, signature, card, filter, redaction })
    })
  }

  async predict(jobs: readonly PreparedJob[], plan: DetectionPlan): Promise<DetectionResult[]> {
    const wanted = Object.values(plan.signature.outputs)
    const { version, outputs } = await this.pipeline.predict(jobs, plan, wanted)
    return jobs.map((job, index) =>
      this.#result(job, plan, version, outputs, { index, count: jobs.length }),
    )
  }

  #result(
    job: PreparedJob,
    plan: DetectionPlan,
    version: string,
    outputs: Tensors,
    position: { index: number; count: number },
  ): DetectionResult {
    const { header, input, stopwatch } = job
    const { signature, filter, redaction, card } = plan
    const candidates = readCandidates(outputs, signature, position, {
      size: header,
      tensor: input.size,
      transform: input.transform,
    })
    const detections = toDetections(filter(candidates, header), header, card?.labels ?? null)
    this.pipeline.finish(job, plan)
    return {
      model: { name: plan.options.selector.model, version, signature: signature.name },
      image: imageFacts(header),
      detections,
      redactions: redaction(candidates, header),
      timingsMs: stopwatch.timings(),
    }
  }
}

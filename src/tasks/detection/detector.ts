import { GatewayError } from '../../errors.js'
import type { Tensors } from '../../serving/model-server.js'
import type { Deadline } from '../deadline.js'
import {
  type ImagePlan,
  type ImageRequest,
  imageFacts,
  type ModelView,
  type PreparedJob,
} from '../image/image-job.js'
import type { ImagePipeline } from '../image/image-pipeline.js'
import type { ImageTask } from '../image/image-task.js'
import { askInCalls } from '../image/view-calls.js'
import { readAs } from '../model-task.js'
import type { Frame } from './box-reader.js'
import type { DetectionSignature } from './detection-signature.js'
import { createFilter, type Filter, lowestScore } from './filters.js'
import { mergeViews } from './merge-views.js'
import type { Position } from './output-table.js'
import { type Candidate, readCandidates } from './postprocess.js'
import { createRedaction, type RedactionFilter, type RedactionOptions } from './redaction.js'
import { type DetectionResult, toDetections } from './result.js'
import { withoutDuplicates } from './suppression.js'
import { chooseTiles, DEFAULT_OVERLAP, type TileOptions } from './tiles.js'

/** What is asked of the detector for one image or one batch. */
export interface DetectOptions extends RedactionOptions, ImageRequest {
  /** Unless given, the model sees the whole image alone. */
  readonly tiles?: TileOptions['tiles'] | undefined
  /** Part of a tile that its neighbour shows too, 0 to 0.5. */
  readonly overlap?: number | undefined
}

/** A detection model as one request sees it, with the filter for its answers. */
export interface DetectionPlan extends ImagePlan {
  readonly signature: DetectionSignature
  readonly filter: Filter
  /** What scores lower is not read. */
  readonly minScore: number
  /** Overlap from which a network's own duplicates are dropped, where the request or the card says. */
  readonly iouThreshold: number | undefined
  readonly redaction: RedactionFilter
}

/** What a version of the model found in one image or view. */
interface Finding {
  readonly version: string
  readonly candidates: readonly Candidate[]
  /** All that its views show, parts of objects among it, where there are several: more must not be seen than is counted. */
  readonly parts?: readonly Candidate[]
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
      const signature = readAs('object-detection', model, signatures, card)
      const minScore = lowestScore(options, known)
      const iouThreshold = options.iouThreshold ?? known?.defaults.iouThreshold
      const { tiles, overlap = DEFAULT_OVERLAP } = options
      const chooseViews = tiles && chooseTiles({ tiles, overlap })
      const asked = { options, deadline, filter, redaction, minScore, iouThreshold, chooseViews }
      return work({ ...asked, signature, card })
    })
  }

  async predict(jobs: readonly PreparedJob[], plan: DetectionPlan): Promise<DetectionResult[]> {
    const [job] = jobs
    if (job?.views !== undefined) return [await this.#predictViews(job, job.views, plan)]
    const findings = await this.#find(jobs, plan)
    return jobs.map((it, index) => this.#result(it, plan, findings[index]!))
  }

  /** Asks about each view, and puts together what was found in them. */
  async #predictViews(
    job: PreparedJob,
    views: readonly ModelView[],
    plan: DetectionPlan,
  ): Promise<DetectionResult> {
    const inputs = views.map(({ input }) => ({ ...job, input }))
    const ask = (some: readonly PreparedJob[]) => this.#find(some, plan)
    const findings = await askInCalls(inputs, plan.signature.maxBatch, ask).catch(
      (error: unknown) => {
        throw namingViews(error, views.length)
      },
    )
    const found = findings.map(({ candidates }, index) => ({
      region: views[index]!.region,
      candidates,
    }))
    // While one version takes over from another, both may have answered: all that they found counts, and one is named.
    const { version } = findings[0]!
    const parts = findings.flatMap(({ candidates }) => candidates)
    return this.#result(job, plan, { version, candidates: mergeViews(found, job.header), parts })
  }

  /** Asks about images of one size in one call. */
  async #find(jobs: readonly PreparedJob[], plan: DetectionPlan): Promise<Finding[]> {
    const wanted = Object.values(plan.signature.outputs)
    const { version, outputs } = await this.pipeline.calls.predict(jobs, plan, wanted)
    return jobs.map(({ header, input }, index) => {
      const frame = { size: header, tensor: input.size, transform: input.transform }
      const position = { index, count: jobs.length }
      return { version, candidates: findObjects(plan, outputs, position, frame) }
    })
  }

  #result(job: PreparedJob, plan: DetectionPlan, found: Finding): DetectionResult {
    const { header, stopwatch } = job
    const { version, candidates, parts = candidates } = found
    const { filter, redaction, card } = plan
    const detections = toDetections(filter(candidates, header), header, card?.labels ?? null)
    this.pipeline.finish(job, plan)
    return {
      model: { name: plan.options.selector.model, version, signature: plan.signature.name },
      image: imageFacts(header),
      detections,
      redactions: redaction(parts, header),
      timingsMs: stopwatch.timings(),
    }
  }
}

/** An error as it is, but time that is up with what took it. */
function namingViews(error: unknown, views: number): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'deadline_exceeded') return error
  const detail = `${error.message}; the model was asked about the image in ${views} views (fewer tiles take less time)`
  return new GatewayError(error.code, detail, { cause: error })
}

/** Reads what the model found, each object once where the model leaves that to others. */
function findObjects(
  { signature, minScore, iouThreshold }: DetectionPlan,
  outputs: Tensors,
  position: Position,
  frame: Frame,
): readonly Candidate[] {
  const candidates = readCandidates(outputs, signature, position, frame, minScore)
  if (!signature.format.scores.byClass) return candidates
  return withoutDuplicates(candidates, iouThreshold)
}

import { GatewayError } from '../../errors.js'
import { decodePicture } from '../../imaging/decode.js'
import type { RgbImage } from '../../imaging/geometry.js'
import { type ImageHeader, readHeader } from '../../imaging/header.js'
import type { Slots } from '../../imaging/slots.js'
import type { ModelCard } from '../../repository/model-card.js'
import type {
  CallOptions,
  ModelSelector,
  ModelServer,
  Prediction,
  Tensors,
} from '../../serving/model-server.js'
import type { SignatureCache } from '../../serving/signature-cache.js'
import type { Deadline } from '../deadline.js'
import { type DetectionSignature, readDetectionSignature } from './detection-signature.js'
import { createFilter, type Filter, type FilterOptions } from './filters.js'
import { KeptPictures } from './kept-pictures.js'
import { type ModelInput, prepareInput, toInputTensor } from './model-input.js'
import { readCandidates } from './postprocess.js'
import { type DetectionResult, toDetections } from './result.js'
import { type Stage, Stopwatch } from './stopwatch.js'

/** Where the detector finds a model's card. */
export interface CardSource {
  card(model: string): ModelCard | undefined
}

export interface DetectorOptions {
  readonly server: ModelServer
  readonly signatures: SignatureCache
  readonly cards: CardSource
  readonly slots: Slots
  /** Most pixels (width times height) of one image. */
  readonly maxImagePixels: number
  /** Longest side in pixels sent where neither card nor signature says; 0 sends all. */
  readonly wireMaxSide: number
  /** Told how many seconds each stage of each image took. */
  readonly observe?: (stage: Stage | 'annotate', model: string, seconds: number) => void
}

/** What is asked of the detector for one image or one batch. */
export interface DetectOptions extends FilterOptions {
  readonly selector: ModelSelector
  /** W3C trace context, sent on to the model server. */
  readonly traceparent?: string | undefined
}

/** A model as one request sees it: its signature, its card, and the filter for its answers. */
export interface Plan {
  readonly options: DetectOptions
  readonly deadline: Deadline
  readonly signature: DetectionSignature
  readonly card: ModelCard | undefined
  readonly filter: Filter
}

/** An image on its way through the stages. */
export interface Job {
  readonly upload: Buffer
  readonly header: ImageHeader
  readonly stopwatch: Stopwatch
  /** Whether the whole picture is kept where the tensor can be made of it. */
  readonly keepPicture?: boolean
}

/** What was found in an image, and its picture where it was kept. */
export interface Detected {
  readonly result: DetectionResult
  readonly picture: RgbImage | undefined
}

/** An image decoded for the model. */
export interface PreparedJob extends Job {
  readonly input: ModelInput
}

function isRejected(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'upstream_rejected'
}

/** The whole path of an image, top to bottom: header, decode, predict, post-process. */
export class Detector {
  readonly #options: DetectorOptions
  readonly #kept = new KeptPictures()

  constructor(options: DetectorOptions) {
    this.#options = options
  }

  /** Takes one of the bounded places for a request, or throws `queue_full` (429). Call the result when it has ended. */
  enter(): () => void {
    return this.#options.slots.enter()
  }

  /** Reads an upload's header (415, 422) and starts its clock. */
  async open(upload: Buffer): Promise<Job> {
    const stopwatch = new Stopwatch()
    const header = await readHeader(upload, this.#options.maxImagePixels)
    stopwatch.lap('decode')
    return { upload, header, stopwatch }
  }

  /** Detects the objects in one opened image. */
  async detect(job: Job, options: DetectOptions, deadline: Deadline): Promise<Detected> {
    return this.withPlan(options, deadline, async (plan) => {
      const prepared = await this.prepare(job, plan)
      const [result] = await this.predict([prepared], plan)
      return { result: result!, picture: prepared.input.picture }
    })
  }

  /** Runs `work` on a job whose picture is kept for drawing, where there is room to keep it. */
  async keepingPicture<T>(job: Job, work: (job: Job) => Promise<T>): Promise<T> {
    const { width, height } = job.header
    const free = this.#kept.reserve(3 * width * height)
    try {
      return await work({ ...job, keepPicture: free !== undefined })
    } finally {
      free?.()
    }
  }

  /** Runs one step of work on pixels in a slot. */
  inSlot<T>(deadline: Deadline, step: () => Promise<T>): Promise<T> {
    return this.#options.slots.run(step, deadline.signal)
  }

  /**
   * Runs `work` with the model's signature. When the server refuses a request in a way that a changed signature would
   * explain, the signature is read again and the work is done once more, so that a roll-out loses nothing.
   */
  withPlan<T>(
    options: DetectOptions,
    deadline: Deadline,
    work: (plan: Plan) => Promise<T>,
  ): Promise<T> {
    const card = this.#options.cards.card(options.selector.model)
    const filter = createFilter(options, card)
    const call = this.#call(options, deadline)
    return this.#options.signatures.use(options.selector, call, async ({ signatures }) => {
      const signature = readDetectionSignature(options.selector.model, signatures, card)
      return work({ options, deadline, signature, card, filter })
    })
  }

  #call(options: DetectOptions, deadline: Deadline): CallOptions {
    return { deadline: deadline.at, signal: deadline.signal, traceparent: options.traceparent }
  }

  /** Tells how long it took to draw and encode an image's picture. */
  observeAnnotate(model: string, seconds: number): void {
    this.#options.observe?.('annotate', model, seconds)
  }

  /** Decodes an image for the model, in a slot. */
  async prepare(job: Job, plan: Plan): Promise<PreparedJob> {
    // What has passed since the image was opened went into asking the model server for the signature.
    job.stopwatch.lap('predict')
    const input = await this.inSlot(plan.deadline, () => {
      job.stopwatch.lap('queue')
      const options = {
        signature: plan.signature,
        card: plan.card?.input ?? {},
        wireMaxSide: this.#options.wireMaxSide,
        keepPicture: job.keepPicture ?? false,
      }
      return prepareInput(job.upload, job.header, options, plan.deadline.remaining())
    })
    job.stopwatch.lap('decode')
    return { ...job, input }
  }

  /** Sends images of one size in one call and reads their detections, in their order. */
  async predict(jobs: readonly PreparedJob[], plan: Plan): Promise<DetectionResult[]> {
    const prediction = await this.#predict(jobs, plan)
    return jobs.map((job, index) => {
      job.stopwatch.lap('predict')
      return this.#result(job, plan, prediction.version, prediction.outputs, {
        index,
        count: jobs.length,
      })
    })
  }

  async #predict(jobs: readonly PreparedJob[], plan: Plan): Promise<Prediction> {
    const { signature, options, deadline, card } = plan
    const inputs = jobs.map((job) => job.input)
    const call = {
      selector: options.selector,
      signature: signature.name,
      inputs: { [signature.input]: toInputTensor(inputs, signature, card?.input ?? {}) },
      outputs: Object.values(signature.outputs),
    }
    try {
      return await this.#options.server.predict(call, this.#call(options, deadline))
    } catch (error) {
      const [job] = jobs
      if (job !== undefined && jobs.length === 1 && isRejected(error)) {
        await this.#refuseDamaged(job, plan)
      }
      throw error
    }
  }

  /**
   * Throws `image_undecodable` when a refused call carried an upload as it came, and the upload is damaged: then it was
   * not the call that was wrong.
   */
  async #refuseDamaged({ upload, header, input }: PreparedJob, { deadline }: Plan): Promise<void> {
    if (input.data !== upload) return
    await this.inSlot(deadline, () => decodePicture(upload, header, 1, deadline.remaining()))
  }

  #result(
    job: PreparedJob,
    plan: Plan,
    version: string,
    outputs: Tensors,
    position: { index: number; count: number },
  ): DetectionResult {
    const { header, input, stopwatch } = job
    const { signature, filter, card } = plan
    const { model } = plan.options.selector
    const candidates = readCandidates(outputs, signature, position, {
      size: header,
      tensor: input.size,
      transform: input.transform,
    })
    const detections = toDetections(filter(candidates, header), header, card?.labels ?? null)
    stopwatch.lap('postprocess')
    for (const [stage, ms] of stopwatch.laps()) this.#options.observe?.(stage, model, ms / 1000)
    const { width, height, format, orientation } = header
    return {
      model: { name: model, version, signature: signature.name },
      image: { width, height, format, orientation },
      detections,
      timingsMs: stopwatch.timings(),
    }
  }
}

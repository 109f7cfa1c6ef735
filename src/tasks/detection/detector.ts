import { GatewayError } from '../../errors.js'
import type { FairGate } from '../../fair-gate.js'
import { decodePicture } from '../../imaging/decode.js'
import { decodeBytes } from '../../imaging/decoder-memory.js'
import { toEssence } from '../../imaging/essence.js'
import type { RgbImage } from '../../imaging/geometry.js'
import { type ImageHeader, readHeader, tooSlow } from '../../imaging/header.js'
import type { Slots, StepLimit } from '../../imaging/slots.js'
import { orAborted } from '../../or-aborted.js'
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
import type { RequestQueue } from '../request-queue.js'
import { type DetectionSignature, readDetectionSignature } from './detection-signature.js'
import { createFilter, type Filter } from './filters.js'
import { KeptPictures } from './kept-pictures.js'
import {
  callBytes,
  type InputOptions,
  inputSize,
  type ModelInput,
  prepareInput,
  toInputTensor,
} from './model-input.js'
import { readCandidates } from './postprocess.js'
import { createRedaction, type RedactionFilter, type RedactionOptions } from './redaction.js'
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
  /** Where requests wait for their turn. */
  readonly queue: RequestQueue
  readonly slots: Slots
  /** Bounds the bytes of what is on its way to the model server. */
  readonly calls: FairGate
  /** Bytes of decoded pictures that may be kept while the model works. */
  readonly keptPictureBytes: number
  /** Longest time in milliseconds that one image may take to decode. */
  readonly decodeTimeoutMs: number
  /** Most pixels (width times height) of one image. */
  readonly maxImagePixels: number
  /** Longest side in pixels sent where neither card nor signature says; 0 sends all. */
  readonly wireMaxSide: number
  /** Told how many seconds each stage of each image took. */
  readonly observe?: (stage: Stage | 'annotate', model: string, seconds: number) => void
}

/** What is asked of the detector for one image or one batch. */
export interface DetectOptions extends RedactionOptions {
  readonly selector: ModelSelector
  /** Who asks, for fairness. */
  readonly client: string
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
  readonly redaction: RedactionFilter
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

/** What a step in a slot takes. */
export interface SlotNeed {
  /** Memory at most. */
  readonly bytes: number
  /** What the memory is for, in words for the client. */
  readonly action: string
}

function ticketOf({ options, deadline }: { options: DetectOptions; deadline: Deadline }) {
  return { client: options.client, signal: deadline.signal }
}

function tooMuchMemory(
  { format, width, height }: ImageHeader,
  action: string,
  bytes: number,
  limit: number,
): GatewayError {
  return new GatewayError(
    'too_many_pixels',
    `The ${format} image of ${width} x ${height} pixels takes up to ${bytes} bytes of memory to ${action}; the limit is ${limit} (MEMORY_LIMIT_BYTES)`,
  )
}

/** The whole path of an image, top to bottom: header, decode, predict, post-process. */
export class Detector {
  readonly #options: DetectorOptions
  readonly #kept: KeptPictures

  constructor(options: DetectorOptions) {
    this.#options = options
    this.#kept = new KeptPictures(options.keptPictureBytes)
  }

  /** Waits for a request's turn, or throws `queue_full` (429). Call the result when its work has ended. */
  enter({ client }: DetectOptions, deadline: Deadline): Promise<() => void> {
    return this.#options.queue.enter({
      client,
      signal: deadline.signal,
      remainingMs: deadline.remaining(),
    })
  }

  /** Reads an upload's header (415, 422). Its clock starts now, unless it runs already. */
  async open(
    received: Buffer,
    { signal }: Deadline,
    stopwatch: Stopwatch = new Stopwatch(),
  ): Promise<Job> {
    const upload = toEssence(received)
    const header = await orAborted(readHeader(upload, this.#options.maxImagePixels), signal)
    stopwatch.lap('decode')
    return { upload, header, stopwatch }
  }

  /** Detects the objects in one opened image. */
  async detect(job: Job, options: DetectOptions, deadline: Deadline): Promise<Detected> {
    return this.withPlan(options, deadline, (plan) =>
      this.withCallMemory([job], plan, async () => {
        const prepared = await this.prepare(job, plan)
        const [result] = await this.predict([prepared], plan)
        return { result: result!, picture: prepared.input.picture }
      }),
    )
  }

  /**
   * The most bytes that images of one call hold until it has been answered. Throws `too_many_pixels` (422) for an image
   * that by itself needs more than all calls may hold.
   */
  callBytes({ upload, header }: Job, plan: Plan): number {
    const bytes = callBytes(upload, header, this.#inputOptions(plan))
    const { maxBytes } = this.#options.calls
    if (bytes > maxBytes) throw tooMuchMemory(header, 'send to the model', bytes, maxBytes)
    return bytes
  }

  /** The most bytes that calls may hold together. */
  get maxCallBytes(): number {
    return this.#options.calls.maxBytes
  }

  /** Runs the work of one call once there is memory for its images. Nobody may ask for more inside. */
  async withCallMemory<T>(jobs: readonly Job[], plan: Plan, work: () => Promise<T>): Promise<T> {
    const bytes = jobs.reduce((sum, job) => sum + this.callBytes(job, plan), 0)
    // What has passed since the image was opened went into asking the model server for the signature.
    for (const job of jobs) job.stopwatch.lap('predict')
    const leave = await this.#options.calls.enter({ ...ticketOf(plan), bytes })
    try {
      return await work()
    } finally {
      leave()
    }
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

  /**
   * Runs one step of work on an image's pixels in a slot. Throws `too_many_pixels` (422) when it needs more memory than
   * all slots together have.
   */
  inSlot<T>(
    { header }: Job,
    { bytes, action }: SlotNeed,
    asked: { readonly options: DetectOptions; readonly deadline: Deadline },
    step: () => Promise<T>,
    limit?: StepLimit,
  ): Promise<T> {
    const { slots } = this.#options
    if (bytes > slots.maxBytes) throw tooMuchMemory(header, action, bytes, slots.maxBytes)
    return slots.run(step, { ...ticketOf(asked), bytes }, limit)
  }

  /** Milliseconds that decoding may take of what is left of the deadline. */
  decodeTimeout(deadline: Deadline): number {
    return Math.min(deadline.remaining(), this.#options.decodeTimeoutMs)
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
    const redaction = createRedaction(options, card)
    const call = this.#call(options, deadline)
    return this.#options.signatures.use(options.selector, call, async ({ signatures }) => {
      const signature = readDetectionSignature(options.selector.model, signatures, card)
      return work({ options, deadline, signature, card, filter, redaction })
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
    const { header, stopwatch, keepPicture = false } = job
    const options = { ...this.#inputOptions(plan), keepPicture }
    const out = keepPicture ? header : inputSize(header, options)
    const decode = () => {
      stopwatch.lap('queue')
      return prepareInput(job.upload, header, options, this.decodeTimeout(plan.deadline))
    }
    const need = { bytes: decodeBytes(header, out), action: 'decode' }
    const input = await this.inSlot(job, need, plan, decode, {
      ms: this.#options.decodeTimeoutMs,
      error: () => tooSlow(header.format),
    })
    stopwatch.lap('decode')
    return { ...job, input }
  }

  #inputOptions({ signature, card }: Plan): InputOptions {
    return { signature, card: card?.input ?? {}, wireMaxSide: this.#options.wireMaxSide }
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
      inputs: { [signature.input]: await toInputTensor(inputs, signature, card?.input ?? {}) },
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
  async #refuseDamaged(job: PreparedJob, plan: Plan): Promise<void> {
    const { upload, header, input } = job
    if (input.data !== upload) return
    const decode = () => decodePicture(upload, header, 1, this.decodeTimeout(plan.deadline))
    const need = { bytes: decodeBytes(header, { width: 1, height: 1 }), action: 'decode' }
    await this.inSlot(job, need, plan, decode)
  }

  #result(
    job: PreparedJob,
    plan: Plan,
    version: string,
    outputs: Tensors,
    position: { index: number; count: number },
  ): DetectionResult {
    const { header, input, stopwatch } = job
    const { signature, filter, redaction, card } = plan
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
      redactions: redaction(candidates, header),
      timingsMs: stopwatch.timings(),
    }
  }
}

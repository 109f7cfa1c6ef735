import { GatewayError } from '../../errors.js'
import type { FairGate } from '../../fair-gate.js'
import { freeMemory } from '../../free-memory.js'
import { decodePicture } from '../../imaging/decode.js'
import { decodeBytes } from '../../imaging/decoder-memory.js'
import { toEssence } from '../../imaging/essence.js'
import type { Box } from '../../imaging/geometry.js'
import { type ImageHeader, readHeader, tooSlow } from '../../imaging/header.js'
import type { Slots, StepLimit } from '../../imaging/slots.js'
import { orAborted } from '../../or-aborted.js'
import type { ModelCard } from '../../repository/model-card.js'
import type {
  CallOptions,
  ModelServer,
  Prediction,
  Signature,
  Tensor,
} from '../../serving/model-server.js'
import type { SignatureCache } from '../../serving/signature-cache.js'
import type { Deadline } from '../deadline.js'
import type { RequestQueue } from '../request-queue.js'
import type { Asked, ImagePlan, ImageRequest, Job, PreparedJob } from './image-job.js'
import { KeptPictures } from './kept-pictures.js'
import {
  callBytes,
  type InputOptions,
  inputSize,
  prepareInput,
  toInputTensor,
} from './model-input.js'
import { prepareViews, viewBytes, viewDecodeBytes } from './model-views.js'
import { type Stage, Stopwatch } from './stopwatch.js'

/** Where a model's card is found. */
export interface CardSource {
  card(model: string): ModelCard | undefined
}

/** What the pipeline works with. */
export interface PipelineOptions {
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

/** What a step in a slot takes. */
export interface SlotNeed {
  /** Memory at most. */
  readonly bytes: number
  /** What the memory is for, in words for the client. */
  readonly action: string
}

function isRejected(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'upstream_rejected'
}

function ticketOf({ options, deadline }: Asked) {
  return { client: options.client, signal: deadline.signal }
}

function callOptions({ options, deadline }: Asked): CallOptions {
  return { deadline: deadline.at, signal: deadline.signal, traceparent: options.traceparent }
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

/** Gives back the memory of what the model has answered: the tensor and what it was made of, but no upload. */
function freeSent(jobs: readonly PreparedJob[], { data }: Tensor): void {
  if (ArrayBuffer.isView(data)) freeMemory(data)
  for (const { input, upload } of jobs) if (input.data !== upload) freeMemory(input.data)
}

/**
 * The steps of an image on its way to a model and their bounds, whatever the task: a turn, the header, memory for the call,
 * a slot to decode in, the call.
 */
export class ImagePipeline {
  readonly #options: PipelineOptions
  readonly #kept: KeptPictures

  constructor(options: PipelineOptions) {
    this.#options = options
    this.#kept = new KeptPictures(options.keptPictureBytes)
  }

  get server(): ModelServer {
    return this.#options.server
  }

  /** Waits for a request's turn, or throws `queue_full` (429). Call the result when its work has ended. */
  enter({ client }: ImageRequest, deadline: Deadline): Promise<() => void> {
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

  /**
   * Runs `work` with the model's signatures and card. When the server refuses a request in a way that a changed signature
   * would explain, the signatures are read again and the work is done once more, so that a roll-out loses nothing.
   */
  withSignatures<T>(
    asked: Asked,
    work: (signatures: ReadonlyMap<string, Signature>, card: ModelCard | undefined) => Promise<T>,
  ): Promise<T> {
    const { selector } = asked.options
    const card = this.card(selector.model)
    return this.#options.signatures.use(selector, callOptions(asked), ({ signatures }) =>
      work(signatures, card),
    )
  }

  /** The card of a model, where it has one. */
  card(model: string): ModelCard | undefined {
    return this.#options.cards.card(model)
  }

  /**
   * The most bytes that images of one call hold until it has been answered. Throws `too_many_pixels` (422) for an image
   * that by itself needs more than all calls may hold.
   */
  callBytes(job: Job, plan: ImagePlan): number {
    const { upload, header } = job
    const regions = this.#regionsOf(job, plan)
    const bytes =
      regions.length === 0
        ? callBytes(upload.length, header, this.#inputOptions(plan))
        : viewBytes(regions, this.#inputOptions(plan))
    const { maxBytes } = this.#options.calls
    if (bytes > maxBytes) {
      const as = regions.length === 0 ? '' : ` in ${regions.length} views (fewer tiles take less)`
      throw tooMuchMemory(header, `send to the model${as}`, bytes, maxBytes)
    }
    return bytes
  }

  /** The parts of an image that the model sees one by one; none where it sees the whole. */
  #regionsOf({ header }: Job, plan: ImagePlan): readonly Box[] {
    if (plan.chooseViews === undefined) return []
    const options = this.#inputOptions(plan)
    const image = { width: header.width, height: header.height }
    return plan.chooseViews(image, {
      inputOf: (region) => inputSize(region, options),
      fits: (regions) =>
        viewBytes(regions, options) <= this.#options.calls.maxBytes &&
        viewDecodeBytes(header, options) <= this.#options.slots.maxBytes,
    })
  }

  /** The most bytes that calls may hold together. */
  get maxCallBytes(): number {
    return this.#options.calls.maxBytes
  }

  /** Runs the work of one call once there is memory for its images. Nobody may ask for more inside. */
  async withCallMemory<T>(
    jobs: readonly Job[],
    plan: ImagePlan,
    work: () => Promise<T>,
  ): Promise<T> {
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
    asked: Asked,
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

  /** Decodes an image for the model, in a slot: once, however many views of it the model sees. */
  async prepare(job: Job, plan: ImagePlan): Promise<PreparedJob> {
    const regions = this.#regionsOf(job, plan)
    return regions.length === 0
      ? this.#prepareWhole(job, plan)
      : this.#prepareViews(job, plan, regions)
  }

  async #prepareViews(job: Job, plan: ImagePlan, regions: readonly Box[]): Promise<PreparedJob> {
    const { upload, header, stopwatch, keepPicture = false } = job
    const options = { ...this.#inputOptions(plan), keepPicture }
    const { signal } = plan.deadline
    const decode = () => {
      stopwatch.lap('queue')
      const timeoutMs = this.decodeTimeout(plan.deadline)
      return prepareViews(upload, header, regions, options, { timeoutMs, signal })
    }
    const need = { bytes: viewDecodeBytes(header, options), action: 'decode for tiles' }
    const views = await this.inSlot(job, need, plan, decode, {
      ms: this.#options.decodeTimeoutMs,
      error: () => tooSlow(header.format),
    })
    stopwatch.lap('decode')
    return { ...job, input: views[0]!.input, views }
  }

  async #prepareWhole(job: Job, plan: ImagePlan): Promise<PreparedJob> {
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

  #inputOptions({ signature, card }: ImagePlan): InputOptions {
    return { signature, card: card?.input ?? {}, wireMaxSide: this.#options.wireMaxSide }
  }

  /** Sends images of one size in one Predict call, which asks for the outputs named. */
  predict(
    jobs: readonly PreparedJob[],
    plan: ImagePlan,
    outputs: readonly string[],
  ): Promise<Prediction> {
    const { signature, options, card } = plan
    return this.send(jobs, plan, async (call) => {
      const inputs = jobs.map((job) => job.input)
      const tensor = await toInputTensor(inputs, signature, card?.input ?? {})
      const answer = await this.server.predict(
        {
          selector: options.selector,
          signature: signature.name,
          inputs: { [signature.input]: tensor },
          outputs,
        },
        call,
      )
      freeSent(jobs, tensor)
      return answer
    })
  }

  /**
   * Runs one call to the model server that carries the images. Where the server refuses a single upload that was sent as
   * it came, and the upload is damaged, it was not the call that was wrong: throws `image_undecodable` (422).
   */
  async send<T>(
    jobs: readonly PreparedJob[],
    plan: ImagePlan,
    call: (options: CallOptions) => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await call(callOptions(plan))
      for (const { stopwatch } of jobs) stopwatch.lap('predict')
      return answer
    } catch (error) {
      const [job] = jobs
      if (job !== undefined && jobs.length === 1 && isRejected(error)) {
        await this.#refuseDamaged(job, plan)
      }
      throw error
    }
  }

  async #refuseDamaged(job: PreparedJob, plan: ImagePlan): Promise<void> {
    const { upload, header, input } = job
    if (input.data !== upload) return
    const decode = () => decodePicture(upload, header, 1, this.decodeTimeout(plan.deadline))
    const need = { bytes: decodeBytes(header, { width: 1, height: 1 }), action: 'decode' }
    await this.inSlot(job, need, plan, decode)
  }

  /** Ends an image's last stage and tells how long each took. */
  finish({ stopwatch }: Job, { options }: Asked): void {
    stopwatch.lap('postprocess')
    for (const [stage, ms] of stopwatch.laps()) {
      this.#options.observe?.(stage, options.selector.model, ms / 1000)
    }
  }

  /** Tells how long it took to draw and encode an image's picture. */
  observeAnnotate(model: string, seconds: number): void {
    this.#options.observe?.('annotate', model, seconds)
  }
}

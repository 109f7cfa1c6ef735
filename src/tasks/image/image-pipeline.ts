import type { FairGate } from '../../fair-gate.js'
import { toEssence } from '../../imaging/essence.js'
import { readHeader } from '../../imaging/header.js'
import type { Slots } from '../../imaging/slots.js'
import { orAborted } from '../../or-aborted.js'
import type { ModelCard } from '../../repository/model-card.js'
import type { ModelServer, Signature } from '../../serving/model-server.js'
import type { SignatureCache } from '../../serving/signature-cache.js'
import type { Deadline } from '../deadline.js'
import type { RequestQueue } from '../request-queue.js'
import { ImageInputs } from './image-inputs.js'
import type { Asked, ImagePlan, ImageRequest, Job } from './image-job.js'
import { ImageSlots, ticketOf } from './image-slots.js'
import { KeptPictures } from './kept-pictures.js'
import { callOptions, ModelCalls } from './model-calls.js'
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

/**
 * The steps of an image on its way to a model and their bounds, whatever the task: a turn, the header, memory for the call,
 * a slot to decode in, the call.
 */
export class ImagePipeline {
  readonly slots: ImageSlots
  readonly inputs: ImageInputs
  readonly calls: ModelCalls
  readonly #options: PipelineOptions
  readonly #kept: KeptPictures

  constructor(options: PipelineOptions) {
    const { server, calls, wireMaxSide } = options
    this.slots = new ImageSlots(options.slots, options.decodeTimeoutMs)
    this.inputs = new ImageInputs({ slots: this.slots, calls, wireMaxSide })
    this.calls = new ModelCalls(server, this.slots)
    this.#options = options
    this.#kept = new KeptPictures(options.keptPictureBytes)
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
    const bytes = jobs.reduce((sum, job) => sum + this.inputs.callBytes(job, plan), 0)
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

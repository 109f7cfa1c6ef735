import type { FairGate } from '../../fair-gate.js'
import { decodeBytes } from '../../imaging/decoder-memory.js'
import type { Box } from '../../imaging/geometry.js'
import type { ImagePlan, Job, PreparedJob } from './image-job.js'
import { type ImageSlots, tooMuchMemory } from './image-slots.js'
import { callBytes, type InputOptions, inputSize, prepareInput } from './model-input.js'
import { prepareViews, viewBytes, viewDecodeBytes } from './model-views.js'

/** What the inputs of models are made with. */
export interface ImageInputsOptions {
  readonly slots: ImageSlots
  /** Bounds the bytes of what is on its way to the model server. */
  readonly calls: FairGate
  /** Longest side in pixels sent where neither card nor signature says; 0 sends all. */
  readonly wireMaxSide: number
}

/** Makes what a model is sent of an image: the whole of it, or views one by one. */
export class ImageInputs {
  readonly #options: ImageInputsOptions

  constructor(options: ImageInputsOptions) {
    this.#options = options
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

  /** Decodes an image for the model, in a slot: once, however many views of it the model sees. */
  async prepare(job: Job, plan: ImagePlan): Promise<PreparedJob> {
    const regions = this.#regionsOf(job, plan)
    return regions.length === 0
      ? this.#prepareWhole(job, plan)
      : this.#prepareViews(job, plan, regions)
  }

  async #prepareViews(job: Job, plan: ImagePlan, regions: readonly Box[]): Promise<PreparedJob> {
    const { upload, header, keepPicture = false } = job
    const options = { ...this.#inputOptions(plan), keepPicture }
    const { signal } = plan.deadline
    const need = { bytes: viewDecodeBytes(header, options), action: 'decode for tiles' }
    const views = await this.#options.slots.decode(job, need, plan, (timeoutMs) =>
      prepareViews(upload, header, regions, options, { timeoutMs, signal }),
    )
    return { ...job, input: views[0]!.input, views }
  }

  async #prepareWhole(job: Job, plan: ImagePlan): Promise<PreparedJob> {
    const { upload, header, keepPicture = false } = job
    const options = { ...this.#inputOptions(plan), keepPicture }
    const out = keepPicture ? header : inputSize(header, options)
    const need = { bytes: decodeBytes(header, out), action: 'decode' }
    const input = await this.#options.slots.decode(job, need, plan, (timeoutMs) =>
      prepareInput(upload, header, options, timeoutMs),
    )
    return { ...job, input }
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

  #inputOptions({ signature, card }: ImagePlan): InputOptions {
    return { signature, card: card?.input ?? {}, wireMaxSide: this.#options.wireMaxSide }
  }
}

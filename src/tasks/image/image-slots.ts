import { GatewayError } from '../../errors.js'
import { type ImageHeader, tooSlow } from '../../imaging/header.js'
import type { Slots, StepLimit } from '../../imaging/slots.js'
import type { Deadline } from '../deadline.js'
import type { Asked, Job } from './image-job.js'

/** What a step in a slot takes. */
export interface SlotNeed {
  /** Memory at most. */
  readonly bytes: number
  /** What the memory is for, in words for the client. */
  readonly action: string
}

/** The slots in which an image's pixels are worked on, one step of one image in each. */
export class ImageSlots {
  readonly #slots: Slots
  readonly #decodeTimeoutMs: number

  /** `decodeTimeoutMs`: longest time in milliseconds that one image may take to decode. */
  constructor(slots: Slots, decodeTimeoutMs: number) {
    this.#slots = slots
    this.#decodeTimeoutMs = decodeTimeoutMs
  }

  /** The most bytes that all slots have together. */
  get maxBytes(): number {
    return this.#slots.maxBytes
  }

  /**
   * Runs one step of work on an image's pixels in a slot. Throws `too_many_pixels` (422) when it needs more memory than
   * all slots together have.
   */
  run<T>(
    { header }: Job,
    { bytes, action }: SlotNeed,
    asked: Asked,
    step: () => Promise<T>,
    limit?: StepLimit,
  ): Promise<T> {
    if (bytes > this.maxBytes) throw tooMuchMemory(header, action, bytes, this.maxBytes)
    return this.#slots.run(step, { ...ticketOf(asked), bytes }, limit)
  }

  /** Decodes an image in a slot; its clock counts what came before as waiting. Too slow a decoder is let go of. */
  async decode<T>(
    job: Job,
    need: SlotNeed,
    asked: Asked,
    decode: (timeoutMs: number) => Promise<T>,
  ): Promise<T> {
    const step = () => {
      job.stopwatch.lap('queue')
      return decode(this.decodeTimeout(asked.deadline))
    }
    const decoded = await this.run(job, need, asked, step, {
      ms: this.#decodeTimeoutMs,
      error: () => tooSlow(job.header.format),
    })
    job.stopwatch.lap('decode')
    return decoded
  }

  /** Milliseconds that decoding may take of what is left of the deadline. */
  decodeTimeout(deadline: Deadline): number {
    return Math.min(deadline.remaining(), this.#decodeTimeoutMs)
  }
}

/** Who waits for memory or a slot, and until when. */
export function ticketOf({ options, deadline }: Asked): { client: string; signal: AbortSignal } {
  return { client: options.client, signal: deadline.signal }
}

/** Refuses an image that by itself needs more memory than there is (422). */
export function tooMuchMemory(
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

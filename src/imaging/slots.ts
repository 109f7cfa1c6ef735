import { FairGate, type Ticket } from '../fair-gate.js'
import { LoadMeter } from '../load-meter.js'
import { orAborted } from '../or-aborted.js'

export interface SlotsOptions {
  /** How many images may be decoded or encoded at once. */
  readonly slots: number
  /** How many bytes their decoders and encoders may take together. */
  readonly bytes: number
}

/** How long a step may run once it has a slot. */
export interface StepLimit {
  readonly ms: number
  /** Makes the error of a step that took longer. */
  readonly error: () => Error
}

/** The slots in which images are decoded and encoded: bounded in number and in bytes, clients take turns. */
export class Slots {
  readonly #gate: FairGate
  readonly #meter: LoadMeter

  constructor({ slots, bytes }: SlotsOptions) {
    this.#gate = new FairGate({ places: slots, bytes })
    this.#meter = new LoadMeter(slots)
  }

  /** Slots in use now. */
  get busy(): number {
    return this.#gate.inside
  }

  /** The share of the slots that was in use over the last half minute, 0 to 1. */
  get load(): number {
    return this.#meter.load
  }

  /** Bytes that the work in the slots may take. */
  get bytesBusy(): number {
    return this.#gate.bytesInside
  }

  /** The most bytes that one step may take. */
  get maxBytes(): number {
    return this.#gate.maxBytes
  }

  /** Steps that wait for a slot now. */
  get waiting(): number {
    return this.#gate.waiting
  }

  /**
   * Runs one step in a slot. Gives up with the signal's reason when it aborts, be it while the step waits or while it
   * runs, and with `limit.error` when the step runs longer than it may: a decoder cannot be stopped at once, so its slot
   * and bytes are taken until it ends.
   */
  async run<T>(step: () => Promise<T>, ticket: Ticket, limit?: StepLimit): Promise<T> {
    const leave = await this.#gate.enter(ticket)
    this.#meter.change(this.busy)
    const work = occupy(step, () => {
      leave()
      this.#meter.change(this.busy)
    })
    if (limit === undefined) return orAborted(work, ticket.signal)
    const overrun = new AbortController()
    const timer = setTimeout(() => overrun.abort(limit.error()), limit.ms)
    try {
      return await orAborted(orAborted(work, ticket.signal), overrun.signal)
    } finally {
      clearTimeout(timer)
    }
  }
}

async function occupy<T>(step: () => Promise<T>, leave: () => void): Promise<T> {
  try {
    return await step()
  } finally {
    leave()
  }
}

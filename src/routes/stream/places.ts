import { GatewayError } from '../../errors.js'
import { FairQueue } from '../../fair-queue.js'

/** A stream that has a place, which it may lose. */
export interface Place {
  /** Called when the place is given to another client. */
  readonly evict: (error: GatewayError) => void
}

/**
 * The places for streams. Where all are taken, the client who has most gives up its newest to one who has less; only then is
 * the newcomer refused.
 */
export class Places {
  readonly #most: number
  readonly #taken = new FairQueue<Place>()

  constructor(most: number) {
    this.#most = most
  }

  get taken(): number {
    return this.#taken.size
  }

  /** Takes a place, or throws `queue_full` (429). Call the result when the stream has ended. */
  take(client: string, place: Place): () => void {
    if (this.#taken.size >= this.#most) {
      const evicted = this.#taken.takeFromLongest(this.#taken.countOf(client) + 1)
      if (evicted === undefined) throw this.#full()
      evicted.evict(this.#full())
    }
    this.#taken.add(client, place)
    return () => {
      this.#taken.remove(client, place)
    }
  }

  #full(): GatewayError {
    return new GatewayError(
      'queue_full',
      `All ${this.#most} places for streams are taken (MAX_STREAMS); try again later`,
    )
  }
}

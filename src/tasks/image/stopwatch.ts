import { round } from '../round.js'

/** Milliseconds a stage took. */
export interface Timings {
  readonly queue: number
  readonly decode: number
  readonly predict: number
  readonly postprocess: number
  readonly total: number
}

/** Stages of one image, in their order. */
export type Stage = 'queue' | 'decode' | 'predict' | 'postprocess'

/** Measures the stages of one image. A stage that is run again (a second try) adds up. */
export class Stopwatch {
  readonly #start = performance.now()
  readonly #laps = new Map<Stage, number>()
  #last = this.#start

  /** Ends a stage: the time since the last lap belongs to it. */
  lap(stage: Stage): void {
    const now = performance.now()
    this.#laps.set(stage, (this.#laps.get(stage) ?? 0) + now - this.#last)
    this.#last = now
  }

  /** Stages and their milliseconds so far. */
  laps(): Iterable<[Stage, number]> {
    return this.#laps
  }

  /** All stages in milliseconds, to a tenth of one; 0 for a stage that did not happen. */
  timings(): Timings {
    const of = (stage: Stage) => round(this.#laps.get(stage) ?? 0, 1)
    return {
      queue: of('queue'),
      decode: of('decode'),
      predict: of('predict'),
      postprocess: of('postprocess'),
      total: round(performance.now() - this.#start, 1),
    }
  }
}

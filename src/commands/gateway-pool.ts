import { type DetectionClient, GatewayProblem } from '../client/client.js'
import { wait } from '../client/retry.js'

type Work<T> = (client: DetectionClient) => Promise<T>

/** A gateway that work is shared with. */
export interface PoolTarget {
  /** As it was named, for people. */
  readonly name: string
  /** Without retries of its own, where there are several targets: the pool asks another one at once. */
  readonly client: DetectionClient
}

interface Target extends PoolTarget {
  /** Requests that are under way. */
  underWay: number
  /** Failures in a row. */
  faults: number
  /** Left out until then, on the clock of `performance.now()`. */
  backAt: number
  /** Requests that failed, and why the last one did. */
  failed: number
  reason: string
}

/** Times that one piece of work is tried; each pause of busy gateways is at least a quarter of a second. */
const TRIES = { busy: 100, broken: 3 }

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

/**
 * Shares work among gateways: each piece goes to the one with the fewest requests under way, equals take turns. One that
 * fails is left out for a while, twice as long each time, and its work is done by another; when it is back it gets one
 * request at a time until one is answered. A pool of one target leaves all of that to the client.
 */
export class GatewayPool {
  readonly #targets: readonly Target[]
  readonly #waiting = new Set<AbortController>()
  #turn = 0

  constructor(targets: readonly PoolTarget[]) {
    this.#targets = targets.map((target) => ({
      ...target,
      underWay: 0,
      faults: 0,
      backAt: 0,
      failed: 0,
      reason: '',
    }))
  }

  /**
   * Asks a gateway. Rejects with what it says of the work itself, or after a few tries with what kept gateways from
   * answering.
   */
  async ask<T>(work: Work<T>, signal: AbortSignal): Promise<T> {
    const [only, ...others] = this.#targets
    if (only !== undefined && others.length === 0) return await work(only.client)
    const failed = { busy: 0, broken: 0 }
    for (;;) {
      const target = await this.#choose(signal)
      try {
        return await this.#use(target, work)
      } catch (error) {
        const fault = signal.aborted ? undefined : faultOf(error)
        if (fault === undefined) throw error
        failed[fault] += 1
        if (failed[fault] >= TRIES[fault]) throw error
      }
    }
  }

  /**
   * Asks each gateway whether it answers. Those that do not are left out, and rejects where none does, or where one says
   * that the command is wrong.
   */
  async check(signal: AbortSignal): Promise<void> {
    const failures: unknown[] = []
    await Promise.all(
      this.#targets.map(async (target) => {
        try {
          await this.#use(target, (client) => client.models({ signal }))
        } catch (error) {
          if (faultOf(error) === undefined || signal.aborted) throw error
          failures.push(error)
        }
      }),
    )
    if (failures.length === this.#targets.length) throw failures[0]
  }

  /** A line for each gateway that failed, for the end of the work. */
  report(): string[] {
    return this.#targets
      .filter(({ failed }) => failed > 0)
      .map(
        ({ name, failed, reason }) => `${name}: ${failed} requests failed, the last one: ${reason}`,
      )
  }

  async #use<T>(target: Target, work: Work<T>): Promise<T> {
    target.underWay += 1
    try {
      const answer = await work(target.client)
      target.faults = 0
      return answer
    } catch (error) {
      leaveOut(target, error)
      throw error
    } finally {
      target.underWay -= 1
      for (const waiting of this.#waiting) waiting.abort()
    }
  }

  async #choose(signal: AbortSignal): Promise<Target> {
    for (;;) {
      signal.throwIfAborted()
      const now = performance.now()
      const free = this.#inTurn().filter((each) => each.backAt <= now && !isProbed(each))
      const [first, ...rest] = free
      if (first !== undefined) {
        return rest.reduce((best, each) => (each.underWay < best.underWay ? each : best), first)
      }
      await this.#change(now, signal)
    }
  }

  #inTurn(): Target[] {
    this.#turn = (this.#turn + 1) % this.#targets.length
    return [...this.#targets.slice(this.#turn), ...this.#targets.slice(0, this.#turn)]
  }

  /** Resolves when a gateway may be asked again: its time is over, or a request has ended. */
  async #change(now: number, signal: AbortSignal): Promise<void> {
    const pauses = this.#targets.map(({ backAt }) => backAt - now).filter((ms) => ms > 0)
    const ended = new AbortController()
    this.#waiting.add(ended)
    const either = AbortSignal.any([signal, ended.signal])
    await wait(Math.min(LONGEST_PAUSE_MS, ...pauses), either).catch(() => {})
    this.#waiting.delete(ended)
  }
}

/** One that failed gets a single request, until one is answered. */
function isProbed({ faults, underWay }: Target): boolean {
  return faults > 0 && underWay > 0
}

function leaveOut(target: Target, error: unknown): void {
  const fault = faultOf(error)
  if (fault === undefined) return
  const { message, retryAfterSeconds } = error as GatewayProblem
  if (fault === 'broken') {
    target.failed += 1
    target.reason = message
  }
  const now = performance.now()
  // What was under way when it failed fails too, and is one failure.
  if (target.backAt > now) return
  const asked = retryAfterSeconds === undefined ? 0 : retryAfterSeconds * 1000
  const pause = Math.max(asked, FIRST_PAUSE_MS * 2 ** target.faults)
  target.backAt = now + Math.min(pause, LONGEST_PAUSE_MS)
  if (fault === 'broken') target.faults += 1
}

/** Whether another gateway may do better: `busy` for one that has too much to do, `broken` for one that cannot. */
function faultOf(error: unknown): 'busy' | 'broken' | undefined {
  if (!(error instanceof GatewayProblem)) return undefined
  const { code, status } = error
  if (status === 429) return 'busy'
  if (code === 'connection_failed' || code === 'timeout') return 'broken'
  // A proxy's page has no code of the gateway's; its other 502 are about the model or the picture.
  const isDown =
    status === 503 || status === 504 || (status === 502 && code === 'unexpected_answer')
  return isDown ? 'broken' : undefined
}

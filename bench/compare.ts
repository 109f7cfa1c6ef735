import type { Contestant, Sample } from './contestant.js'
import { median } from './statistics.js'

/** All measurements of one contestant, in the order of the rounds. */
export interface Measured {
  readonly name: string
  /** Requests at once. */
  readonly connections: number
  readonly samples: readonly Sample[]
}

export interface CompareOptions {
  readonly rounds: number
  readonly seconds: number
  /** Numbers of requests at once that are tried first; the best one is used. */
  readonly connections: readonly number[]
}

/** Seconds, as a share of a measurement's, in which a number of requests at once is tried. */
const TRIAL = 0.5

/** Finds the number of requests at once with which a contestant does most; that also warms it up. */
async function bestConnections(
  contestant: Contestant,
  { connections: usual, seconds }: CompareOptions,
): Promise<number> {
  const { connections = usual } = contestant
  // The first run pays for compilation and connections.
  await contestant.measure(connections[0]!, seconds * TRIAL)
  if (connections.length === 1) return connections[0]!
  let best = { connections: 0, rate: 0 }
  for (const count of connections) {
    const { rate } = await contestant.measure(count, seconds * TRIAL)
    if (rate > best.rate) best = { connections: count, rate }
  }
  return best.connections
}

/**
 * Measures contestants against each other: each is measured once a round, so that whatever else the machine does meets
 * all of them.
 */
export async function compare(
  contestants: readonly Contestant[],
  options: CompareOptions,
): Promise<Measured[]> {
  const runs: { contestant: Contestant; connections: number; samples: Sample[] }[] = []
  for (const contestant of contestants) {
    const connections = await bestConnections(contestant, options)
    runs.push({ contestant, connections, samples: [] })
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { contestant, connections, samples } of runs) {
      samples.push(await contestant.measure(connections, options.seconds))
    }
  }
  return runs.map(({ contestant, ...rest }) => ({ name: contestant.name, ...rest }))
}

/** The median of one figure of a contestant. */
export function medianOf({ samples }: Measured, read: (sample: Sample) => number): number {
  return median(samples.map(read))
}

/** A ratio of two contestants: the median over the rounds, and the lowest and highest. */
export interface Ratio {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** Divides a figure of one contestant by that of another, round by round. */
export function ratio(over: Measured, under: Measured, read: (sample: Sample) => number): Ratio {
  const values = over.samples.map((sample, round) => read(sample) / read(under.samples[round]!))
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) }
}

import { type Measured, medianOf, type Ratio, ratio } from '../compare.js'
import type { Sample } from '../contestant.js'
import { digits } from '../statistics.js'
import type { Goal, Table } from './section.js'

/** The table of a comparison: medians of every contestant, and its rate as a multiple of the first one's. */
export function comparisonTable(title: string, measured: readonly Measured[]): Table {
  const first = measured[0]!
  return {
    title,
    columns: [
      'contestant',
      'at once',
      'photos/s',
      'p50 ms',
      'p99 ms',
      'CPU ms/photo',
      'RSS MiB',
      `times "${first.name}"`,
    ],
    rows: measured.map((it) => [
      it.name,
      `${it.connections}`,
      digits(medianOf(it, ({ rate }) => rate)),
      digits(medianOf(it, ({ p50 }) => p50)),
      digits(medianOf(it, ({ p99 }) => p99)),
      digits(medianOf(it, ({ cpuMs }) => cpuMs)),
      digits(medianOf(it, ({ residentMib }) => residentMib)),
      printRatio(ratio(it, first, ({ rate }) => rate)),
    ]),
  }
}

/** A ratio with its range over the rounds. */
export function printRatio({ median, low, high }: Ratio): string {
  return `${digits(median)} (${digits(low)}-${digits(high)})`
}

export interface RatioGoal {
  readonly text: string
  readonly over: Measured
  readonly under: Measured
  readonly atLeast: number
  /** The figure compared; photos a second unless given. */
  readonly read?: (sample: Sample) => number
}

/** A goal that one contestant's figure is at least so many times another's. */
export function ratioGoal({
  text,
  over,
  under,
  atLeast,
  read = ({ rate }) => rate,
}: RatioGoal): Goal {
  const found = ratio(over, under, read)
  return { text, measured: printRatio(found), met: found.median >= atLeast }
}

/** Finds a contestant by name. */
export function named(measured: readonly Measured[], name: string): Measured {
  const found = measured.find((it) => it.name === name)
  if (found === undefined) throw new Error(`Nothing was measured by the name of ${name}`)
  return found
}

import type { CompareOptions } from '../compare.js'
import type { Section } from '../report/section.js'
import type { Workbench } from '../workbench.js'

/** One part of the suite. */
export interface Scenario {
  /** What `--only` calls it. */
  readonly name: string
  run(bench: Workbench): Promise<Section>
}

/** Requests at once that are tried where a contestant may show its best. */
const CONNECTIONS = [2, 4, 8, 16]

/** How the options of a run measure contestants at their best. */
export function atBest({ options }: Workbench): CompareOptions {
  const { rounds, seconds } = options
  return { rounds, seconds, connections: CONNECTIONS }
}

import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import type { Test } from 'tap'

/** The seed of this run; FUZZ_SEED repeats one. */
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31))
/** Times that each property is tried; FUZZ_RUNS tries longer. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 500)

/** Tries a property on made-up values and prints the seed that repeats the run. */
export async function fuzz<Values>(
  t: Test,
  name: string,
  property: fc.IRawProperty<Values>,
  runs = RUNS,
): Promise<void> {
  t.comment(`${name}: FUZZ_SEED=${SEED}`)
  await fc.assert(property as fc.IAsyncProperty<Values>, {
    seed: SEED,
    numRuns: runs,
    // Within this time whatever the machine: a run that is cut short is no failure.
    interruptAfterTimeLimit: 2_000,
  })
  t.pass(name)
}

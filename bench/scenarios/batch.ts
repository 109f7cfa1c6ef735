import { compare } from '../compare.js'
import { httpContestant } from '../contestant.js'
import { WIRE_300, WIRE_640 } from '../models.js'
import { comparisonTable, named, ratioGoal } from '../report/comparison.js'
import type { Section } from '../report/section.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const MEGAPIXELS = 2
const BATCH = 16
const TIMES_SINGLE = 2

async function run(bench: Workbench): Promise<Section> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const service = await bench.gateway()
  const { rounds, seconds } = bench.options
  const measured = await compare(
    [WIRE_640, WIRE_300].flatMap((model) => [
      httpContestant(bench.load, {
        name: `single, ${model.name}`,
        service,
        path: detectPath(model),
        files,
      }),
      httpContestant(bench.load, {
        name: `batch of ${BATCH}, ${model.name}`,
        service,
        path: `/v1/detect/batch?model=${model.name}`,
        files,
        perRequest: BATCH,
      }),
    ]),
    { rounds, seconds, connections: [1] },
  )
  return {
    title: 'Batches',
    text: `One client that waits for each answer: photos one by one, and ${BATCH} in one call. Latencies are of a call.`,
    tables: [comparisonTable(`${MEGAPIXELS} MP JPEGs, one request at a time`, measured)],
    goals: [
      ratioGoal({
        text: `batch of ${BATCH}: ${TIMES_SINGLE}x as many photos a second as single requests`,
        over: named(measured, `batch of ${BATCH}, ${WIRE_640.name}`),
        under: named(measured, `single, ${WIRE_640.name}`),
        atLeast: TIMES_SINGLE,
      }),
    ],
    plots: [],
    data: { measured },
  }
}

export const batch: Scenario = { name: 'batch', run }

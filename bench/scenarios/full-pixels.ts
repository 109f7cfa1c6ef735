import { compare } from '../compare.js'
import { floorContestant, httpContestant } from '../contestant.js'
import { WIRE_FULL } from '../models.js'
import { comparisonTable, named, ratioGoal } from '../report/comparison.js'
import type { Goal, Section, Table } from '../report/section.js'
import { detectPath, type Workbench } from '../workbench.js'
import { atBest, type Scenario } from './scenario.js'

const TIMES_PEER = 3

async function run(bench: Workbench): Promise<Section> {
  const tables: Table[] = []
  const goals: Goal[] = []
  const data: unknown[] = []
  const [gateway, peer] = [await bench.gateway(), await bench.peer()]
  for (const megapixels of [2, 11]) {
    const { files } = await bench.photos.ofSize(megapixels)
    const path = detectPath(WIRE_FULL)
    const measured = await compare(
      [
        httpContestant(bench.load, { name: 'peer', service: peer, path: '/v1/detect', files }),
        httpContestant(bench.load, { name: 'gateway', service: gateway, path, files }),
        floorContestant('floor', bench.floor(), { model: WIRE_FULL.name, files }),
      ],
      atBest(bench),
    )
    goals.push(
      ratioGoal({
        text: `JSON, ${megapixels} MP, all pixels: ${TIMES_PEER}x the peer`,
        over: named(measured, 'gateway'),
        under: named(measured, 'peer'),
        atLeast: TIMES_PEER,
      }),
    )
    tables.push(comparisonTable(`${megapixels} MP JPEG`, measured))
    data.push({ megapixels, measured })
  }
  return {
    title: 'All pixels',
    text: 'The same with `max_side` 0: gateway and floor send every pixel, as the peer always does.',
    tables,
    goals,
    plots: [],
    data,
  }
}

export const fullPixels: Scenario = { name: 'full-pixels', run }

import { usableCores } from '../../src/cores.js'
import { compare } from '../compare.js'
import { type Contestant, floorContestant, httpContestant } from '../contestant.js'
import { type BenchModel, WIRE_300, WIRE_640 } from '../models.js'
import type { PhotoSet } from '../photos.js'
import { comparisonTable, named, ratioGoal } from '../report/comparison.js'
import type { Goal, Section, Table } from '../report/section.js'
import { detectPath, type Workbench } from '../workbench.js'
import { atBest, type Scenario } from './scenario.js'

/** Goals of the JSON answer by size of the photo. */
const GOALS = [
  { megapixels: 2, peer: 6, floor: 0.8, literal: true },
  { megapixels: 11, peer: 12, floor: 0.8, literal: false },
] as const

/** The peer that reads pixels to the letter of the tutorials. */
const LITERAL = "peer, to the tutorial's letter"

async function literalPeer(bench: Workbench, files: readonly string[]): Promise<Contestant> {
  const service = await bench.peer({ literal: true })
  const connections = [usableCores()]
  return httpContestant(bench.load, {
    name: LITERAL,
    service,
    path: '/v1/detect',
    files,
    connections,
  })
}

async function measure(
  bench: Workbench,
  title: string,
  { files, meanBytes }: PhotoSet,
  literal: boolean,
) {
  const [gateway, peer] = [await bench.gateway(), await bench.peer()]
  const over = (name: string, model: BenchModel) =>
    httpContestant(bench.load, { name, service: gateway, path: detectPath(model), files })
  const floor = (name: string, model: BenchModel) =>
    floorContestant(name, bench.floor(), { model: model.name, files })
  const contestants = [
    httpContestant(bench.load, { name: 'peer', service: peer, path: '/v1/detect', files }),
    ...(literal ? [await literalPeer(bench, files)] : []),
    over('gateway, 640', WIRE_640),
    floor('floor, 640', WIRE_640),
    over('gateway, 300x300', WIRE_300),
    floor('floor, 300x300', WIRE_300),
  ]
  const measured = await compare(contestants, atBest(bench))
  const kilobytes = Math.round(meanBytes / 1000)
  const table = comparisonTable(`${title} JPEG (${kilobytes} kB)`, measured)
  return { measured, table }
}

async function run(bench: Workbench): Promise<Section> {
  const tables: Table[] = []
  const goals: Goal[] = []
  const data: unknown[] = []
  for (const { megapixels, peer, floor, literal } of GOALS) {
    const { measured, table } = await measure(
      bench,
      `${megapixels} MP`,
      await bench.photos.ofSize(megapixels),
      literal,
    )
    const over = named(measured, 'gateway, 640')
    const goal = (text: string, under: string, atLeast: number) =>
      ratioGoal({
        text: `JSON, ${megapixels} MP, 640 px: ${text}`,
        over,
        under: named(measured, under),
        atLeast,
      })
    goals.push(
      goal(`${peer}x the peer`, 'peer', peer),
      ...(literal ? [goal(`${peer}x the ${LITERAL}`, LITERAL, peer)] : []),
      goal(`${floor} of the floor`, 'floor, 640', floor),
    )
    tables.push(table)
    data.push({ megapixels, measured })
  }
  const { measured, table } = await measure(
    bench,
    '1920x1080',
    await bench.photos.ofShape(1920, 1080),
    false,
  )
  tables.push(table)
  data.push({ shape: [1920, 1080], measured })
  return {
    title: 'JSON answers',
    text:
      'A photo in a multipart form, its detections as JSON. The card says `max_side` 640, or 300x300 stretched as the demo ' +
      "model's does. The peer sends all pixels, and to the tutorials' letter (2 MP only: it is slow) it also reads them as `np.array(image.getdata())`. The floor decodes and calls as the gateway does, in a loop without HTTP. 1920x1080 " +
      'is the smallest photo of that shape that the JPEG decoder itself shrinks by two for 640 px.',
    tables,
    goals,
    plots: [],
    data,
  }
}

export const json: Scenario = { name: 'json', run }

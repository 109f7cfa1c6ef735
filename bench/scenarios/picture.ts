import { usableCores } from '../../src/cores.js'
import { compare, medianOf } from '../compare.js'
import { httpContestant } from '../contestant.js'
import { WIRE_640 } from '../models.js'
import { comparisonTable, named, ratioGoal } from '../report/comparison.js'
import type { Section } from '../report/section.js'
import { digits } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import { atBest, type Scenario } from './scenario.js'

const MEGAPIXELS = 2
const TIMES_PEER = 12
const FORMATS = ['png', 'jpeg', 'webp']

async function run(bench: Workbench): Promise<Section> {
  const { files } = await bench.photos.ofSize(MEGAPIXELS)
  const [gateway, peer] = [await bench.gateway(), await bench.peer()]
  const peers = await bench.peer({ workers: usableCores() })
  const options = { path: '/v1/detect?format=png', files }
  const measured = await compare(
    [
      httpContestant(bench.load, { ...options, name: 'peer, png', service: peer }),
      httpContestant(bench.load, {
        ...options,
        name: 'peer, png, a process a core',
        service: peers,
      }),
      ...FORMATS.map((format) =>
        httpContestant(bench.load, {
          name: `gateway, ${format}`,
          service: gateway,
          path: detectPath(WIRE_640, `&format=${format}`),
          files,
        }),
      ),
    ],
    // A picture takes the peer more than half a second: short measurements would be all edges.
    { ...atBest(bench), seconds: bench.options.seconds * 1.5, connections: [2, 4, 8] },
  )
  const sizes = measured.map((it) => [it.name, digits(medianOf(it, ({ bytes }) => bytes) / 1000)])
  return {
    title: 'Annotated pictures',
    text: `The photo of ${MEGAPIXELS} MP with ten boxes drawn on it. The tensor is the one of the JSON answer (640 px).`,
    tables: [
      comparisonTable(`${MEGAPIXELS} MP JPEG in, picture out`, measured),
      { title: 'Size of the picture', columns: ['contestant', 'kB'], rows: sizes },
    ],
    goals: [
      ratioGoal({
        text: `annotated PNG, ${MEGAPIXELS} MP: ${TIMES_PEER}x the peer`,
        over: named(measured, 'gateway, png'),
        under: named(measured, 'peer, png'),
        atLeast: TIMES_PEER,
      }),
    ],
    plots: [],
    data: { measured },
  }
}

export const picture: Scenario = { name: 'picture', run }

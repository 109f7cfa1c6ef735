import { compare, medianOf, ratio } from '../compare.js'
import { httpContestant } from '../contestant.js'
import { ENCODED, WIRE_640 } from '../models.js'
import { comparisonTable, named, printRatio } from '../report/comparison.js'
import type { Section } from '../report/section.js'
import { digits } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import { atBest, type Scenario } from './scenario.js'

const MEGAPIXELS = 2
/** What "near" is taken to mean: the bytes come in once and go out once. */
const TIMES_UPLOAD = 2

async function run(bench: Workbench): Promise<Section> {
  const { files, meanBytes } = await bench.photos.ofSize(MEGAPIXELS)
  const [gateway, upload] = [await bench.gateway(), await bench.upload()]
  const over = { service: gateway, files }
  const measured = await compare(
    [
      httpContestant(bench.load, {
        name: 'plain upload',
        service: upload,
        path: '/v1/detect',
        files,
      }),
      httpContestant(bench.load, { ...over, name: 'gateway, encoded', path: detectPath(ENCODED) }),
      httpContestant(bench.load, { ...over, name: 'gateway, 640', path: detectPath(WIRE_640) }),
    ],
    atBest(bench),
  )
  const [plain, encoded] = [named(measured, 'plain upload'), named(measured, 'gateway, encoded')]
  const cpu = ratio(encoded, plain, ({ cpuMs }) => cpuMs)
  const extra = medianOf(encoded, ({ cpuMs }) => cpuMs) - medianOf(plain, ({ cpuMs }) => cpuMs)
  return {
    title: 'Encoded input',
    text:
      'A model that takes encoded pictures (DT_STRING, `max_side` 0) gets an upright JPEG as it came. Beside it a Fastify ' +
      'server that reads the same form into memory and does nothing with it.',
    tables: [comparisonTable(`${MEGAPIXELS} MP JPEG (${digits(meanBytes / 1000)} kB)`, measured)],
    goals: [
      {
        text: `DT_STRING: at most ${TIMES_UPLOAD}x the CPU of a plain upload`,
        measured: `${printRatio(cpu)}, ${digits(extra)} ms more`,
        met: cpu.median <= TIMES_UPLOAD,
      },
    ],
    plots: [],
    data: { measured },
  }
}

export const passthrough: Scenario = { name: 'passthrough', run }

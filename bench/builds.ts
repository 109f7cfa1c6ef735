/**
 * Compares builds of the gateway in turns: this one and others, each the `dist/server.js` of a checkout of its
 * own, after arguments for node where wanted: '--max-semi-space-size=64 ../other/dist/server.js'.
 *
 * Usage: npx tsx bench/builds.ts [--subjects NAMES] [arguments of the suite] -- PROGRAM...
 */
import { compare } from './compare.js'
import { httpContestant } from './contestant.js'
import { type BenchModel, ENCODED, WIRE_300, WIRE_640, WIRE_FULL } from './models.js'
import { readOptions } from './options.js'
import { comparisonTable } from './report/comparison.js'
import { markdownTable } from './report/markdown.js'
import { detectPath, Workbench } from './workbench.js'

const CONNECTIONS = 8

const SUBJECTS: Readonly<
  Record<string, { megapixels: number; model: BenchModel; query?: string }>
> = {
  'json-2mp-640': { megapixels: 2, model: WIRE_640 },
  'json-2mp-300': { megapixels: 2, model: WIRE_300 },
  'json-11mp-640': { megapixels: 11, model: WIRE_640 },
  'json-2mp-full': { megapixels: 2, model: WIRE_FULL },
  'encoded-2mp': { megapixels: 2, model: ENCODED },
  'png-2mp': { megapixels: 2, model: WIRE_640, query: '&format=png' },
  'jpeg-2mp': { megapixels: 2, model: WIRE_640, query: '&format=jpeg' },
}

const args = process.argv.slice(2)
const programs = args.includes('--') ? args.splice(args.indexOf('--')).slice(1) : []
const at = args.indexOf('--subjects')
const chosen = at < 0 ? Object.keys(SUBJECTS) : args.splice(at, 2)[1]!.split(',')
const options = readOptions(args)
if (options !== undefined) {
  const bench = await Workbench.open(options)
  try {
    const services = [{ program: 'this build', service: await bench.gateway() }]
    for (const [index, program] of programs.entries()) {
      const words = program.split(' ')
      const how = { program: words.at(-1)!, nodeArgs: words.slice(0, -1) }
      services.push({ program, service: await bench.startGateway(`build-${index}`, how) })
    }
    for (const name of chosen) {
      const { megapixels, model, query = '' } = SUBJECTS[name]!
      const { files } = await bench.photos.ofSize(megapixels)
      const path = detectPath(model, query)
      const contestants = services.map(({ program, service }) =>
        httpContestant(bench.load, { name: program, service, path, files }),
      )
      const { rounds, seconds } = options
      const measured = await compare(contestants, { rounds, seconds, connections: [CONNECTIONS] })
      console.log(`\n${markdownTable(comparisonTable(name, measured))}`)
    }
  } finally {
    await bench.close()
  }
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** What a run of the bench suite is asked for. */
export interface BenchOptions {
  /** Photos that the sets are made of. */
  readonly photos: readonly string[]
  /** Times that each contestant of a comparison is measured. */
  readonly rounds: number
  /** Seconds of one measurement. */
  readonly seconds: number
  /** Names of the scenarios to run; all unless given. */
  readonly only: readonly string[]
  /** Whether 20,000 requests are sent to watch the memory. */
  readonly soak: boolean
  /** Whether the tables are written into BENCHMARKS.md and the results into bench/results. */
  readonly write: boolean
  /** The arguments as they were given, for the record. */
  readonly command: string
}

const HELP = `Usage: npm run bench -- [--photos <dir or file>...] [--quick] [--only <names>] [--soak] [--write]

  --photos <path>    photo, or folder of photos, to make the sets of (repeatable); test/fixtures by default
  --only <names>     comma list of scenarios
  --quick            2 rounds of 1 s: shows that everything runs, not what it costs
  --rounds <n>       measurements of each contestant (default 5)
  --seconds <n>      seconds of each measurement (default 4)
  --soak             also send 20,000 requests and watch the memory
  --write            write the tables into BENCHMARKS.md and numbers and plots into bench/results`

const FIXTURES = ['astronaut', 'chelsea', 'coffee'].map((name) => `test/fixtures/${name}.jpg`)

/** Photos that a path names: itself, or the JPEGs of the folder. */
function expand(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => /\.jpe?g$/i.test(name))
  if (names.length === 0) throw new Error(`${path} holds no JPEG`)
  return names.sort().map((name) => join(path, name))
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new Error(`--${name} must be a number above 0, not "${text}"`)
}

/** Reads the arguments; `undefined` when only the help was asked for, which it prints. */
export function readOptions(args: string[]): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      photos: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      soak: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return undefined
  }
  const photos = [...values.photos, ...positionals].flatMap(expand)
  return {
    photos: photos.length === 0 ? FIXTURES : photos,
    rounds: positive('rounds', values.rounds ?? (values.quick ? '2' : '5')),
    seconds: positive('seconds', values.seconds ?? (values.quick ? '1' : '4')),
    only: values.only.split(',').filter((name) => name !== ''),
    soak: values.soak,
    write: values.write,
    command: ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
  }
}

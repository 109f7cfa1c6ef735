/** Runs the bench suite: see options.ts for the arguments, BENCHMARKS.md for what it found. */
import { machine } from './machine.js'
import { readOptions } from './options.js'
import type { Section } from './report/section.js'
import { printSection, writeReport } from './report/write.js'
import { batch } from './scenarios/batch.js'
import { fullPixels } from './scenarios/full-pixels.js'
import { json } from './scenarios/json.js'
import { latency } from './scenarios/latency.js'
import { liveness } from './scenarios/liveness.js'
import { memory } from './scenarios/memory.js'
import { passthrough } from './scenarios/passthrough.js'
import { picture } from './scenarios/picture.js'
import { scaling } from './scenarios/scaling.js'
import type { Scenario } from './scenarios/scenario.js'
import { soak } from './scenarios/soak.js'
import { start } from './scenarios/start.js'
import { tuning } from './scenarios/tuning.js'
import { Workbench } from './workbench.js'

const SCENARIOS: readonly Scenario[] = [
  json,
  fullPixels,
  picture,
  passthrough,
  batch,
  latency,
  liveness,
  memory,
  soak,
  start,
  scaling,
  tuning,
]

function chosen(only: readonly string[], withSoak: boolean): readonly Scenario[] {
  const names = SCENARIOS.map(({ name }) => name)
  const unknown = only.filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`No scenario ${unknown}; there are ${names.join(', ')}`)
  if (only.length > 0) return SCENARIOS.filter(({ name }) => only.includes(name))
  return SCENARIOS.filter((scenario) => scenario !== soak || withSoak)
}

const options = readOptions(process.argv.slice(2))
if (options !== undefined) {
  const scenarios = chosen(options.only, options.soak)
  const bench = await Workbench.open(options)
  const sections: Section[] = []
  try {
    for (const scenario of scenarios) {
      const section = await scenario.run(bench)
      printSection(section)
      sections.push(section)
    }
  } finally {
    await bench.close()
  }
  if (options.write) await writeReport({ ...machine(), command: options.command, sections })
}

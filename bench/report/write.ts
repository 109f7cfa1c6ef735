import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from '../machine.js'
import { goalTable, markdownSection, markdownTable } from './markdown.js'
import type { Section, Table } from './section.js'
import { drawPlot } from './svg-plot.js'

/** A run: where it was made, how, and what it found. */
export interface Report extends Machine {
  readonly command: string
  readonly sections: readonly Section[]
}

const RESULTS = 'bench/results'
const DOCUMENT = 'BENCHMARKS.md'

/** Prints a section as it will stand in the document. */
export function printSection(section: Section): void {
  console.log(`\n${markdownSection(section, RESULTS)}`)
}

function machineTable(report: Report): Table {
  const { date, commit, cpu, cores, memoryGib, system, versions, loadBefore } = report
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return {
    title: 'The run',
    columns: ['', ''],
    rows: [
      ['command', `\`${report.command}\``],
      ['date, commit', `${date}, ${commit}`],
      ['machine', `${cores} cores of ${cpu}, ${memoryGib} GiB, ${system}`],
      ['software', software.join(', ')],
      ['load before', loadBefore.toFixed(1)],
    ],
  }
}

/** Puts text between the markers `<!-- name -->` and `<!-- /name -->` of the document. */
export async function replaceBlock(name: string, text: string): Promise<void> {
  const document = await readFile(DOCUMENT, 'utf8')
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = document.indexOf(start)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no ${start} ... ${end}`)
  const before = document.slice(0, from + start.length)
  await writeFile(DOCUMENT, `${before}\n\n${text}\n\n${document.slice(to)}`)
}

/** Writes the tables into BENCHMARKS.md, and numbers and plots into bench/results. */
export async function writeReport(report: Report): Promise<void> {
  await mkdir(RESULTS, { recursive: true })
  const { sections } = report
  const data = sections.map(({ title, goals, data: found }) => ({ title, goals, data: found }))
  const record = { ...report, sections: data }
  await writeFile(join(RESULTS, 'results.json'), `${JSON.stringify(record, rounded, 1)}\n`)
  for (const plot of sections.flatMap(({ plots }) => plots)) {
    await writeFile(join(RESULTS, `${plot.name}.svg`), drawPlot(plot))
  }
  const text = [
    markdownTable(machineTable(report)),
    goalTable(sections.flatMap(({ goals }) => goals)),
    ...sections.map((section) => markdownSection({ ...section, goals: [] }, RESULTS)),
  ]
  await replaceBlock('results', text.join('\n\n'))
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}

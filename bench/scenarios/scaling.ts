import { type Contestant, httpContestant, type Sample } from '../contestant.js'
import { countingModel, DETECTION_COUNTS, WIRE_300, WIRE_640, WIRE_FULL } from '../models.js'
import type { Plot, Section, Series, Table } from '../report/section.js'
import { digits } from '../statistics.js'
import { detectPath, type Workbench } from '../workbench.js'
import type { Scenario } from './scenario.js'

const MEGAPIXELS = [0.3, 1, 2, 5, 11]
const CONNECTIONS = [1, 2, 4, 8, 16, 32]
const USUAL_CONNECTIONS = 4
const USUAL_MEGAPIXELS = 2

/** One line: how to get the contestant and the requests at once for a value of x. */
interface Line {
  readonly name: string
  at(x: number): Promise<{ contestant: Contestant; connections: number }>
}

interface Sweep extends Omit<Plot, 'series'> {
  readonly values: readonly number[]
  readonly lines: readonly Line[]
  read(sample: Sample): number
}

async function measure(bench: Workbench, sweep: Sweep): Promise<{ plot: Plot; table: Table }> {
  const { values, lines, read, ...labels } = sweep
  const series: Series[] = []
  for (const { name, at } of lines) {
    const points: [number, number][] = []
    for (const x of values) {
      const { contestant, connections } = await at(x)
      await contestant.measure(connections, bench.options.seconds / 4)
      points.push([x, read(await contestant.measure(connections, bench.options.seconds))])
    }
    series.push({ name, points })
  }
  return {
    plot: {
      ...labels,
      // A logarithmic axis has no zero.
      series: series.map(({ name, points }) => ({ name, points: points.filter(([x]) => x > 0) })),
    },
    table: {
      title: `${labels.title}: ${labels.yLabel}`,
      columns: [labels.xLabel, ...series.map(({ name }) => name)],
      rows: values.map((x, row) => [
        `${x}`,
        ...series.map(({ points }) => digits(points[row]![1])),
      ]),
    },
  }
}

async function sweeps(bench: Workbench): Promise<Sweep[]> {
  const [gateway, peer] = [await bench.gateway(), await bench.peer()]
  const usual = (await bench.photos.ofSize(USUAL_MEGAPIXELS)).files
  const via = (service: typeof gateway, path: string, files: readonly string[]) =>
    httpContestant(bench.load, { name: path, service, path, files })
  const bySize = (name: string, service: typeof gateway, path: string): Line => ({
    name,
    at: async (megapixels) => ({
      contestant: via(service, path, (await bench.photos.ofSize(megapixels)).files),
      connections: USUAL_CONNECTIONS,
    }),
  })
  const byConnections = (name: string, service: typeof gateway, path: string): Line => ({
    name,
    at: async (connections) => ({ contestant: via(service, path, usual), connections }),
  })
  const byDetections = (name: string, query: string): Line => ({
    name,
    at: async (count) => ({
      contestant: via(gateway, detectPath(countingModel(count), query), usual),
      connections: USUAL_CONNECTIONS,
    }),
  })
  const connectionLines = [
    byConnections('gateway, 640', gateway, detectPath(WIRE_640)),
    byConnections('gateway, 300x300', gateway, detectPath(WIRE_300)),
    byConnections('peer', peer, '/v1/detect'),
  ]
  return [
    {
      name: 'cost-by-pixels',
      title: 'Cost by pixels',
      xLabel: 'megapixels',
      yLabel: 'CPU ms a photo',
      values: MEGAPIXELS,
      read: ({ cpuMs }) => cpuMs,
      lines: [
        bySize('gateway, 300x300', gateway, detectPath(WIRE_300)),
        bySize('gateway, 640', gateway, detectPath(WIRE_640)),
        bySize('gateway, all pixels', gateway, detectPath(WIRE_FULL)),
        bySize('peer', peer, '/v1/detect'),
      ],
    },
    {
      name: 'throughput-by-concurrency',
      title: 'Throughput by concurrency',
      xLabel: 'requests at once',
      yLabel: 'photos a second',
      values: CONNECTIONS,
      read: ({ rate }) => rate,
      lines: connectionLines,
    },
    {
      name: 'latency-by-concurrency',
      title: 'Latency by concurrency',
      xLabel: 'requests at once',
      yLabel: 'p99 ms',
      values: CONNECTIONS,
      read: ({ p99 }) => p99,
      lines: connectionLines,
    },
    {
      name: 'cost-by-detections',
      title: 'Cost by detections',
      xLabel: 'detections',
      yLabel: 'CPU ms a photo',
      values: DETECTION_COUNTS,
      read: ({ cpuMs }) => cpuMs,
      lines: [
        byDetections('JSON', ''),
        byDetections('JPEG', '&format=jpeg'),
        byDetections('PNG', '&format=png'),
      ],
    },
  ]
}

async function run(bench: Workbench): Promise<Section> {
  const tables: Table[] = []
  const plots: Plot[] = []
  for (const sweep of await sweeps(bench)) {
    const { plot, table } = await measure(bench, sweep)
    plots.push(plot)
    tables.push(table)
  }
  return {
    title: 'How cost grows',
    text: `One measurement a point, not interleaved: for the shape of the curves. ${USUAL_MEGAPIXELS} MP and ${USUAL_CONNECTIONS} requests at once unless that is what varies.`,
    tables,
    goals: [],
    plots,
    data: plots,
  }
}

export const scaling: Scenario = { name: 'scaling', run }

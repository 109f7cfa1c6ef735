/**
 * Checks the arithmetic of docs/scaling.md: measures what a photo costs, predicts from that what sizes of a deployment
 * carry, and measures those.
 *
 * Usage: npm run -s compile && npx tsx bench/scale/run.ts [--only devices|embedded] [--seconds N]
 *
 * Linux with two cores and taskset; about a minute each.
 */
import { parseArgs } from 'node:util'
import { markdownTable } from '../report/markdown.js'
import type { Table } from '../report/section.js'
import { digits } from '../statistics.js'
import { DEVICE_MS, Fleet, type Measured, type Size } from './fleet.js'
import { DEVICE, EMBEDDED, FREE } from './models.js'

const PHOTOS = ['astronaut', 'chelsea', 'coffee'].map((name) => `test/fixtures/${name}.jpg`)

/** Enough for every slot, call and place of the queue that two model servers keep busy. */
const CONNECTIONS = 16

const APART = { gateway: '0', server: '1', load: '1' }
const BESIDE = { gateway: '0', server: '0', load: '1' }
const TOGETHER = { gateway: '0,1', server: '0,1', load: '0,1' }

const SIZES: Readonly<Record<string, readonly Size[]>> = {
  devices: [
    { kind: DEVICE, gateways: 1, servers: 1, cores: APART },
    { kind: DEVICE, gateways: 1, servers: 2, cores: APART },
    { kind: DEVICE, gateways: 1, servers: 4, cores: APART },
    { kind: DEVICE, gateways: 2, servers: 6, cores: TOGETHER },
  ],
  embedded: [
    { kind: EMBEDDED, gateways: 1, servers: 1, cores: BESIDE },
    { kind: EMBEDDED, gateways: 1, servers: 2, cores: TOGETHER },
    { kind: EMBEDDED, gateways: 2, servers: 2, cores: TOGETHER },
  ],
}

/** What can run out, and the photos a second at which it does. */
function limits({ kind, servers, cores }: Size, cost: Measured): [what: string, rate: number][] {
  const byCores = new Map<string, { what: string[]; ms: number }>()
  const uses = [
    ['gateways', cores.gateway, cost.gatewayMs],
    ['model servers', cores.server, cost.serverMs],
    ['load', cores.load, cost.loadMs],
  ] as const
  for (const [what, on, ms] of uses) {
    const group = byCores.get(on) ?? { what: [], ms: 0 }
    byCores.set(on, { what: [...group.what, what], ms: group.ms + ms })
  }
  const cpu = [...byCores].map(([on, { what, ms }]): [string, number] => [
    `CPU of ${what.join(' and ')}`,
    (on.split(',').length * 1000) / ms,
  ])
  return kind === DEVICE ? [['devices', (servers * 1000) / DEVICE_MS], ...cpu] : cpu
}

function costTable(name: string, alone: Measured, busy: Measured): Table {
  const row = (what: string, read: (measured: Measured) => number): string[] => [
    what,
    digits(read(alone)),
    digits(read(busy)),
  ]
  const stage = (name: string) => (measured: Measured) => measured.stages.get(name) ?? 0
  return {
    title: `Milliseconds of a photo, ${name}`,
    columns: ['', 'one request at a time', `${CONNECTIONS} at once`],
    rows: [
      row('wait for a turn', stage('queue')),
      row('decode and shrink', stage('decode')),
      row('call of the model server', stage('predict')),
      row('answer made of the outputs', stage('postprocess')),
      row('request, median', ({ p50 }) => p50),
      row('CPU of the gateway', ({ gatewayMs }) => gatewayMs),
      row('of it, its JavaScript thread', ({ mainMs }) => mainMs),
      row('CPU of the model server', ({ serverMs }) => serverMs),
      row('CPU of the load generator', ({ loadMs }) => loadMs),
    ],
  }
}

function sizeRow(size: Size, cost: Measured, measured: Measured): string[] {
  const [what, rate] = limits(size, cost).reduce((a, b) => (b[1] < a[1] ? b : a))
  const { gateway, server } = size.cores
  return [
    `${size.gateways} on ${gateway}`,
    `${size.servers} on ${server}`,
    what,
    digits(rate),
    digits(measured.rate),
    (measured.rate / rate).toFixed(2),
    digits(measured.p50),
    digits(measured.p99),
    digits(measured.gatewayMs),
    digits(measured.serverMs),
  ]
}

const COLUMNS = [
  'gateways on cores',
  'model servers on cores',
  'runs out first',
  'predicted/s',
  'measured/s',
  'ratio',
  'p50 ms',
  'p99 ms',
  'gateway CPU ms',
  'server CPU ms',
]

async function check(fleet: Fleet, name: string, seconds: number): Promise<void> {
  const sizes = SIZES[name]!
  const first = sizes[0]!
  const plan = { model: first.kind, connections: 1, seconds }
  const alone = await fleet.measure(first, plan)
  // A device that takes its time would leave the gateway idle, and an idle one takes more CPU for a photo.
  const model = first.kind === DEVICE ? FREE : first.kind
  const busy = await fleet.measure(first, { model, connections: CONNECTIONS, seconds })
  console.log(`${markdownTable(costTable(name, alone, busy))}\n`)
  const rows: string[][] = []
  for (const size of sizes) {
    const measured = await fleet.measure(size, { ...plan, connections: CONNECTIONS })
    rows.push(sizeRow(size, busy, measured))
  }
  console.log(`${markdownTable({ title: `Sizes, ${name}`, columns: COLUMNS, rows })}\n`)
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, seconds: { type: 'string', default: '3' } },
})
const names = Object.keys(SIZES).filter((name) => values.only === undefined || name === values.only)
if (names.length === 0) throw new Error(`--only is one of ${Object.keys(SIZES).join(', ')}`)
const fleet = await Fleet.open(PHOTOS)
try {
  for (const name of names) await check(fleet, name, Number(values.seconds))
} finally {
  await fleet.close()
}

import { readdirSync } from 'node:fs'

/** What must be zero once nobody asks for anything. */
const IDLE = [
  'slots_in_use',
  'slots_waiting',
  'requests_admitted',
  'requests_waiting',
  'decoder_bytes_reserved',
  'call_bytes_reserved',
]

/** Reads the gateway's metrics without labels, by name without the prefix, and the count of its own failures. */
export async function readMetrics(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = new Map<string, number>()
  for (const [, name, value] of text.matchAll(/^detection_gateway_(\w+) (\S+)$/gm))
    found.set(name!, Number(value))
  const failures = /^detection_gateway_errors_total\{code="internal_error"\} (\S+)$/m.exec(text)
  found.set('internal_errors', Number(failures?.[1] ?? Number.NaN))
  return found
}

/** Names of the gauges that tell of work, or of memory set aside for some, where there should be none. */
export function leftOver(metrics: ReadonlyMap<string, number>): string[] {
  return IDLE.filter((name) => metrics.get(name) !== 0).map(
    (name) => `${name} ${metrics.get(name)}`,
  )
}

/** Files and sockets that a process holds open. */
export function openHandles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** The slope of a line through points, by least squares. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map(([each]) => each))
  const y = mean(points.map(([, each]) => each))
  const covariance = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0)
  return covariance / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0)
}

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Reads a control group's CPU quota in cores from `cpu.max` (Linux cgroup v2: "quota period"); Infinity without one. */
function quotaCores(text: string): number {
  const [quota, period] = text.trim().split(/\s+/)
  if (quota === undefined || quota === 'max' || period === undefined)
    return Number.POSITIVE_INFINITY
  return Number(quota) / Number(period)
}

function readQuota(): number {
  try {
    return quotaCores(readFileSync('/sys/fs/cgroup/cpu.max', 'utf8'))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Cores this process may use: the smaller of the affinity and the container's CPU quota, rounded up, at least 1. */
export function usableCores(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(readQuota())))
}

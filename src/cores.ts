import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const CGROUP = '/sys/fs/cgroup'

/** Reads the numbers of a control group's files, in their order; nothing when one is missing. */
function readWords(...files: string[]): string[] {
  try {
    return files.flatMap((file) => readFileSync(`${CGROUP}/${file}`, 'utf8').trim().split(/\s+/))
  } catch {
    return []
  }
}

/**
 * The container's CPU quota in cores; Infinity without one. cgroup v2 has "quota period" in `cpu.max` ("max" for none),
 * v1 a file for each (-1 for none).
 */
function quotaCores(): number {
  const v2 = readWords('cpu.max')
  const [quota, period] =
    v2.length > 0 ? v2 : readWords('cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us')
  const cores = Number(quota) / Number(period)
  return cores > 0 ? cores : Number.POSITIVE_INFINITY
}

/** Cores this process may use: the smaller of the affinity and the container's CPU quota, rounded up, at least 1. */
export function usableCores(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(quotaCores())))
}

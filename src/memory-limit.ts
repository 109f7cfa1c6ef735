import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

const GIBIBYTE = 1024 ** 3
/** The limit of the process's control group, version 2 and version 1. */
const FILES = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']

/**
 * Bytes of memory that the container may use; 1 GiB where it has no limit, which version 2 writes as "max" and version 1
 * as more bytes than there are.
 */
export function containerMemoryBytes(files: readonly string[] = FILES): number {
  for (const file of files) {
    try {
      const bytes = Number(readFileSync(file, 'utf8').trim())
      return bytes > 0 && bytes <= totalmem() ? bytes : GIBIBYTE
    } catch {
      // Not this version.
    }
  }
  return GIBIBYTE
}

import { hostname } from 'node:os'

/** A process, as names of temporary directories and locks carry it: `<pid>-<host>`. */
const OWNER = /^(\d+)-(.*)$/

/** Letters that are safe in a file name on every system. */
function safeHost(): string {
  return hostname().replace(/[^A-Za-z0-9.]/g, '_')
}

/** Names this process. */
export function thisOwner(): string {
  return `${process.pid}-${safeHost()}`
}

/**
 * Tells whether the process that a name stands for has ended: `undefined` where that cannot be known, because it ran on
 * another machine, or in another container, than this one.
 */
export function hasEnded(owner: string): boolean | undefined {
  const [, pid, host] = OWNER.exec(owner) ?? []
  if (pid === undefined || host !== safeHost()) return undefined
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

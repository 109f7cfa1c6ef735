import { randomBytes } from 'node:crypto'
import { readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from '../../repository/snapshot.js'
import { ExportError, fileError } from '../export-error.js'
import { hasEnded, thisOwner } from './owner.js'

export interface LockOptions {
  /** Milliseconds after which waiting for another process is given up; 60,000 unless given. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds after which a lock of another machine counts as left behind; 60,000 unless given. */
  readonly staleMs?: number | undefined
}

const POLL_MS = 50
/** Longest time that breaking a lock takes: milliseconds, and more on a machine that hangs. */
const BREAK_MS = 10_000

/**
 * Runs `work` while no other process runs under the same lock: a file that is there while it is held. A lock whose
 * holder has ended is taken over. Throws `ExportError` when it stays held. What is done under it should take
 * milliseconds.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const token = `${thisOwner()} ${randomBytes(8).toString('hex')}\n`
  await acquire(path, token, options)
  try {
    return await work()
  } finally {
    await release(path, token)
  }
}

async function acquire(path: string, token: string, options: LockOptions): Promise<void> {
  const { timeoutMs = 60_000, staleMs = 60_000 } = options
  const deadline = Date.now() + timeoutMs
  while (!(await take(path, token))) {
    const holder = await readHolder(path)
    if (holder !== undefined && (await isLeftBehind(path, holder, staleMs))) {
      await breakLock(path, holder)
    } else if (Date.now() >= deadline) {
      throw new ExportError(
        `${path}: is held by another export (${(holder ?? 'unknown').trim()}) for ${timeoutMs / 1000} s. ` +
          'Delete it if no export is running',
      )
    } else await sleep(POLL_MS)
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: 'wx' })
    return true
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return false
    throw fileError('create it', path, cause)
  }
}

async function readHolder(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function isLeftBehind(path: string, holder: string, staleMs: number): Promise<boolean> {
  const ended = hasEnded(holder.split(' ')[0] ?? '')
  return ended ?? (await isOlderThan(path, staleMs))
}

async function isOlderThan(path: string, ms: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ms
  } catch {
    return false
  }
}

/**
 * Removes a lock that was left behind. One process at a time does so and looks again first, so that nobody's new lock is
 * taken for the old one.
 */
async function breakLock(path: string, holder: string): Promise<void> {
  const breaker = `${path}.break`
  if (!(await take(breaker, holder))) {
    // What stays longer belongs to a process that ended in the midst of it.
    if (await isOlderThan(breaker, BREAK_MS)) await rm(breaker, { force: true })
    return await sleep(POLL_MS)
  }
  try {
    if ((await readHolder(path)) === holder) await rm(path, { force: true })
  } finally {
    await rm(breaker, { force: true })
  }
}

async function release(path: string, token: string): Promise<void> {
  if ((await readHolder(path)) === token) await unlink(path)
}

import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** How far the threads that decode and encode stand behind the one that answers: setpriority(2) of Linux takes up to 19. */
const NICENESS = 10

/** Names of the threads that work on pixels: libuv's pool, since Node 22, and those that libvips starts from it. */
const DECODERS = new Set(['libuv-worker', 'libvips worker'])

const THREADS = '/proc/self/task'

function nameOf(thread: string): string | undefined {
  try {
    return readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim()
  } catch {
    // It has ended since the folder was listed.
    return undefined
  }
}

/**
 * Lets the thread that answers go before those that decode, so that a health check is not kept waiting by them
 * while every core decodes. Threads started later inherit it. Gives how many threads it found: none on other systems
 * than Linux, where priority belongs to the process, and on Node 20, whose threads have no names.
 */
export function lowerDecoders(): number {
  if (process.platform !== 'linux') return 0
  const threads = readdirSync(THREADS).filter((thread) => DECODERS.has(nameOf(thread) ?? ''))
  for (const thread of threads) setPriority(Number(thread), NICENESS)
  return threads.length
}

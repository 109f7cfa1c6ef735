import { createHash } from 'node:crypto'

/** A part of the files: the one with this index, from 0, of so many. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** Most parts that work can be cut into. */
const MOST = 100_000

/** Reads `I/N`, with I from 0 to N - 1. Throws with what is wrong, in words. */
export function readShard(text: string): Shard {
  const [index = Number.NaN, count = Number.NaN] = /^\d+\/\d+$/.test(text)
    ? text.split('/').map(Number)
    : []
  if (index < count && count <= MOST) return { index, count }
  throw new Error(
    `--shard must be I/N, part I of N, counted from 0 to N - 1 (0/4, 1/4, 2/4, 3/4), not "${text}"`,
  )
}

/**
 * Whether a file belongs to a shard. Its path alone decides: files that come or go move no other to another shard, so that
 * what each has written already stays what it has to do.
 */
export function isInShard(path: string, { index, count }: Shard): boolean {
  return createHash('sha256').update(path).digest().readUInt32BE(0) % count === index
}

/** Longest delay in milliseconds of a Node timer; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** Milliseconds from now to an epoch time, as a timer takes them. */
export function toDelay(deadline: number): number {
  return Math.min(MAX_DELAY_MS, Math.max(0, deadline - Date.now()))
}

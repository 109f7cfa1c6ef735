/**
 * Settles as `work` does, or rejects with the signal's reason when that comes first; the work then goes on by itself, and
 * nobody hears how it ends.
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    const settled = (act: () => void) => {
      signal.removeEventListener('abort', onAbort)
      act()
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work.then(
      (value) => settled(() => resolve(value)),
      (error) => settled(() => reject(error)),
    )
  })
}

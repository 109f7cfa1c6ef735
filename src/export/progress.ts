/** Hears how far an export is: what is being done, and how many bytes of how many are done. */
export type ProgressListener = (step: ProgressStep, done: number, total: number) => void

export type ProgressStep = 'verify' | 'write'

/** Makes a function that is told of each further number of bytes and reports the sum. */
export function countBytes(
  listener: ProgressListener | undefined,
  step: ProgressStep,
  total: number,
): (count: number) => void {
  let done = 0
  return (count) => {
    done += count
    listener?.(step, done, total)
  }
}

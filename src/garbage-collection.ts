import { setFlagsFromString } from 'node:v8'

/** Percent that the heap may grow by between two collections of all of it. V8 itself goes by 10 to 300, mostly the lower. */
const GROWTH_PERCENT = 300

/**
 * Lets the heap of this process grow to four times what is in use before all of it is collected. Uploads and tensors
 * count as heap while they wait to be freed, megabytes a request, so V8 would else go through its few long-lived
 * megabytes every dozen requests: a fifth of all CPU time. `--max-old-space-size` stays the limit. Works after the start,
 * because V8 reads the flag whenever it sets the next goal (`MemoryController::GrowingFactor` in its `heap-controller.cc`).
 */
export function collectSeldom(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}

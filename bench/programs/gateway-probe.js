// Is loaded into the gateway before it starts (--import). Watches the event loop and profiles when its parent asks for it
// by IPC, and sets what the gateway has no setting for: the threads of libvips and its cache.
import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import sharp from 'sharp'

/** How often the loop is looked at; the histogram's values hold it. */
const RESOLUTION_MS = 5

/** Bytes between two samples of the allocations. */
const SAMPLING_BYTES = 16 * 1024

const { BENCH_SHARP_CONCURRENCY, BENCH_SHARP_CACHE } = process.env
if (BENCH_SHARP_CONCURRENCY !== undefined) sharp.concurrency(Number(BENCH_SHARP_CONCURRENCY))
if (BENCH_SHARP_CACHE !== undefined) sharp.cache(BENCH_SHARP_CACHE === 'on')

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)

const session = new Session()
session.connect()

const JOBS = {
  watchLoop() {
    delay.reset()
    delay.enable()
  },
  lateness() {
    delay.disable()
    const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map(late)
    return { p50, p99, max }
  },
  async startCpuProfile() {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 200 })
    await session.post('Profiler.start')
  },
  async writeCpuProfile(file) {
    const { profile } = await session.post('Profiler.stop')
    await writeFile(file, JSON.stringify(profile))
  },
  async startHeapProfile() {
    await session.post('HeapProfiler.startSampling', {
      samplingInterval: SAMPLING_BYTES,
      // What was collected meanwhile is what costs the collector its time.
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    })
  },
  async writeHeapProfile(file) {
    const { profile } = await session.post('HeapProfiler.stopSampling')
    await writeFile(file, JSON.stringify(profile))
  },
}

process.on('message', async ({ id, job: { name, argument } }) => {
  const result = await JOBS[name](argument)
  process.send({ id, result: result ?? null })
})
// The channel alone must not keep the gateway from ending.
process.channel?.unref()

import type { Deadline } from '../deadline.js'
import type { DetectOptions, Detector } from './detector.js'
import { drawPicture, type PictureOptions } from './picture.js'
import type { DetectionResult } from './result.js'
import { Stopwatch } from './stopwatch.js'

/** What one image gave, and the annotated picture where one was asked for. */
export interface ImageAnswer {
  readonly result: DetectionResult
  readonly picture: Buffer | null
  /** Milliseconds that decoding for, drawing and encoding the picture took. */
  readonly annotateMs: number
}

/** Detects the objects in one upload within a bounded place of the queue, and draws them when `picture` is given. */
export async function detectImage(
  detector: Detector,
  upload: Buffer,
  options: DetectOptions,
  picture: PictureOptions | undefined,
  deadline: Deadline,
): Promise<ImageAnswer> {
  const stopwatch = new Stopwatch()
  const leave = await detector.enter(options, deadline)
  stopwatch.lap('queue')
  try {
    const job = await detector.open(upload, deadline, stopwatch)
    if (picture === undefined) {
      const { result } = await detector.detect(job, options, deadline)
      return { result, picture: null, annotateMs: 0 }
    }
    return await detector.keepingPicture(job, async (kept) => {
      const detected = await detector.detect(kept, options, deadline)
      const start = performance.now()
      const drawn = await drawPicture(detector, job, detected, picture, { options, deadline })
      const annotateMs = performance.now() - start
      detector.observeAnnotate(options.selector.model, annotateMs / 1000)
      return { result: detected.result, picture: drawn, annotateMs }
    })
  } finally {
    leave()
  }
}

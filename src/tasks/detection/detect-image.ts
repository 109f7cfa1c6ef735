import type { Deadline } from '../deadline.js'
import { answerJob, withJob } from '../image/image-task.js'
import type { DetectOptions, Detector } from './detector.js'
import { drawPicture, type PictureOptions } from './picture.js'
import type { DetectionResult } from './result.js'

/** What one image gave, and the annotated picture where one was asked for. */
export interface ImageAnswer {
  readonly result: DetectionResult
  readonly picture: Buffer | null
  /** Milliseconds that decoding for, drawing and encoding the picture took. */
  readonly annotateMs: number
}

/** Detects the objects in one upload within a bounded place of the queue, and draws them when `picture` is given. */
export function detectImage(
  detector: Detector,
  upload: Buffer,
  options: DetectOptions,
  picture: PictureOptions | undefined,
  deadline: Deadline,
): Promise<ImageAnswer> {
  const { pipeline } = detector
  return withJob(pipeline, upload, options, deadline, async (job) => {
    if (picture === undefined) {
      const { result } = await answerJob(detector, job, options, deadline)
      return { result, picture: null, annotateMs: 0 }
    }
    return pipeline.keepingPicture(job, async (kept) => {
      const answer = await answerJob(detector, kept, options, deadline)
      const start = performance.now()
      const drawn = await drawPicture(pipeline, job, answer, picture, { options, deadline })
      const annotateMs = performance.now() - start
      pipeline.observeAnnotate(options.selector.model, annotateMs / 1000)
      return { result: answer.result, picture: drawn, annotateMs }
    })
  })
}

import type { RgbImage } from '../../imaging/geometry.js'
import type { Deadline } from '../deadline.js'
import type { ImagePlan, ImageRequest, Job, PreparedJob } from './image-job.js'
import type { ImagePipeline } from './image-pipeline.js'
import { Stopwatch } from './stopwatch.js'

/** One kind of question about images: what is asked of the model, and how its answer is read. */
export interface ImageTask<Options extends ImageRequest, Plan extends ImagePlan, Result> {
  readonly pipeline: ImagePipeline
  /** Runs `work` with the model as the task sees it; see `ImagePipeline.withSignatures`. */
  withPlan<T>(options: Options, deadline: Deadline, work: (plan: Plan) => Promise<T>): Promise<T>
  /**
   * Sends images of one size in one call and reads what the model says of each, in their order. An image of several views
   * comes alone.
   */
  predict(jobs: readonly PreparedJob[], plan: Plan): Promise<Result[]>
}

/** What the model said of an image, and its picture where it was kept. */
export interface JobAnswer<Result> {
  readonly result: Result
  readonly picture: RgbImage | undefined
}

/** Takes one opened image from its header to its result. */
export function answerJob<Options extends ImageRequest, Plan extends ImagePlan, Result>(
  task: ImageTask<Options, Plan, Result>,
  job: Job,
  options: Options,
  deadline: Deadline,
): Promise<JobAnswer<Result>> {
  const { pipeline } = task
  return task.withPlan(options, deadline, (plan) =>
    pipeline.withCallMemory([job], plan, async () => {
      const prepared = await pipeline.inputs.prepare(job, plan)
      const [result] = await task.predict([prepared], plan)
      return { result: result!, picture: prepared.input.picture }
    }),
  )
}

/** Runs `work` on an upload once it is its request's turn and its header has been read. */
export async function withJob<T>(
  pipeline: ImagePipeline,
  upload: Buffer,
  options: ImageRequest,
  deadline: Deadline,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const stopwatch = new Stopwatch()
  const leave = await pipeline.enter(options, deadline)
  stopwatch.lap('queue')
  try {
    return await work(await pipeline.open(upload, deadline, stopwatch))
  } finally {
    leave()
  }
}

/** Answers one upload within a bounded place of the queue. */
export function answerImage<Options extends ImageRequest, Plan extends ImagePlan, Result>(
  task: ImageTask<Options, Plan, Result>,
  upload: Buffer,
  options: Options,
  deadline: Deadline,
): Promise<Result> {
  return withJob(task.pipeline, upload, options, deadline, async (job) => {
    const { result } = await answerJob(task, job, options, deadline)
    return result
  })
}

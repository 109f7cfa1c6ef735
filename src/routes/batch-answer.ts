import { PassThrough } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { toGatewayError } from '../plugins/foreign-errors.js'
import { type Problem, toProblem } from '../schemas/problem.js'
import { answerBatch } from '../tasks/image/image-batch.js'
import type { ImagePlan, ImageRequest } from '../tasks/image/image-job.js'
import type { ImageTask } from '../tasks/image/image-task.js'
import type { Upload } from './body/upload.js'

/** A batch of images and what is asked of them. */
export interface Batch<Options, Plan extends ImagePlan, Result, Answer> {
  readonly task: ImageTask<Options & ImageRequest, Plan, Result>
  readonly uploads: readonly Upload[]
  readonly options: Options & ImageRequest
  readonly parameters: { readonly timeoutMs?: number }
  /** Writes what one image gave. */
  readonly toAnswer: (result: Result) => Answer
}

interface Place {
  readonly index: number
  readonly filename: string | null
}

/** What became of one image, as it is answered. */
export type Item<Answer> =
  | (Place & { readonly status: 200 } & Answer)
  | (Place & { readonly status: number; readonly error: Problem })

/**
 * Runs a batch and gives each item to `deliver` as soon as it is known. Throws what concerns all images, such as a client
 * that has left.
 */
export async function runBatch<Options, Plan extends ImagePlan, Result, Answer>(
  request: FastifyRequest,
  batch: Batch<Options, Plan, Result, Answer>,
  deliver: (item: Item<Answer>) => void,
): Promise<void> {
  const { task, uploads, options, parameters, toAnswer } = batch
  await request.server.withDeadline(request, parameters, async (deadline) => {
    const leave = await task.pipeline.enter(options, deadline)
    try {
      await answerBatch(task, uploads, options, deadline, (outcome) => {
        if (request.cancellation.aborted) return
        const { index } = outcome
        const place = { index, filename: uploads[index]!.filename }
        if ('result' in outcome) deliver({ ...place, status: 200, ...toAnswer(outcome.result) })
        else deliver({ ...place, ...toFailure(request, index, outcome.error) })
      })
      request.cancellation.throwIfAborted()
    } finally {
      leave()
    }
  })
}

function toFailure(request: FastifyRequest, index: number, reason: unknown) {
  const error = toGatewayError(reason)
  if (error.statusCode >= 500) request.log.error({ err: error, index }, 'image of a batch failed')
  request.server.metrics.countError(error.code)
  return { status: error.statusCode, error: toProblem(error, request.id) }
}

/** Runs a batch to its end and gives the items in the order of the uploads. */
export async function collectItems<Options, Plan extends ImagePlan, Result, Answer>(
  request: FastifyRequest,
  batch: Batch<Options, Plan, Result, Answer>,
): Promise<Item<Answer>[]> {
  const items: Item<Answer>[] = []
  await runBatch(request, batch, (item) => items.push(item))
  return items.sort((a, b) => a.index - b.index)
}

/** Starts a stream of lines with the first result, so that what fails as a whole can still be a problem document. */
export function streamItems<Options, Plan extends ImagePlan, Result, Answer>(
  request: FastifyRequest,
  batch: Batch<Options, Plan, Result, Answer>,
): Promise<PassThrough> {
  return new Promise((resolve, reject) => {
    const lines = new PassThrough()
    const write = (item: Item<Answer>) => {
      const line = `${JSON.stringify(item)}\n`
      request.holdAnswer(line.length)
      lines.write(line)
      resolve(lines)
    }
    // Once a line is out nothing can be taken back: then only a broken stream tells of an error.
    const fail = (error: unknown) => {
      if (lines.readableLength > 0 || lines.readableDidRead) lines.destroy(error as Error)
      else reject(error)
    }
    runBatch(request, batch, write).then(() => lines.end(), fail)
  })
}

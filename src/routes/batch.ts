import { PassThrough } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { clientOf } from '../plugins/client-of.js'
import { toGatewayError } from '../plugins/foreign-errors.js'
import { COCO_TYPE, CocoDocument, toCoco } from '../schemas/formats/coco.js'
import { problemResponses, toProblem } from '../schemas/problem.js'
import { BATCH_BODIES, DetectQuery } from '../schemas/requests.js'
import { BatchItem, BatchResponse } from '../schemas/responses.js'
import { toDetectOptions } from '../schemas/to-options.js'
import { toDetectResponse } from '../schemas/to-response.js'
import type { DetectionResult } from '../tasks/detection/result.js'
import { answerBatch, type BatchOutcome } from '../tasks/image/image-batch.js'
import { batchFormat, NDJSON, refuseRedaction } from './answer-format.js'
import { bodySizesOf, type DetectRequest, readDetectBody } from './body/read-detect-body.js'
import type { BodyLimits } from './body/upload.js'
import { DETECT_PROBLEMS } from './detect-problems.js'

const schema = {
  operationId: 'detectBatch',
  summary: 'Detect objects in many images',
  description:
    'Takes many images and answers each of them; one bad image fails alone. With `Accept: application/x-ndjson` every ' +
    'result is a line of its own, sent as soon as it is ready.',
  tags: ['detection'],
  response: {
    200: {
      description:
        'The results, in the order of the uploads; as lines, in the order in which they are ready',
      content: {
        'application/json': { schema: BatchResponse },
        [NDJSON]: { schema: BatchItem },
        [COCO_TYPE]: { schema: CocoDocument },
      },
    },
    ...problemResponses(...DETECT_PROBLEMS),
  },
}

function toItem(
  outcome: BatchOutcome<DetectionResult>,
  filename: string | null,
  request: FastifyRequest,
): BatchItem {
  const { index } = outcome
  if ('result' in outcome)
    return { index, filename, status: 200, ...toDetectResponse(outcome.result) }
  const error = toGatewayError(outcome.error)
  if (error.statusCode >= 500) request.log.error({ err: error, index }, 'image of a batch failed')
  request.server.metrics.countError(error.code)
  return { index, filename, status: error.statusCode, error: toProblem(error, request.id) }
}

/**
 * Runs a batch and gives each item to `deliver` as soon as it is known. Throws what concerns all images, such as a client
 * that has left.
 */
async function runBatch(
  request: FastifyRequest,
  { uploads, parameters }: DetectRequest,
  deliver: (item: BatchItem) => void,
): Promise<void> {
  const { server: app } = request
  const options = toDetectOptions(
    parameters,
    app.catalog.defaultModel,
    request.headers.traceparent,
    clientOf(request),
  )
  await app.withDeadline(request, parameters, async (deadline) => {
    const leave = await app.detector.pipeline.enter(options, deadline)
    try {
      await answerBatch(app.detector, uploads, options, deadline, (outcome) => {
        if (request.cancellation.aborted) return
        deliver(toItem(outcome, uploads[outcome.index]!.filename, request))
      })
      request.cancellation.throwIfAborted()
    } finally {
      leave()
    }
  })
}

/** Starts a stream of lines with the first result, so that what fails as a whole can still be a problem document. */
function streamLines(request: FastifyRequest, body: DetectRequest): Promise<PassThrough> {
  return new Promise((resolve, reject) => {
    const lines = new PassThrough()
    const write = (item: BatchItem) => {
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
    runBatch(request, body, write).then(() => lines.end(), fail)
  })
}

/** `POST /v1/detect/batch`: many images, one call. */
export const batchRoutes: FastifyPluginAsyncZod<{ limits: BodyLimits }> = async (
  app,
  { limits },
) => {
  const documentation = { querystring: DetectQuery, body: BATCH_BODIES }
  const bodySizes = bodySizesOf(limits, { batch: true })
  app.post(
    '/v1/detect/batch',
    { schema, config: { documentation, bodySizes } },
    async (request, reply) => {
      const body = await readDetectBody(request, limits, { batch: true })
      const format = batchFormat(request, body.parameters.format)
      refuseRedaction(body.parameters, 'a batch')
      if (format === 'lines') {
        reply.type(NDJSON)
        return reply.send((await streamLines(request, body)) as unknown as BatchItem)
      }
      const results: BatchItem[] = []
      await runBatch(request, body, (item) => results.push(item))
      results.sort((a, b) => a.index - b.index)
      if (format === 'json') return { results }
      reply.type(COCO_TYPE)
      return toCoco(results, app.catalog.labels(body.parameters.model))
    },
  )
}

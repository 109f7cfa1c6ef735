import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { clientOf } from '../plugins/client-of.js'
import { COCO_TYPE, CocoDocument, toCoco } from '../schemas/formats/coco.js'
import { problemResponses } from '../schemas/problem.js'
import { BATCH_BODIES, DetectQuery } from '../schemas/requests.js'
import { BatchItem, BatchResponse } from '../schemas/responses.js'
import { toDetectOptions } from '../schemas/to-options.js'
import { toDetectResponse } from '../schemas/to-response.js'
import { batchFormat, NDJSON, refuseRedaction } from './answer-format.js'
import { collectItems, streamItems } from './batch-answer.js'
import { bodySizesOf, readDetectBody } from './body/read-detect-body.js'
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
      const { uploads, parameters } = body
      const options = toDetectOptions(
        parameters,
        app.catalog.defaultModel,
        request.headers.traceparent,
        clientOf(request),
      )
      const task = app.detector
      const batch = { task, uploads, options, parameters, toAnswer: toDetectResponse }
      if (format === 'lines') {
        reply.type(NDJSON)
        return reply.send((await streamItems(request, batch)) as unknown as BatchItem)
      }
      const results: BatchItem[] = await collectItems(request, batch)
      if (format === 'json') return { results }
      reply.type(COCO_TYPE)
      return toCoco(results, app.catalog.labels(body.parameters.model))
    },
  )
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import {
  batchBodiesOf,
  bodiesOf,
  CLASSIFY_PARAMETERS,
  parseClassifyParameters,
  queryOf,
} from '../schemas/classify-parameters.js'
import {
  ClassifyBatchResponse,
  ClassifyItem,
  ClassifyResponse,
  toClassifyResponse,
} from '../schemas/classify-responses.js'
import { problemResponses } from '../schemas/problem.js'
import { answerImage } from '../tasks/image/image-task.js'
import { NDJSON, requireJson, wantsLines } from './answer-format.js'
import { collectItems, streamItems } from './batch-answer.js'
import { bodySizesOf } from './body/read-detect-body.js'
import type { BodyLimits } from './body/upload.js'
import { DETECT_PROBLEMS } from './detect-problems.js'
import { readImageRequest } from './image-request.js'

const tags = ['classification']
const problems = problemResponses(...DETECT_PROBLEMS)
const querystring = queryOf(CLASSIFY_PARAMETERS)

const one = {
  operationId: 'classify',
  summary: 'Say what an image shows',
  description:
    'Takes one image as `/v1/detect` does and answers its classes, best first. A model of another task is a `task_mismatch`.',
  tags,
  response: {
    200: {
      description: 'The classes',
      content: { 'application/json': { schema: ClassifyResponse } },
    },
    ...problems,
  },
}

const many = {
  operationId: 'classifyBatch',
  summary: 'Say what many images show',
  description:
    'Takes many images and answers each of them; one bad image fails alone. With `Accept: application/x-ndjson` every ' +
    'result is a line of its own, sent as soon as it is ready.',
  tags,
  response: {
    200: {
      description:
        'The results, in the order of the uploads; as lines, in the order in which they are ready',
      content: {
        'application/json': { schema: ClassifyBatchResponse },
        [NDJSON]: { schema: ClassifyItem },
      },
    },
    ...problems,
  },
}

/** `POST /v1/classify` and `POST /v1/classify/batch`. */
export const classifyRoutes: FastifyPluginAsyncZod<{ limits: BodyLimits }> = async (
  app,
  { limits },
) => {
  app.post(
    '/v1/classify',
    {
      schema: one,
      config: {
        documentation: { querystring, body: bodiesOf(CLASSIFY_PARAMETERS) },
        bodySizes: bodySizesOf(limits, { batch: false }),
      },
    },
    async (request) => {
      const asked = await readImageRequest(request, limits, false, parseClassifyParameters)
      requireJson(request)
      const { uploads, options, parameters } = asked
      const result = await app.withDeadline(request, parameters, (deadline) =>
        answerImage(app.classifier, uploads[0]!.bytes, options, deadline),
      )
      return toClassifyResponse(result)
    },
  )
  app.post(
    '/v1/classify/batch',
    {
      schema: many,
      config: {
        documentation: { querystring, body: batchBodiesOf(CLASSIFY_PARAMETERS) },
        bodySizes: bodySizesOf(limits, { batch: true }),
      },
    },
    async (request, reply) => {
      const asked = await readImageRequest(request, limits, true, parseClassifyParameters)
      const batch = { ...asked, task: app.classifier, toAnswer: toClassifyResponse }
      if (wantsLines(request)) {
        reply.type(NDJSON)
        return reply.send((await streamItems(request, batch)) as unknown as ClassifyItem)
      }
      return { results: await collectItems(request, batch) }
    },
  )
}

import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import {
  batchBodiesOf,
  bodiesOf,
  IMAGE_PARAMETERS,
  parseImageParameters,
  queryOf,
} from '../schemas/classify-parameters.js'
import {
  RegressBatchResponse,
  RegressItem,
  RegressResponse,
  toRegressResponse,
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
const querystring = queryOf(IMAGE_PARAMETERS)

const one = {
  operationId: 'regress',
  summary: 'Give the number of an image',
  description:
    'Takes one image as `/v1/detect` does and answers the number that the model gives for it. A model of another task is a `task_mismatch`.',
  tags,
  response: {
    200: {
      description: 'The number',
      content: { 'application/json': { schema: RegressResponse } },
    },
    ...problems,
  },
}

const many = {
  operationId: 'regressBatch',
  summary: 'Give the numbers of many images',
  description:
    'Takes many images and answers each of them; one bad image fails alone. With `Accept: application/x-ndjson` every ' +
    'result is a line of its own, sent as soon as it is ready.',
  tags,
  response: {
    200: {
      description:
        'The results, in the order of the uploads; as lines, in the order in which they are ready',
      content: {
        'application/json': { schema: RegressBatchResponse },
        [NDJSON]: { schema: RegressItem },
      },
    },
    ...problems,
  },
}

/** `POST /v1/regress` and `POST /v1/regress/batch`. */
export const regressRoutes: FastifyPluginAsyncZod<{ limits: BodyLimits }> = async (
  app,
  { limits },
) => {
  app.post(
    '/v1/regress',
    {
      schema: one,
      config: {
        documentation: { querystring, body: bodiesOf(IMAGE_PARAMETERS) },
        bodySizes: bodySizesOf(limits, { batch: false }),
      },
    },
    async (request) => {
      const asked = await readImageRequest(request, limits, false, parseImageParameters)
      requireJson(request)
      const { uploads, options, parameters } = asked
      const result = await app.withDeadline(request, parameters, (deadline) =>
        answerImage(app.regressor, uploads[0]!.bytes, options, deadline),
      )
      return toRegressResponse(result)
    },
  )
  app.post(
    '/v1/regress/batch',
    {
      schema: many,
      config: {
        documentation: { querystring, body: batchBodiesOf(IMAGE_PARAMETERS) },
        bodySizes: bodySizesOf(limits, { batch: true }),
      },
    },
    async (request, reply) => {
      const asked = await readImageRequest(request, limits, true, parseImageParameters)
      const batch = { ...asked, task: app.regressor, toAnswer: toRegressResponse }
      if (wantsLines(request)) {
        reply.type(NDJSON)
        return reply.send((await streamItems(request, batch)) as unknown as RegressItem)
      }
      return { results: await collectItems(request, batch) }
    },
  )
}

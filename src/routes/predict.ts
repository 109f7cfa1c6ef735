import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import {
  bodiesOf,
  PREDICT_PARAMETERS,
  parsePredictParameters,
  queryOf,
} from '../schemas/classify-parameters.js'
import { PredictResponse, toPredictResponse } from '../schemas/classify-responses.js'
import { problemResponses } from '../schemas/problem.js'
import { answerImage } from '../tasks/image/image-task.js'
import { requireJson } from './answer-format.js'
import { bodySizesOf } from './body/read-detect-body.js'
import type { BodyLimits } from './body/upload.js'
import { DETECT_PROBLEMS } from './detect-problems.js'
import { readImageRequest } from './image-request.js'

const problems = DETECT_PROBLEMS.filter((code) => code !== 'task_mismatch')

const schema = {
  operationId: 'predict',
  summary: 'Give the bare outputs of a model for an image',
  description:
    'For models of any task that take an image: decodes and sizes it as `/v1/detect` does, and answers the named outputs as ' +
    'tensors. `PREDICT_MAX_BYTES` bounds them.',
  tags: ['prediction'],
  response: {
    200: {
      description: 'The outputs',
      content: { 'application/json': { schema: PredictResponse } },
    },
    ...problemResponses(...problems, 'answer_too_large'),
  },
}

/** `POST /v1/predict`. */
export const predictRoutes: FastifyPluginAsyncZod<{ limits: BodyLimits }> = async (
  app,
  { limits },
) => {
  app.post(
    '/v1/predict',
    {
      schema,
      config: {
        documentation: {
          querystring: queryOf(PREDICT_PARAMETERS),
          body: bodiesOf(PREDICT_PARAMETERS),
        },
        bodySizes: bodySizesOf(limits, { batch: false }),
      },
    },
    async (request) => {
      const asked = await readImageRequest(request, limits, false, parsePredictParameters)
      requireJson(request)
      const { uploads, options, parameters } = asked
      const result = await app.withDeadline(request, parameters, (deadline) =>
        answerImage(app.predictor, uploads[0]!.bytes, options, deadline),
      )
      return toPredictResponse(result)
    },
  )
}

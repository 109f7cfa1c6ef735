import type { FastifyInstance } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import {
  batchBodiesOf,
  bodiesOf,
  type ImageParameters,
  queryOf,
} from '../schemas/classify-parameters.js'
import type { ParameterSet, ParseOptions, RawParameter } from '../schemas/parse-parameters.js'
import { problemResponses } from '../schemas/problem.js'
import type { ImagePlan, ImageRequest } from '../tasks/image/image-job.js'
import { answerImage, type ImageTask } from '../tasks/image/image-task.js'
import { NDJSON, requireJson, wantsLines } from './answer-format.js'
import { collectItems, type Item, streamItems } from './batch-answer.js'
import { bodySizesOf } from './body/read-detect-body.js'
import type { BodyLimits } from './body/upload.js'
import { DETECT_PROBLEMS } from './detect-problems.js'
import { type ImagesAsked, readImageRequest } from './image-request.js'

/** How a route is described in the API's reference. */
export interface RouteWords {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  /** What it answers. */
  readonly answer: string
}

/** What the two routes of a task answer, by which parameters, and how they are described. */
export interface TaskRoutes<
  Parameters extends ImageParameters,
  Plan extends ImagePlan,
  Result,
  Answer,
> {
  /** Path of the route for one image; that for many is `/batch` below it. */
  readonly path: string
  readonly tags: readonly string[]
  readonly one: RouteWords
  readonly many: Omit<RouteWords, 'description' | 'answer'>
  readonly set: ParameterSet
  readonly parse: (raw: readonly RawParameter[], options: ParseOptions) => Parameters
  readonly taskOf: (
    app: FastifyInstance,
  ) => ImageTask<ImagesAsked<Parameters>['options'] & ImageRequest, Plan, Result>
  readonly toAnswer: (result: Result) => Answer
  readonly schemas: {
    readonly answer: z.ZodType<Answer>
    readonly item: z.ZodType<Item<Answer>>
    readonly batch: z.ZodType<{ results: Item<Answer>[] }>
  }
}

/** How every batch is described. */
const MANY = {
  description:
    'Takes many images and answers each of them; one bad image fails alone. With `Accept: application/x-ndjson` every ' +
    'result is a line of its own, sent as soon as it is ready.',
  answer:
    'The results, in the order of the uploads; as lines, in the order in which they are ready',
}
const problems = problemResponses(...DETECT_PROBLEMS)

/** Makes `POST path`, one image in JSON, and `POST path/batch`, many in JSON or lines, of a task without pictures. */
export function imageTaskRoutes<
  Parameters extends ImageParameters,
  Plan extends ImagePlan,
  Result,
  Answer,
>(
  routes: TaskRoutes<Parameters, Plan, Result, Answer>,
): FastifyPluginAsyncZod<{ limits: BodyLimits }> {
  const { path, set, parse, taskOf, toAnswer, schemas } = routes
  const querystring = queryOf(set)
  return async (app, { limits }) => {
    app.post(
      path,
      {
        schema: describe(routes.tags, routes.one, {
          'application/json': { schema: schemas.answer },
        }),
        config: {
          documentation: { querystring, body: bodiesOf(set) },
          bodySizes: bodySizesOf(limits, { batch: false }),
        },
      },
      async (request) => {
        const asked = await readImageRequest(request, limits, false, parse)
        requireJson(request)
        const { uploads, options, parameters } = asked
        const result = await app.withDeadline(request, parameters, (deadline) =>
          answerImage(taskOf(app), uploads[0]!.bytes, options, deadline),
        )
        return toAnswer(result)
      },
    )
    app.post(
      `${path}/batch`,
      {
        schema: describe(
          routes.tags,
          { ...routes.many, ...MANY },
          {
            'application/json': { schema: schemas.batch },
            [NDJSON]: { schema: schemas.item },
          },
        ),
        config: {
          documentation: { querystring, body: batchBodiesOf(set) },
          bodySizes: bodySizesOf(limits, { batch: true }),
        },
      },
      async (request, reply) => {
        const asked = await readImageRequest(request, limits, true, parse)
        const batch = { ...asked, task: taskOf(app), toAnswer }
        if (!wantsLines(request)) return { results: await collectItems(request, batch) }
        reply.type(NDJSON)
        return reply.send(await streamItems(request, batch))
      },
    )
  }
}

function describe(
  tags: readonly string[],
  { operationId, summary, description, answer }: RouteWords,
  content: Readonly<Record<string, { readonly schema: z.ZodType }>>,
) {
  const response = { 200: { description: answer, content }, ...problems }
  return { operationId, summary, description, tags: [...tags], response }
}

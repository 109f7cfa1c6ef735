import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { GatewayError } from '../../errors.js'
import { clientOf } from '../../plugins/client-of.js'
import { sendError } from '../../plugins/error-handler.js'
import type { DetectParameters } from '../../schemas/parameters.js'
import type { RawParameter } from '../../schemas/parse-parameters.js'
import { PROBLEM_MEDIA_TYPE, Problem } from '../../schemas/problem.js'
import { toDetectOptions } from '../../schemas/to-options.js'
import type { CallOptions } from '../../serving/model-server.js'
import { detectImage, type ImageAnswer } from '../../tasks/detection/detect-image.js'
import type { DetectOptions } from '../../tasks/detection/detector.js'
import type { PictureOptions } from '../../tasks/detection/picture.js'
import type { BodyLimits } from '../body/upload.js'

export interface DoorOptions {
  readonly limits: BodyLimits
}

/** Where the documentation lists the routes of other systems. */
export const DOOR_TAGS = ['drop-in doors']

/** The last words of every such route's description. */
export function openedBy(door: string): string {
  return `Answers only where \`COMPAT\` names \`${door}\`. Limits, deadlines and authentication are those of \`/v1/detect\`.`
}

/** Answers the errors of a door's routes, what plugins refuse included, as JSON in that system's own shape. */
export function writeErrors(
  app: FastifyInstance,
  toBody: (problem: GatewayError, status: number) => unknown,
): void {
  app.setErrorHandler((error, request, reply) =>
    sendError(error, request, reply, (problem) => {
      const status = plainStatus(problem)
      return { status, type: 'application/json', body: toBody(problem, status) }
    }),
  )
}

/** The systems of before know no 415 and 422: what is wrong with an image is a 400 there, and their clients look for it. */
function plainStatus({ statusCode }: GatewayError): number {
  return statusCode === 415 || statusCode === 422 ? 400 : statusCode
}

/**
 * What is documented for the errors of a door. A path whose parameter no route takes, such as a version that is no number,
 * belongs to no door: its 404 is the gateway's own.
 */
export function errorResponses(schema: z.ZodType) {
  const content = { 'application/json': { schema } }
  return {
    '4xx': {
      description: 'The request is refused',
      content: { ...content, [PROBLEM_MEDIA_TYPE]: { schema: Problem } },
    },
    '5xx': { description: 'The gateway or the model server failed', content },
  }
}

export interface DoorDetection {
  readonly parameters: DetectParameters
  readonly keep?: DetectOptions['keep']
  /** How the annotated picture is encoded, where one is wanted. */
  readonly picture?: PictureOptions | undefined
}

/** What the detector is asked by a request to a door. */
export function doorOptions(
  request: FastifyRequest,
  { parameters, keep }: DoorDetection,
): DetectOptions {
  const { defaultModel } = request.server.catalog
  const { traceparent } = request.headers
  return { ...toDetectOptions(parameters, defaultModel, traceparent, clientOf(request)), keep }
}

/** Detects the objects in one image on the path of `/v1/detect`. */
export function detectAtDoor(
  request: FastifyRequest,
  image: Buffer,
  asked: DoorDetection,
): Promise<ImageAnswer> {
  const { server: app } = request
  const options = doorOptions(request, asked)
  return app.withDeadline(request, asked.parameters, (deadline) =>
    detectImage(app.detector, image, options, asked.picture, deadline),
  )
}

/** Asks the model server within the deadline of a request. */
export function askServer<T>(
  request: FastifyRequest,
  question: (call: CallOptions) => Promise<T>,
): Promise<T> {
  return request.server.withDeadline(request, {}, ({ at, signal }) =>
    question({ deadline: at, signal }),
  )
}

/**
 * Checks one value by a schema; `undefined` where it is missing or an empty text. Throws `invalid_parameter` (400) that
 * names it.
 */
export function checkValue<T>(name: string, value: unknown, schema: z.ZodType<T>): T | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = [name, ...(issue?.path ?? [])].join('.')
  const message = issue?.message ?? 'is invalid'
  throw new GatewayError('invalid_parameter', `"${field}" ${message}`, {
    fields: [{ field, message }],
  })
}

/** Checks the last value that a form or query gives for a name; see `checkValue`. */
export function checkField<T>(
  parameters: readonly RawParameter[],
  name: string,
  schema: z.ZodType<T>,
): T | undefined {
  return checkValue(name, parameters.findLast((it) => it.name === name)?.value, schema)
}

/** A form with one image, for documentation. */
export function imageForm(fields: Record<string, z.ZodType>) {
  const image = z.string().meta({ format: 'binary', description: 'The picture file' })
  return { 'multipart/form-data': { schema: z.object({ image, ...fields }) } }
}

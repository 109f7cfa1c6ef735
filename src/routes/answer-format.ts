import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../errors.js'
import { COCO_TYPE } from '../schemas/formats/coco.js'
import type { AnswerFormat, DetectParameters } from '../schemas/parameters.js'

const MEDIA_TYPES: Readonly<Record<AnswerFormat, string>> = {
  json: 'application/json',
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  crops: 'application/zip',
  coco: COCO_TYPE,
  yolo: 'text/plain',
  voc: 'application/xml',
}

export const NDJSON = 'application/x-ndjson'

/** The media type of an answer format. */
export function mediaTypeOf(format: AnswerFormat): string {
  return MEDIA_TYPES[format]
}

function notAcceptable(request: FastifyRequest, offered: readonly string[]): GatewayError {
  const accept = String(request.headers.accept).slice(0, 200)
  return new GatewayError(
    'not_acceptable',
    `Nothing that this route answers is acceptable to "${accept}"; it answers ${offered.join(', ')}`,
  )
}

/** Chooses how `/v1/detect` answers: `format` goes before `Accept`. Throws `not_acceptable` (406) for what it is not. */
export function detectFormat(
  request: FastifyRequest,
  format: AnswerFormat | undefined,
): AnswerFormat {
  if (format !== undefined) return format
  const offered = Object.values(MEDIA_TYPES)
  const chosen = request.accepts().type(offered)
  const found = Object.entries(MEDIA_TYPES).find(([, type]) => type === chosen)
  if (found === undefined) throw notAcceptable(request, offered)
  return found[0] as AnswerFormat
}

/** How a batch is answered: one document, a stream of lines, or a data set. */
export type BatchFormat = 'json' | 'lines' | 'coco'

/**
 * Chooses how a batch is answered. `coco` is asked for by `format` or `Accept`, lines by `Accept` only. Throws
 * `not_acceptable` (406) where no form is wanted, and `invalid_parameter` (400) for a format that holds one image.
 */
export function batchFormat(
  request: FastifyRequest,
  format: AnswerFormat | undefined,
): BatchFormat {
  if (format === 'coco') return 'coco'
  if (format !== undefined && format !== 'json') {
    const message = 'must be json or coco: the others are answers for one image'
    throw new GatewayError('invalid_parameter', `"format" ${message}`, {
      fields: [{ field: 'format', message }],
    })
  }
  const offered = [MEDIA_TYPES.json, NDJSON, ...(format === undefined ? [COCO_TYPE] : [])]
  const chosen = request.accepts().type(offered)
  if (chosen === false) throw notAcceptable(request, offered)
  return chosen === NDJSON ? 'lines' : chosen === COCO_TYPE ? 'coco' : 'json'
}

/** Refuses a request (406) that takes no JSON, where there is nothing else. */
export function requireJson(request: FastifyRequest): void {
  const offered = [MEDIA_TYPES.json]
  if (request.accepts().type(offered) === false) throw notAcceptable(request, offered)
}

/** Whether a batch is answered as lines, where there is no data set. Throws `not_acceptable` (406) for neither form. */
export function wantsLines(request: FastifyRequest): boolean {
  const offered = [MEDIA_TYPES.json, NDJSON]
  const chosen = request.accepts().type(offered)
  if (chosen === false) throw notAcceptable(request, offered)
  return chosen === NDJSON
}

/** Refuses redaction (400) where no picture is answered. */
export function refuseRedaction({ redact }: DetectParameters, where: string): void {
  if (redact === undefined) return
  const message = `needs a picture, "format" png, jpeg, webp or crops; this is ${where}`
  throw new GatewayError('parameter_conflict', `"redact" ${message}`, {
    fields: [{ field: 'redact', message }],
  })
}

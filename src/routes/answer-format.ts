import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../errors.js'
import type { AnswerFormat } from '../schemas/parameters.js'

const MEDIA_TYPES: Readonly<Record<AnswerFormat, string>> = {
  json: 'application/json',
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
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

/** Tells whether a batch is answered as a stream of lines. Throws `not_acceptable` (406) where neither form is wanted. */
export function wantsLines(request: FastifyRequest): boolean {
  const offered = [MEDIA_TYPES.json, NDJSON]
  const chosen = request.accepts().type(offered)
  if (chosen === false) throw notAcceptable(request, offered)
  return chosen === NDJSON
}

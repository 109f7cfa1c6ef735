import { ERROR_CODES, type ErrorCode, type FieldError, GatewayError } from '../errors.js'

/** What is read of an error that Fastify or one of its plugins made. */
interface ForeignError {
  readonly code?: unknown
  readonly statusCode?: unknown
  readonly message?: unknown
  readonly validation?: readonly {
    readonly instancePath?: string
    readonly message?: string
  }[]
  readonly validationContext?: string
}

interface Meaning {
  readonly code: ErrorCode
  readonly detail: string
}

/** Fastify's codes that a client can cause, by what they mean in this API. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  FST_ERR_NOT_FOUND: { code: 'route_not_found', detail: 'There is no such route' },
  FST_ERR_BAD_URL: { code: 'malformed_request', detail: 'The URL is not valid' },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'route_not_found',
    detail: 'There is no such route: a part of the path is too long',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'The content-type of the body is not understood',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', detail: 'The body is too large' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'malformed_request',
    detail: 'The body has not as many bytes as content-length announced',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'malformed_request', detail: 'The JSON body is empty' },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'malformed_request',
    detail: 'The body is not valid JSON',
  },
}

/** What is left of the errors that plugins made for the client, by status. Their texts are not trusted. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'headers_too_large',
}

const INTERNAL =
  'Something went wrong in the gateway; its log has the details under this request_id'

/**
 * Names any error in this API's own terms, with the original as cause. What is not known to be the client's doing is an
 * `internal_error`, whose text says nothing about the cause.
 */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const foreign: ForeignError = typeof error === 'object' && error !== null ? error : {}
  const options = { cause: error }
  if (foreign.validation !== undefined) {
    const fields = foreign.validation.map(toField)
    const detail = fields.map(({ field, message }) => `"${field}" ${message}`).join('; ')
    return new GatewayError('invalid_parameter', detail, { ...options, fields })
  }
  const meaning = BY_CODE[String(foreign.code)]
  if (meaning !== undefined) return new GatewayError(meaning.code, meaning.detail, options)
  const code = BY_STATUS[Number(foreign.statusCode)]
  if (code !== undefined) return new GatewayError(code, ERROR_CODES[code].title, options)
  return new GatewayError('internal_error', INTERNAL, options)
}

function toField({
  instancePath = '',
  message = 'is invalid',
}: {
  instancePath?: string
  message?: string
}): FieldError {
  return { field: instancePath.replace(/^\//, '').replaceAll('/', '.'), message }
}

/** Every code this API answers with, its HTTP status and its title. Codes are permanent: clients branch on them. */
export const ERROR_CODES = {
  malformed_request: { status: 400, title: 'The request cannot be read' },
  invalid_parameter: { status: 400, title: 'A parameter is invalid' },
  parameter_conflict: { status: 400, title: 'Parameters contradict each other' },
  missing_image: { status: 400, title: 'No image was sent' },
  too_many_images: { status: 400, title: 'Too many images' },
  invalid_base64: { status: 400, title: 'The image is not valid base64' },
  task_mismatch: { status: 400, title: 'The model does another task' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  forbidden: { status: 403, title: 'Access is denied' },
  model_not_found: { status: 404, title: 'No such model' },
  version_not_found: { status: 404, title: 'No such model version' },
  route_not_found: { status: 404, title: 'No such route' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_acceptable: { status: 406, title: 'No acceptable answer format' },
  request_timeout: { status: 408, title: 'The request came too slowly' },
  image_too_large: { status: 413, title: 'The image has too many bytes' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The format is not supported' },
  image_undecodable: { status: 422, title: 'The image cannot be decoded' },
  too_many_pixels: { status: 422, title: 'The image has too many pixels' },
  answer_too_large: { status: 422, title: 'The answer would be too large' },
  upgrade_required: { status: 426, title: 'A WebSocket is expected' },
  rate_limited: { status: 429, title: 'Too many requests' },
  queue_full: { status: 429, title: 'The queue is full' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'Internal error' },
  upstream_rejected: { status: 502, title: 'The model server refused the request' },
  upstream_invalid_response: { status: 502, title: 'The model server answered nonsense' },
  signature_mismatch: { status: 502, title: 'The model signature is not understood' },
  upstream_response_too_large: {
    status: 502,
    title: 'The answer of the model server is too large',
  },
  model_not_ready: { status: 503, title: 'The model is not ready' },
  upstream_unavailable: { status: 503, title: 'The model server is unavailable' },
  shutting_down: { status: 503, title: 'The gateway is shutting down' },
  deadline_exceeded: { status: 504, title: 'The deadline has passed' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof ERROR_CODES

/** One wrong field of a request: its name on the wire and what is wrong with it. */
export interface FieldError {
  readonly field: string
  readonly message: string
}

export interface GatewayErrorOptions {
  /** The fields that are wrong, for 400 answers. */
  readonly fields?: readonly FieldError[]
  /** Seconds after which trying again makes sense; 429 and 503 send it as `retry-after` (1 unless given). */
  readonly retryAfterSeconds?: number
  /** What went wrong underneath. Goes to the log, never to the client. */
  readonly cause?: unknown
}

/**
 * An error that has a name in this API. `message` becomes the answer's `detail`: it says what was wrong, what was
 * expected and which setting governs it, and holds nothing that a client may not see.
 */
export class GatewayError extends Error {
  readonly code: ErrorCode
  readonly statusCode: number
  readonly title: string
  readonly fields: readonly FieldError[]
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, detail: string, options: GatewayErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    const { status, title } = ERROR_CODES[code]
    this.name = 'GatewayError'
    this.code = code
    this.statusCode = status
    this.title = title
    this.fields = options.fields ?? []
    this.retryAfterSeconds =
      options.retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined)
  }
}

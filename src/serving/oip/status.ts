import { type ServiceError, status } from '@grpc/grpc-js'
import { type ErrorCode, GatewayError } from '../../errors.js'
import { SignatureSuspect } from '../signature-suspect.js'
import { overLimit, tooLarge } from '../size-limits.js'

/** What a failed call was about. */
export interface CallContext {
  /** What was asked, in words that follow "the model server": `run the model`, ... */
  readonly action: string
  /** Largest answer in bytes that the channel takes. */
  readonly maxResponseBytes: number
}

interface Row {
  readonly code: status
  /** Narrows the row to messages that match, where the code alone has several meanings. */
  readonly details?: RegExp
  readonly answer: ErrorCode
  /** Why this status becomes that answer. */
  readonly reason: string
  readonly detail: (context: CallContext) => string
  /** The model may have got another signature since it was read. */
  readonly suspect?: true
}

const TARGET =
  'OIP_TARGET, or server.target on the card of the model, must name the gRPC port of a server that speaks the Open Inference Protocol'

/**
 * How a status of a call to a server of the Open Inference Protocol is answered over HTTP; the first row that fits
 * counts. Statuses that may be about a missing model are `mayMissModel`, and looked into before they come here.
 */
const ROWS: readonly Row[] = [
  {
    code: status.INVALID_ARGUMENT,
    answer: 'upstream_rejected',
    reason: 'the gateway made the request, so a wrong one is not the client’s fault',
    detail: () =>
      'The model server refused the call as it was made for this model; its reason is in the gateway log',
    suspect: true,
  },
  {
    code: status.DEADLINE_EXCEEDED,
    answer: 'deadline_exceeded',
    reason: 'our own timer; the server may go on computing all the same',
    detail: ({ action }) =>
      `The model server did not ${action} in the time left of the request; REQUEST_TIMEOUT_MS bounds it`,
  },
  {
    code: status.UNAVAILABLE,
    details: /exceeds maximum queue size|request timeout expired/i,
    answer: 'upstream_unavailable',
    reason: 'the server queues, and its queue is full or too slow: a moment later it has room',
    detail: () =>
      'The queue of the model server is full; its max_queue_size and UPSTREAM_IN_FLIGHT govern this',
  },
  {
    code: status.UNAVAILABLE,
    details: /server exiting|server not ready/i,
    answer: 'upstream_unavailable',
    reason: 'the words of Triton between its SIGTERM and its end, up to 30 s',
    detail: () => 'The model server is shutting down',
  },
  {
    code: status.UNAVAILABLE,
    answer: 'upstream_unavailable',
    reason: 'no address answers, after the retries of the service config',
    detail: () => `The model server cannot be reached; ${TARGET}`,
  },
  {
    code: status.CANCELLED,
    answer: 'upstream_unavailable',
    reason: 'not our cancel: the server, or a proxy before it, broke the call off',
    detail: () => 'The model server broke the call off, as it does when it shuts down',
  },
  {
    code: status.RESOURCE_EXHAUSTED,
    details: /decompresses to a size larger than/i,
    answer: 'upstream_response_too_large',
    reason: 'only answers are decompressed here',
    detail: tooLarge,
  },
  {
    code: status.RESOURCE_EXHAUSTED,
    answer: 'upstream_unavailable',
    reason: 'no memory or no thread for this call',
    detail: () =>
      'The model server has no resources to spare for the call; ' +
      'UPSTREAM_IN_FLIGHT bounds the calls that it gets at once from this gateway',
  },
  {
    code: status.UNIMPLEMENTED,
    answer: 'upstream_invalid_response',
    reason: 'every server of the protocol has these methods, TensorFlow Serving has none of them',
    detail: ({ action }) =>
      `The model server was asked to ${action} and does not know the question; ${TARGET}`,
  },
  {
    code: status.INTERNAL,
    details: /^response message parsing error/i,
    answer: 'upstream_invalid_response',
    reason: 'the words of our own gRPC library: the bytes are no message of the method',
    detail: ({ action }) =>
      `The model server was asked to ${action} and did not answer with a message of that method; ${TARGET}`,
  },
]

/**
 * Names a failed call in this API's terms. The words of server and gRPC, which may hold a model's traceback and paths,
 * stay in `cause`, for the log.
 */
export function toGatewayError(error: ServiceError, context: CallContext): GatewayError {
  const over = overLimit(error, context)
  if (over !== undefined) {
    return over.atServer
      ? requestTooLarge(error, over.bytes)
      : new GatewayError('upstream_response_too_large', tooLarge(context), { cause: error })
  }
  const row = ROWS.find(
    ({ code, details }) => code === error.code && (details?.test(error.details) ?? true),
  )
  if (row === undefined) {
    const detail = `The model server failed to ${context.action} (${status[error.code]}); its reason is in the gateway log`
    return new GatewayError('upstream_rejected', detail, { cause: error })
  }
  const cause = row.suspect ? new SignatureSuspect(error) : error
  return new GatewayError(row.answer, row.detail(context), { cause })
}

/** MLServer takes 4 MiB and KServe 8 MiB unless it is told otherwise: less than the pixels of a photo. */
function requestTooLarge(error: ServiceError, limit: number): GatewayError {
  return new GatewayError(
    'upstream_rejected',
    `The request is larger than the ${limit} bytes that the model server takes. Send less by input.max_side or ` +
      'input.size on the card or by WIRE_MAX_SIDE_PIXELS, or let the server take more: grpc_max_message_length in ' +
      "MLServer's settings.json, --grpc_max_receive_message_length of KServe",
    { cause: error },
  )
}

const MAY_MISS_MODEL: readonly status[] = [
  status.NOT_FOUND,
  status.INVALID_ARGUMENT,
  status.UNKNOWN,
  status.FAILED_PRECONDITION,
]

/**
 * Tells whether a status may mean that the model or its version is unknown, is loading, or failed to load: Triton and
 * KServe say NOT_FOUND for all of these, MLServer INVALID_ARGUMENT or UNKNOWN, OpenVINO Model Server UNAVAILABLE.
 */
export function mayMissModel(error: ServiceError): boolean {
  if (error.code === status.UNAVAILABLE) return /not loaded yet/i.test(error.details)
  return MAY_MISS_MODEL.includes(error.code)
}

import { type ServiceError, status } from '@grpc/grpc-js'
import { GatewayError } from '../../errors.js'
import { overLimit } from '../size-limits.js'
import { type CallContext, COMMON_ROWS, errorByTable, type StatusRow } from '../status-table.js'

const TARGET =
  'OIP_TARGET, or server.target on the card of the model, must name the gRPC port of a server that speaks the Open Inference Protocol'

/**
 * How a status of a call to a server of the Open Inference Protocol is answered over HTTP; the first row that fits
 * counts. Statuses that may be about a missing model are `mayMissModel`, and looked into before they come here.
 */
const ROWS: readonly StatusRow[] = [
  {
    code: status.INVALID_ARGUMENT,
    answer: 'upstream_rejected',
    reason: 'the gateway made the request, so a wrong one is not the client’s fault',
    detail: () =>
      'The model server refused the call as it was made for this model; its reason is in the gateway log',
    suspect: true,
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
  ...COMMON_ROWS,
]

/** Names a failed call in this API's terms; see `errorByTable`. */
export function toGatewayError(error: ServiceError, context: CallContext): GatewayError {
  const over = overLimit(error, context)
  if (over?.atServer) return requestTooLarge(error, over.bytes)
  return errorByTable(ROWS, error, context)
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

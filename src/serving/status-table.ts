import { type ServiceError, status } from '@grpc/grpc-js'
import { type ErrorCode, GatewayError } from '../errors.js'
import { SignatureSuspect } from './signature-suspect.js'
import { overLimit, tooLarge } from './size-limits.js'

/** What a failed call was about. */
export interface CallContext {
  /** What was asked, in words that follow "the model server did not": `predict`, `run the model`, ... */
  readonly action: string
  /** Largest answer in bytes that the channel takes. */
  readonly maxResponseBytes: number
}

/** How one gRPC status is answered over HTTP. */
export interface StatusRow {
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

/** What means the same of every server; it stands after a protocol's own rows. */
export const COMMON_ROWS: readonly StatusRow[] = [
  {
    code: status.DEADLINE_EXCEEDED,
    answer: 'deadline_exceeded',
    reason: 'our own timer, or a server that stops at the deadline it was given',
    detail: ({ action }) =>
      `The model server did not ${action} in the time left of the request; REQUEST_TIMEOUT_MS bounds it`,
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
    reason: 'all threads busy until the deadline, or no memory for this call',
    detail: () =>
      'The model server has no resources to spare for the call; ' +
      'UPSTREAM_IN_FLIGHT bounds the calls that it gets at once from this gateway',
  },
]

/**
 * Names a failed call in this API's terms, by the first row that fits; a status of no row is `upstream_rejected`. The
 * words of server and gRPC, which may hold a model's traceback and paths, stay in `cause`, for the log.
 */
export function errorByTable(
  rows: readonly StatusRow[],
  error: ServiceError,
  context: CallContext,
): GatewayError {
  if (overLimit(error, context)?.atServer === false) {
    return new GatewayError('upstream_response_too_large', tooLarge(context), { cause: error })
  }
  const row = rows.find(
    ({ code, details }) => code === error.code && (details?.test(error.details) ?? true),
  )
  if (row === undefined) {
    const detail = `The model server failed to ${context.action} (${status[error.code]}); its reason is in the gateway log`
    return new GatewayError('upstream_rejected', detail, { cause: error })
  }
  const cause = row.suspect ? new SignatureSuspect(error) : error
  return new GatewayError(row.answer, row.detail(context), { cause })
}

import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Writable } from 'node:stream'
import { GatewayError } from '../errors.js'
import { PROBLEM_MEDIA_TYPE, toProblem } from '../schemas/problem.js'

/**
 * Answers what Node's parser refused before there was a request: 400, 408 or 431 as problem+json, then closes the
 * connection. A client that is gone gets nothing. Returns the error that was answered, for the log.
 */
export function writeClientError(
  error: Error & { code?: string },
  socket: Writable,
): GatewayError | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return undefined
  }
  const problem = toClientProblem(error)
  const requestId = randomUUID()
  const body = JSON.stringify(toProblem(problem, requestId))
  const head = [
    `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
    `content-type: ${PROBLEM_MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  return problem
}

function toClientProblem(cause: Error & { code?: string }): GatewayError {
  switch (cause.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('headers_too_large', 'The headers are too large', { cause })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError(
        'request_timeout',
        'The request did not arrive in time (HEADERS_TIMEOUT_MS, BODY_TIMEOUT_MS)',
        { cause },
      )
    default:
      return new GatewayError('malformed_request', 'The request is not valid HTTP', { cause })
  }
}

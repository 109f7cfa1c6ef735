import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Writable } from 'node:stream'
import { GatewayError } from '../errors.js'
import { PROBLEM_MEDIA_TYPE, toProblem } from '../schemas/problem.js'

/** Milliseconds that a client has to read its answer and close. */
const LINGER_MS = 2000

/**
 * Answers what Node's parser refused before there was a request: 400, 408 or 431 as problem+json, then closes the
 * connection, after `lingerMs` whatever the client does. A client that is gone gets nothing, nor does one whose answer to
 * an earlier request is on its way: another one would land in its middle. Returns the error that was answered, for the
 * log.
 */
export function writeClientError(
  error: Error & { code?: string },
  socket: Writable,
  lingerMs = LINGER_MS,
): GatewayError | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
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
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  return problem
}

/** Tells whether the head of an answer has been written to a connection, by the field that Node's own handler reads. */
function isAnswering(socket: Writable): boolean {
  const { _httpMessage: answer } = socket as Writable & { _httpMessage?: ServerResponse | null }
  return answer?.headersSent ?? false
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

import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import t from 'tap'
import type { ErrorCode } from '../../../../src/errors.js'
import { isSignatureSuspect } from '../../../../src/serving/signature-suspect.js'
import { isAboutModel, toGatewayError } from '../../../../src/serving/tf-serving/status.js'

const CONTEXT = { action: 'predict', maxResponseBytes: 1000 }
const SECRET = 'node {{node secret}}'

function serviceError(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() })
}

t.test('toGatewayError() answers each status by the table', (t) => {
  const rows: [string, status, string, ErrorCode, RegExp][] = [
    ['wrong input', status.INVALID_ARGUMENT, SECRET, 'upstream_rejected', /refused/],
    ['wrong signature', status.FAILED_PRECONDITION, SECRET, 'upstream_rejected', /refused/],
    ['deadline', status.DEADLINE_EXCEEDED, SECRET, 'deadline_exceeded', /REQUEST_TIMEOUT_MS/],
    ['no server', status.UNAVAILABLE, SECRET, 'upstream_unavailable', /TF_SERVING_TARGET/],
    [
      'batching queue full',
      status.UNAVAILABLE,
      'The batch scheduling queue to which',
      'upstream_unavailable',
      /max_enqueued_batches/,
    ],
    ['server shut down', status.CANCELLED, SECRET, 'upstream_unavailable', /broke the call off/],
    [
      'answer too large',
      status.RESOURCE_EXHAUSTED,
      'Received message larger than max (5000 vs 1000)',
      'upstream_response_too_large',
      /1000 bytes.*UPSTREAM_RESPONSE_MAX_BYTES/,
    ],
    [
      'compressed answer too large',
      status.RESOURCE_EXHAUSTED,
      'Received message that decompresses to a size larger than 1000',
      'upstream_response_too_large',
      /UPSTREAM_RESPONSE_MAX_BYTES/,
    ],
    [
      'request too large',
      status.RESOURCE_EXHAUSTED,
      'CLIENT: Received message larger than max (5000 vs. 4000)',
      'upstream_rejected',
      /WIRE_MAX_SIDE_PIXELS/,
    ],
    [
      'metadata too large',
      status.RESOURCE_EXHAUSTED,
      'received initial metadata size exceeds limit',
      'upstream_rejected',
      /metadata/,
    ],
    [
      'busy',
      status.RESOURCE_EXHAUSTED,
      'Server Threadpool Exhausted',
      'upstream_unavailable',
      /UPSTREAM_IN_FLIGHT/,
    ],
    [
      'no memory',
      status.RESOURCE_EXHAUSTED,
      'OOM when allocating',
      'upstream_unavailable',
      /UPSTREAM_IN_FLIGHT/,
    ],
    [
      'not our protocol',
      status.INTERNAL,
      'Response message parsing error: x',
      'upstream_invalid_response',
      /TF_SERVING_TARGET/,
    ],
    ['a bug there', status.INTERNAL, SECRET, 'upstream_rejected', /failed to predict \(INTERNAL\)/],
    ['a graph’s refusal', status.UNIMPLEMENTED, SECRET, 'upstream_rejected', /UNIMPLEMENTED/],
    [
      'a proxy’s refusal',
      status.PERMISSION_DENIED,
      SECRET,
      'upstream_rejected',
      /PERMISSION_DENIED/,
    ],
  ]
  for (const [name, code, details, answer, message] of rows) {
    const error = toGatewayError(serviceError(code, details), CONTEXT)
    t.match(error, { code: answer, message }, name)
    t.notMatch(error.message, /secret/, `${name}: keeps upstream's text to itself`)
    t.ok(error.cause, `${name}: has a cause`)
  }
  t.end()
})

t.test('toGatewayError() marks the statuses by which a signature is suspect', (t) => {
  for (const [code, expected] of [
    [status.INVALID_ARGUMENT, true],
    [status.FAILED_PRECONDITION, true],
    [status.INTERNAL, false],
    [status.UNAVAILABLE, false],
  ] as const) {
    const error = toGatewayError(serviceError(code, SECRET), CONTEXT)
    t.equal(isSignatureSuspect(error), expected, status[code])
  }
  t.equal(isSignatureSuspect(new Error('other')), false)
  t.end()
})

t.test('isAboutModel() knows the statuses of a missing model from others', (t) => {
  const rows: [status, string, boolean][] = [
    [status.NOT_FOUND, 'Servable not found for request: Latest(m)', true],
    [status.INVALID_ARGUMENT, 'Unrecognized servable version label: stable', true],
    [status.UNAVAILABLE, 'Model labels does not init yet.stable', true],
    [status.INVALID_ARGUMENT, 'input size does not match signature', false],
    [status.UNAVAILABLE, 'No connection established', false],
    [status.INTERNAL, '', false],
  ]
  for (const [code, details, expected] of rows) {
    t.equal(isAboutModel(serviceError(code, details)), expected, details)
  }
  t.end()
})

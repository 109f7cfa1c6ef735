import t from 'tap'
import { ERROR_CODES, GatewayError } from '../../../src/errors.js'
import { toGatewayError } from '../../../src/plugins/foreign-errors.js'

t.test('toGatewayError()', async (t) => {
  t.test('leaves our own errors as they are', async (t) => {
    const error = new GatewayError('queue_full', 'full')
    t.equal(toGatewayError(error), error)
  })

  const cases = [
    { error: { code: 'FST_ERR_NOT_FOUND', statusCode: 404 }, code: 'route_not_found' },
    { error: { code: 'FST_ERR_BAD_URL', statusCode: 400 }, code: 'malformed_request' },
    { error: { code: 'FST_ERR_MAX_PARAM_LENGTH', statusCode: 414 }, code: 'route_not_found' },
    {
      error: { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 },
      code: 'unsupported_media_type',
    },
    { error: { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }, code: 'body_too_large' },
    {
      error: { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 },
      code: 'malformed_request',
    },
    { error: { code: 'UNKNOWN', statusCode: 400 }, code: 'malformed_request' },
    { error: { statusCode: 401 }, code: 'unauthenticated' },
    { error: { statusCode: 403 }, code: 'forbidden' },
    { error: { statusCode: 406 }, code: 'not_acceptable' },
    { error: { statusCode: 415 }, code: 'unsupported_media_type' },
    { error: { statusCode: 429 }, code: 'rate_limited' },
    { error: { statusCode: 418 }, code: 'internal_error' },
    { error: { statusCode: 503 }, code: 'internal_error' },
    { error: {}, code: 'internal_error' },
  ] as const
  for (const { error, code } of cases) {
    const row = JSON.stringify(error)
    const cause = Object.assign(new Error('secret'), error)
    const named = toGatewayError(cause)
    t.equal(named.code, code, row)
    t.equal(named.statusCode, ERROR_CODES[code].status, row)
    t.equal(named.cause, cause, row)
    t.notMatch(named.message, 'secret', row)
  }

  t.test('takes anything that was thrown', async (t) => {
    for (const thrown of [undefined, null, 'secret', 42]) {
      t.match(toGatewayError(thrown), { code: 'internal_error', cause: thrown }, String(thrown))
    }
  })

  t.test('lists the fields of a validation', async (t) => {
    const error = toGatewayError({
      validation: [{ instancePath: '/model/0', message: 'is wrong' }, {}],
      statusCode: 400,
    })
    t.match(error, {
      code: 'invalid_parameter',
      message: '"model.0" is wrong; "" is invalid',
      fields: [{ field: 'model.0', message: 'is wrong' }, { field: '' }],
    })
  })
})

import t from 'tap'
import { ERROR_CODES, type ErrorCode, GatewayError } from '../../../src/errors.js'
import { Problem, problemResponses, toProblem } from '../../../src/schemas/problem.js'

t.test('toProblem()', async (t) => {
  t.test('writes every code as its schema says', async (t) => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const problem = toProblem(new GatewayError(code, 'what was wrong'), 'id-1')
      t.same(Problem.parse(problem), problem, code)
      t.match(
        problem,
        {
          type: `urn:detection-gateway:error:${code}`,
          status: ERROR_CODES[code].status,
          title: ERROR_CODES[code].title,
          detail: 'what was wrong',
          code,
          request_id: 'id-1',
        },
        code,
      )
    }
  })

  t.test('lists the fields, and never the cause', async (t) => {
    const error = new GatewayError('invalid_parameter', 'wrong', {
      fields: [{ field: 'quality', message: 'is wrong' }],
      cause: new Error('secret'),
    })
    const problem = toProblem(error, 'id-1')
    t.same(problem.errors, [{ field: 'quality', message: 'is wrong' }])
    t.notMatch(JSON.stringify(problem), 'secret')
  })

  t.test('has no list when no field is wrong', async (t) => {
    t.notOk('errors' in toProblem(new GatewayError('queue_full', 'full'), 'id-1'))
  })
})

t.test('problemResponses() documents codes by status', async (t) => {
  const responses = problemResponses('model_not_found', 'queue_full', 'version_not_found')
  t.same(Object.keys(responses), ['404', '429'])
  t.match(responses[404]?.description, /`model_not_found`: .*; `version_not_found`: /)
  t.equal(responses[429]?.content['application/problem+json']?.schema, Problem)
})

import t from 'tap'
import { parse } from 'yaml'
import { ERROR_CODES } from '../../../src/errors.js'
import { PARAMETERS } from '../../../src/schemas/parameters.js'
import { problemResponses } from '../../../src/schemas/problem.js'
import { DetectResponse } from '../../../src/schemas/responses.js'
import { buildEcho } from './echo-app.js'

t.test('the OpenAPI document', async (t) => {
  const app = await buildEcho(t, {
    routes: (app) => {
      const response = { 200: DetectResponse, ...problemResponses('model_not_found') }
      app.get('/answer', { schema: { response } }, async () => ({}))
    },
  })
  const document = (await app.inject('/openapi.json')).json()
  const names = Object.keys(PARAMETERS)

  t.test('is OpenAPI 3.1, the same in JSON and YAML', async (t) => {
    t.match(document, { openapi: '3.1.0', info: { version: '1.2.3' } })
    const yaml = await app.inject('/openapi.yaml')
    t.equal(yaml.headers['content-type'], 'application/yaml')
    t.same(parse(yaml.body), document)
  })

  t.test('has every body of a detection, with every parameter', async (t) => {
    const { requestBody, parameters } = document.paths['/v1/detect'].post
    t.same(Object.keys(requestBody.content), [
      'multipart/form-data',
      'image/*',
      'application/octet-stream',
      'application/json',
    ])
    for (const type of ['multipart/form-data', 'application/json']) {
      const { schema } = requestBody.content[type]
      t.same(Object.keys(schema.properties), [...names, 'image'], type)
      t.same(schema.required, ['image'], type)
    }
    const form = requestBody.content['multipart/form-data'].schema.properties
    t.match(form.image, { type: 'string', format: 'binary' })
    t.match(form.min_score, { type: 'number', minimum: 0, maximum: 1 })
    t.same(
      parameters.map((parameter: { name: string }) => parameter.name),
      names,
    )
    const batch = document.paths['/v1/detect/batch'].post.requestBody.content
    t.match(batch['multipart/form-data'].schema.properties.image, {
      type: 'array',
      items: { format: 'binary' },
    })
  })

  t.test('documents every error code', async (t) => {
    const { code } = document.components.schemas.Problem.properties
    t.same(code.enum, Object.keys(ERROR_CODES))
    t.match(document.paths['/answer'].get.responses['404'], {
      description: '`model_not_found`: No such model',
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      },
    })
  })

  t.test('has the schemas that are referred to, and no others', async (t) => {
    t.same(
      Object.keys(document.components.schemas).sort(),
      ['Box', 'Detection', 'DetectResponse', 'NormalizedBox', 'Problem'].sort(),
    )
    t.notMatch(JSON.stringify(document), String(Number.MAX_SAFE_INTEGER))
  })

  t.test('has its page, which works without HTTPS', async (t) => {
    const page = await app.inject('/docs/')
    t.equal(page.statusCode, 200)
    t.match(page.headers['content-type'], 'text/html')
    t.notMatch(page.headers['content-security-policy'], 'upgrade-insecure-requests')
    for (const path of ['/docs/json', '/docs/static/swagger-ui.css']) {
      t.equal((await app.inject(path)).statusCode, 200, path)
    }
    t.notOk(Object.keys(document.paths).some((path) => path.startsWith('/docs')))
  })
})

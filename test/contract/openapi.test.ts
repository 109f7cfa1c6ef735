import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { openapiDocument } from '../../scripts/openapi-document.js'
import { ERROR_CODES } from '../../src/errors.js'

t.test('openapi.yaml', async (t) => {
  const written = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')

  t.test('is what the schemas say; npm run openapi writes it', async (t) => {
    t.equal(written, await openapiDocument())
  })

  t.test('documents every route and every error code', async (t) => {
    const document = parse(written)
    t.strictSame(Object.keys(document.paths).sort(), [
      '/livez',
      '/metrics',
      '/readyz',
      '/v1/detect',
      '/v1/detect/batch',
      '/v1/models',
      '/v1/models/{model}',
      '/v1/models/{model}/labels',
    ])
    t.strictSame(document.components.schemas.Problem.properties.code.enum, Object.keys(ERROR_CODES))
    const { content } = document.paths['/v1/detect'].post.requestBody
    t.match(content['multipart/form-data'].schema.properties.image, {
      type: 'string',
      format: 'binary',
    })
    t.ok(content['application/json'] && content['image/*'] && content['application/octet-stream'])
  })
})

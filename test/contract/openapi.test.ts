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
      '/detect',
      '/detectors',
      '/image',
      '/livez',
      '/metrics',
      '/model/labels',
      '/model/metadata',
      '/model/predict',
      '/readyz',
      '/v1/classify',
      '/v1/classify/batch',
      '/v1/detect',
      '/v1/detect/batch',
      '/v1/detect/stream',
      '/v1/models',
      '/v1/models/{model}',
      '/v1/models/{model}/labels',
      '/v1/models/{model}/labels/{label}:predict',
      '/v1/models/{model}/metadata',
      '/v1/models/{model}/versions/{version}',
      '/v1/models/{model}/versions/{version}/metadata',
      '/v1/models/{model}/versions/{version}:predict',
      '/v1/models/{model}:predict',
      '/v1/predict',
      '/v1/regress',
      '/v1/regress/batch',
      '/v1/vision/custom/list',
      '/v1/vision/custom/{model}',
      '/v1/vision/detection',
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/{model}',
      '/v2/models/{model}/ready',
      '/v2/models/{model}/versions/{version}',
      '/v2/models/{model}/versions/{version}/ready',
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

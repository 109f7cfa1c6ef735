import { buildApp } from '../src/app.js'
import { DOORS } from '../src/compat.js'
import { loadConfig } from '../src/config.js'
import { createHttpServer } from '../src/http-server.js'
import type { ModelServer } from '../src/serving/model-server.js'

/** Writes the OpenAPI document of the gateway as YAML, from the schemas that its routes are checked by, with every door open. */
export async function openapiDocument(): Promise<string> {
  const config = loadConfig({ LOG_LEVEL: 'silent', COMPAT: DOORS.join(',') })
  const nobody = async () => {
    throw new Error('nothing is asked while the document is written')
  }
  const server: ModelServer = { predict: nobody, metadata: nobody, status: nobody, close() {} }
  const app = await buildApp(createHttpServer(config), config, {
    server,
    models: { names: () => [], card: () => undefined },
    defaultModel: 'ssdlite_mobilenet_v2_coco',
  })
  try {
    const response = await app.inject('/openapi.yaml')
    return response.payload
  } finally {
    await app.close()
  }
}

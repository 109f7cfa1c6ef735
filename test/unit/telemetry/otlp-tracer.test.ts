import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { startOtlpTracer } from '../../../src/telemetry/otlp-tracer.js'
import { readTelemetrySettings } from '../../../src/telemetry/settings.js'

t.test('a collector that refuses spans is told in words, with its setting', async (t) => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(403).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_BSP_SCHEDULE_DELAY: '1',
  })
  t.teardown(() => {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
    delete process.env.OTEL_BSP_SCHEDULE_DELAY
    server.close()
  })
  const warning = await new Promise((resolve) => {
    const tracer = startOtlpTracer(readTelemetrySettings(process.env)!, {
      warn: (_facts, message) => resolve(message),
    })
    t.teardown(() => tracer.close())
    tracer.start({ name: 'detect', kind: 'server', parent: undefined }).end()
  })
  t.equal(warning, 'telemetry: spans were not sent: Forbidden (OTEL_EXPORTER_OTLP_ENDPOINT)')
})

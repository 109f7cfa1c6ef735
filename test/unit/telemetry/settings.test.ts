import t from 'tap'
import { readTelemetrySettings, SAMPLERS } from '../../../src/telemetry/settings.js'

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318'

t.test('readTelemetrySettings() is off unless an endpoint is set', async (t) => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT }
  for (const env of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
  ])
    t.equal(readTelemetrySettings(env), undefined, JSON.stringify(env))
  t.match(readTelemetrySettings(endpoint), { sampler: 'parentbased_always_on', ratio: 1 })
  const traces = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }
  t.match(readTelemetrySettings(traces), { maxQueueSize: 2048, maxExportBatchSize: 512 })
})

t.test('readTelemetrySettings() names what it cannot follow', async (t) => {
  for (const sampler of SAMPLERS)
    t.match(readTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER: sampler }), {
      sampler,
    })
  for (const [name, value] of Object.entries({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_EXPORTER: 'zipkin',
    OTEL_TRACES_SAMPLER: 'often',
    OTEL_TRACES_SAMPLER_ARG: '2',
    OTEL_BSP_MAX_QUEUE_SIZE: '0',
    OTEL_BSP_SCHEDULE_DELAY: 'x',
  }))
    t.throws(() => readTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, [name]: value }), {
      message: new RegExp(`${name} must`),
    })
})

/** OpenTelemetry's own settings as far as they are read here; its exporter reads the others of `OTEL_EXPORTER_OTLP_*`. */
export interface TelemetrySettings {
  /** `OTEL_TRACES_SAMPLER`, with `OTEL_TRACES_SAMPLER_ARG`. */
  readonly sampler: string
  /** 0..1. */
  readonly ratio: number
  /** `OTEL_BSP_SCHEDULE_DELAY`, `OTEL_BSP_MAX_QUEUE_SIZE`, `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. */
  readonly scheduledDelayMillis: number
  readonly maxQueueSize: number
  readonly maxExportBatchSize: number
}

export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
]

function positive(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = Number(env[name] || fallback)
  if (value > 0) return value
  throw new Error(`${name} must be a number above 0 (got ${JSON.stringify(env[name])})`)
}

/**
 * Reads what the standard settings say of traces: `undefined` unless an endpoint is set
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Throws an error that names a setting
 * that cannot be followed.
 */
export function readTelemetrySettings(env: NodeJS.ProcessEnv): TelemetrySettings | undefined {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!endpoint || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined
  const exporter = env.OTEL_TRACES_EXPORTER || 'otlp'
  if (exporter === 'none') return undefined
  if (exporter !== 'otlp')
    throw new Error(`OTEL_TRACES_EXPORTER must be otlp or none (got "${exporter}")`)
  if (!URL.canParse(endpoint)) {
    throw new Error(`OTEL_EXPORTER_OTLP_ENDPOINT must be a URL (got ${JSON.stringify(endpoint)})`)
  }
  const protocol =
    env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf'
  if (protocol !== 'http/protobuf') {
    throw new Error(`OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf (got "${protocol}")`)
  }
  const sampler = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on'
  if (!SAMPLERS.includes(sampler)) {
    throw new Error(`OTEL_TRACES_SAMPLER must be one of ${SAMPLERS.join(', ')} (got "${sampler}")`)
  }
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG || 1)
  if (!(ratio >= 0 && ratio <= 1)) throw new Error('OTEL_TRACES_SAMPLER_ARG must be from 0 to 1')
  const maxQueueSize = positive(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2048)
  return {
    sampler,
    ratio,
    scheduledDelayMillis: positive(env, 'OTEL_BSP_SCHEDULE_DELAY', 5000),
    maxQueueSize,
    maxExportBatchSize: Math.min(
      maxQueueSize,
      positive(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
    ),
  }
}

import type { Tracer } from '../tracing.js'
import type { TelemetryLog } from './otlp-tracer.js'
import { readTelemetrySettings } from './settings.js'

/** Starts to trace where OpenTelemetry's own settings name an endpoint; nothing of it is loaded otherwise. */
export async function startTelemetry(
  env: NodeJS.ProcessEnv,
  log: TelemetryLog,
): Promise<Tracer | undefined> {
  const settings = readTelemetrySettings(env)
  if (settings === undefined) return undefined
  const { startOtlpTracer } = await import('./otlp-tracer.js')
  return startOtlpTracer(settings, log)
}

import {
  createTraceState,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TraceContext } from '../trace-context.js'
import type { Span, SpanStart, Tracer } from '../tracing.js'
import { VERSION } from '../version.js'
import type { TelemetrySettings } from './settings.js'

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const

/** What is left is sent within this time when the gateway closes. */
const CLOSE_TIMEOUT_MS = 3000

/** The part of a pino logger that is written to. */
export interface TelemetryLog {
  warn(facts: object, message: string): void
}

function toSampler({ sampler, ratio }: TelemetrySettings): Sampler {
  const name = sampler.replace('parentbased_', '')
  const samplers: Record<string, () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  }
  const root = samplers[name]!()
  return name === sampler ? root : new ParentBasedSampler({ root })
}

function toParent(parent: TraceContext | undefined) {
  if (parent === undefined) return ROOT_CONTEXT
  const { traceId, spanId, sampled, tracestate } = parent
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  })
}

/** Only its name: what an error says may hold what is no trace's business. */
function typeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code !== undefined)
    return String(error.code)
  return error instanceof Error ? error.name : 'error'
}

/** What OpenTelemetry says. A failure to send comes as JSON with its stack, of which only the message is for people. */
function wordsOf(message: string): string {
  if (!message.startsWith('{')) return message
  try {
    return `spans were not sent: ${JSON.parse(message).message} (OTEL_EXPORTER_OTLP_ENDPOINT)`
  } catch {
    return message
  }
}

/** Makes a tracer that sends spans in batches by OTLP over HTTP. What cannot be sent is dropped, and said in the log. */
export function startOtlpTracer(settings: TelemetrySettings, log: TelemetryLog): Tracer {
  const say = (message: string, ...facts: unknown[]) =>
    log.warn({ facts }, `telemetry: ${wordsOf(message)}`)
  const silent = () => {}
  diag.setLogger(
    { error: say, warn: say, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const own = resourceFromAttributes({
    'service.name': 'detection-gateway',
    'service.version': VERSION,
  })
  const provider = new TracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: toSampler(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        scheduledDelayMillis: settings.scheduledDelayMillis,
        maxQueueSize: settings.maxQueueSize,
        maxExportBatchSize: settings.maxExportBatchSize,
      }),
    ],
  })
  const tracer = provider.getTracer('detection-gateway', VERSION)
  const start = ({ name, kind, parent, attributes }: SpanStart): Span => {
    const options = { kind: KINDS[kind], attributes: { ...attributes } }
    const span = tracer.startSpan(name, options, toParent(parent))
    const { traceId, spanId, traceFlags } = span.spanContext()
    const tracestate = parent?.tracestate
    return {
      context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0, tracestate },
      end: (ending = {}, error) => {
        span.setAttributes(ending)
        if (error !== undefined) {
          span.setAttribute('error.type', typeOf(error))
          span.setStatus({ code: SpanStatusCode.ERROR })
        }
        span.end()
      },
    }
  }
  return { start, close: () => closeWithin(provider, CLOSE_TIMEOUT_MS) }
}

async function closeWithin(provider: TracerProvider, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([provider.shutdown().catch(() => {}), timeout])
  clearTimeout(timer)
}

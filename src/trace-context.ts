/** Where a request stands in a trace, as W3C trace context carries it (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits: the span that what follows belongs to. */
  readonly spanId: string
  readonly sampled: boolean
  /** What tracing systems add, passed on as it came. */
  readonly tracestate?: string | undefined
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/
/** What the recommendation has everyone pass on at least; the model server takes 8 KiB of metadata in all. */
const MAX_TRACESTATE = 512

function isUsed(id: string): boolean {
  return !/^0+$/.test(id)
}

/** Reads `traceparent` and `tracestate`; `undefined` for a missing or malformed one, which starts a trace of its own. */
export function readTraceContext(
  traceparent: string | string[] | undefined,
  tracestate?: string | string[] | undefined,
): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined
  const [, version, traceId = '', spanId = '', flags = '', more] =
    TRACEPARENT.exec(traceparent) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined))
    return undefined
  if (!isUsed(traceId) || !isUsed(spanId)) return undefined
  const state = Array.isArray(tracestate) ? tracestate.join(',') : tracestate
  const sent = state !== undefined && state.length <= MAX_TRACESTATE && /^[\x20-\x7e]+$/.test(state)
  const sampled = (Number.parseInt(flags, 16) & 1) === 1
  return { traceId, spanId, sampled, ...(sent && { tracestate: state }) }
}

/** Writes `traceparent`. */
export function toTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}

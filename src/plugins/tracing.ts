import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { readTraceContext } from '../trace-context.js'
import { runInTrace, type Span, type Tracer } from '../tracing.js'
import { CLIENT_LEFT, onceOver, statusAtEnd } from './request-end.js'

export interface TracingOptions {
  /** Where spans go; without one, the context of a request is only logged and passed on. */
  readonly tracer?: Tracer | undefined
}

/** Asked every few seconds by machines; a trace for each would bury the rest. */
const SILENT = new Set(['/livez', '/readyz', '/metrics'])

function startSpan(request: FastifyRequest, tracer: Tracer): Span {
  const { method, url, headers } = request
  const route = request.routeOptions.url
  return tracer.start({
    name: route === undefined ? method : `${method} ${route}`,
    kind: 'server',
    parent: readTraceContext(headers.traceparent, headers.tracestate),
    attributes: {
      'http.request.method': method,
      'url.path': url.split('?', 1)[0]!,
      'detection_gateway.request_id': request.id,
      ...(route !== undefined && { 'http.route': route }),
    },
  })
}

function endWith(request: FastifyRequest, reply: FastifyReply, span: Span): void {
  onceOver(request, reply, () => {
    const status = statusAtEnd(reply)
    const error = status >= 500 ? Object.assign(new Error(), { code: status }) : undefined
    span.end(status === CLIENT_LEFT ? {} : { 'http.response.status_code': status }, error)
  })
}

/**
 * Takes W3C trace context: each log line of such a request has its `trace_id`, and what is called for it is told where it
 * stands. With a tracer each request is a span, under the client's or the first of its trace.
 */
export default fp<TracingOptions>(
  async (app, { tracer }) => {
    app.addHook('onRequest', (request, reply, done) => {
      const { traceparent, tracestate } = request.headers
      const traced = tracer !== undefined && !SILENT.has(request.routeOptions.url ?? '')
      const span = traced ? startSpan(request, tracer) : undefined
      const context = span?.context ?? readTraceContext(traceparent, tracestate)
      if (context === undefined) return done()
      if (span !== undefined) endWith(request, reply, span)
      const log = request.log.child({ trace_id: context.traceId })
      request.log = log
      reply.log = log
      runInTrace(context, tracer, done)
    })
  },
  { name: 'tracing', fastify: '5.x' },
)

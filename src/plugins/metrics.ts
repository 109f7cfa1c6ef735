import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { ERROR_CODES, type ErrorCode } from '../errors.js'
import { onceOver, statusAtEnd, UPGRADED } from './request-end.js'
import { routeName } from './route-table.js'

/** Stages of an image's way that are measured. */
export type Stage = 'queue' | 'decode' | 'predict' | 'postprocess' | 'annotate'

export interface Metrics {
  readonly registry: Registry
  /** Records how long a stage took. A model that is not known is counted as `other`. */
  observeStage(stage: Stage, model: string, seconds: number): void
  /** Counts an answer that is an error. */
  countError(code: ErrorCode): void
  /** Adds a gauge `detection_gateway_<name>` that is read whenever the metrics are asked for. */
  addGauge(name: string, help: string, read: () => number): void
  /** Adds a counter `detection_gateway_<name>` by `outcome`; the result counts one of them. */
  addCounter<T extends string>(
    name: string,
    help: string,
    outcomes: readonly T[],
  ): (outcome: T) => void
}

export interface MetricsOptions {
  /**
   * Tells the models that exist from names that were merely asked for: each name is a time series for ever. No name is
   * known unless given.
   */
  readonly isKnownModel?: (name: string) => boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly metrics: Metrics
  }
}

// From one fast pass over a tiny model to the default deadline of 10 s.
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Measures every request; `routes/metrics` answers with what it measured. */
export default fp<MetricsOptions>(
  async (app, { isKnownModel = () => false }) => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    app.decorate('metrics', createMetrics(registry, isKnownModel))

    const duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the headers of a request to the end of its answer',
      labelNames: ['method', 'route', 'status_code'],
      buckets: SECONDS,
      registers: [registry],
    })
    const observe = (request: FastifyRequest, reply: FastifyReply, statusCode: number) => {
      const labels = {
        method: request.method,
        route: routeName(request.routeOptions.url ?? 'unmatched'),
        status_code: statusCode,
      }
      duration.observe(labels, reply.elapsedTime / 1000)
    }
    app.addHook('onRequest', async (request, reply) => {
      onceOver(request, reply, () => {
        const status = statusAtEnd(reply)
        // How long a stream is open says nothing of how quick the gateway is.
        if (!reply.raw.writableFinished && status !== UPGRADED) observe(request, reply, status)
      })
    })
    app.addHook('onResponse', async (request, reply) => observe(request, reply, reply.statusCode))
  },
  { name: 'metrics', fastify: '5.x' },
)

function createMetrics(registry: Registry, isKnownModel: (name: string) => boolean): Metrics {
  const registers = [registry]
  const stages = new Histogram({
    name: 'detection_gateway_stage_duration_seconds',
    help: 'Time that a stage of an image takes',
    labelNames: ['stage', 'model'],
    buckets: SECONDS,
    registers,
  })
  const errors = new Counter({
    name: 'detection_gateway_errors_total',
    help: 'Answers that are errors, by code',
    labelNames: ['code'],
    registers,
  })
  // A rate of a series that appears with its first event misses that event.
  for (const code of Object.keys(ERROR_CODES)) errors.inc({ code }, 0)
  const bounded = (model: string) => (isKnownModel(model) ? model : 'other')
  return {
    registry,
    observeStage: (stage, model, seconds) =>
      stages.observe({ stage, model: bounded(model) }, seconds),
    countError: (code) => errors.inc({ code }),
    addGauge: (name, help, read) => {
      new Gauge({
        name: `detection_gateway_${name}`,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    addCounter: (name, help, outcomes) => {
      const counter = new Counter({
        name: `detection_gateway_${name}`,
        help,
        labelNames: ['outcome'],
        registers,
      })
      for (const outcome of outcomes) counter.inc({ outcome }, 0)
      return (outcome) => counter.inc({ outcome })
    },
  }
}

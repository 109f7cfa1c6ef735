import { AsyncLocalStorage } from 'node:async_hooks'
import type { TraceContext } from './trace-context.js'

export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A piece of work that is measured. */
export interface Span {
  readonly context: TraceContext
  /** Ends it, with an error where it failed. */
  end(attributes?: Attributes, error?: unknown): void
}

export interface SpanStart {
  readonly name: string
  readonly kind: 'server' | 'client' | 'internal'
  readonly parent: TraceContext | undefined
  readonly attributes?: Attributes | undefined
}

/** Where spans go. */
export interface Tracer {
  start(span: SpanStart): Span
  /** Sends what is left; resolves in any case. */
  close(): Promise<void>
}

interface Current {
  readonly context: TraceContext
  readonly tracer: Tracer | undefined
}

const storage = new AsyncLocalStorage<Current>()

/** Runs work as a part of a trace; without a tracer its context is only passed on. */
export function runInTrace<T>(context: TraceContext, tracer: Tracer | undefined, work: () => T): T {
  return storage.run({ context, tracer }, work)
}

/** Where the running code stands in a trace; `undefined` outside of one. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore()?.context
}

/** Runs work as a span of its own within the trace that it is part of; just runs it when nothing is traced. */
export async function inSpan<T>(
  span: Omit<SpanStart, 'parent'>,
  work: () => Promise<T>,
): Promise<T> {
  const current = storage.getStore()
  if (current?.tracer === undefined) return await work()
  const { context, tracer } = current
  const started = tracer.start({ ...span, parent: context })
  try {
    const result = await runInTrace(started.context, tracer, work)
    started.end()
    return result
  } catch (error) {
    started.end({}, error)
    throw error
  }
}

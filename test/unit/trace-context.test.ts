import t from 'tap'
import { readTraceContext, toTraceparent } from '../../src/trace-context.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

t.test('readTraceContext() reads what toTraceparent() writes', async (t) => {
  for (const sampled of [true, false]) {
    const context = { traceId, spanId, sampled }
    t.strictSame(readTraceContext(toTraceparent(context)), context)
  }
  const later = readTraceContext(`01-${traceId}-${spanId}-03-what-comes`)
  t.strictSame(later, { traceId, spanId, sampled: true }, 'a later version')
})

t.test('readTraceContext() takes tracestate where it can be passed on', async (t) => {
  const parent = toTraceparent({ traceId, spanId, sampled: true })
  t.equal(readTraceContext(parent, 'a=1,b=2')?.tracestate, 'a=1,b=2')
  t.equal(readTraceContext(parent, ['a=1', 'b=2'])?.tracestate, 'a=1,b=2')
  for (const bad of ['', 'a=é', 'a=\n', 'a'.repeat(513)])
    t.equal(readTraceContext(parent, bad)?.tracestate, undefined)
})

t.test('readTraceContext() takes nothing else for one', async (t) => {
  for (const bad of [
    undefined,
    '',
    [toTraceparent({ traceId, spanId, sampled: true })],
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
  ])
    t.equal(readTraceContext(bad), undefined, String(bad))
})

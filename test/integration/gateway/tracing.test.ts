import { createServer } from 'node:http'
import t from 'tap'
import type { ServerCall } from '../../../src/embedded/server-call.js'
import { form, photo, ready, start } from './harness.js'

const image = await photo('chelsea')
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const headers = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=1' }

/** Calls to Predict by their metadata. */
function watchCalls() {
  const seen: ServerCall<unknown>['metadata'][] = []
  const intercept = ({ method, metadata }: ServerCall<unknown>) => {
    if (method === 'Predict') seen.push(metadata)
  }
  return { seen, intercept }
}

/** What a collector is sent by OTLP over HTTP. */
async function startCollector(t: { teardown(fn: () => unknown): void }) {
  const requests: { url: string; type: string; body: Buffer }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const type = request.headers['content-type'] ?? ''
    requests.push({ url: request.url ?? '', type, body: Buffer.concat(chunks) })
    response.writeHead(200, { 'content-type': type }).end()
  })
  t.teardown(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { requests, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` }
}

t.test('without a collector the context of a request is passed on as it came', async (t) => {
  const { seen, intercept } = watchCalls()
  const { url } = await start(t, { intercept })
  await ready(url)
  seen.length = 0
  const detect = (given: Record<string, string>) =>
    fetch(`${url}/v1/detect`, { method: 'POST', body: form([image]), headers: given })
  t.equal((await detect(headers)).status, 200)
  t.match(seen.pop(), headers)
  t.equal((await detect({ traceparent: 'nonsense', tracestate: 'a=1' })).status, 200)
  t.strictSame([seen[0]?.traceparent, seen[0]?.tracestate], [undefined, undefined])
})

t.test('with a collector each step of a request is a span of its trace', async (t) => {
  const collector = await startCollector(t)
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
  process.env.OTEL_SERVICE_NAME = 'cameras'
  t.teardown(() => {
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
    delete process.env.OTEL_SERVICE_NAME
  })
  const { seen, intercept } = watchCalls()
  const { url, gateway } = await start(t, { intercept })
  await ready(url)
  seen.length = 0
  const query = '?format=jpeg'
  const answer = await fetch(`${url}/v1/detect${query}`, {
    method: 'POST',
    body: form([image]),
    headers,
  })
  t.equal(answer.status, 200)
  await answer.arrayBuffer()
  const [, upstreamTrace, upstreamSpan] = seen[0]?.traceparent?.split('-') ?? []
  t.equal(upstreamTrace, traceId)
  t.not(upstreamSpan, spanId, 'the call belongs to a span of the gateway')
  t.equal(seen[0]?.tracestate, headers.tracestate)
  const lone = await fetch(`${url}/v1/nothing`)
  t.equal(lone.status, 404)
  await gateway.close()
  t.match(collector.requests[0], { url: '/v1/traces', type: 'application/x-protobuf' })
  const sent = Buffer.concat(collector.requests.map(({ body }) => body))
  for (const id of [traceId, spanId, upstreamSpan!]) t.ok(sent.includes(Buffer.from(id, 'hex')), id)
  for (const text of [
    'cameras',
    'POST /v1/detect',
    'decode',
    'encode',
    'tensorflow.serving.PredictionService/Predict',
    'image.width',
    'http.response.status_code',
  ])
    t.ok(sent.includes(text), text)
  t.notOk(sent.includes('/readyz'), 'nothing of what machines ask')
  t.notOk(sent.includes(query), 'nothing of the query')
})

import t from 'tap'
import { buildEcho, listen } from './echo-app.js'
import { connectRaw } from './raw-client.js'

t.test('a client that leaves is counted as 499', async (t) => {
  let started = () => {}
  const working = new Promise<void>((resolve) => {
    started = resolve
  })
  const app = await buildEcho(t, {
    routes: (app) => {
      app.get('/work', async (request) => {
        started()
        await new Promise((resolve) => request.cancellation.addEventListener('abort', resolve))
        return {}
      })
    },
  })
  const client = connectRaw(t, await listen(app))
  client.write('GET /work HTTP/1.1\r\nhost: test\r\n\r\n')
  await working
  client.socket.destroy()
  const line = 'http_request_duration_seconds_count{method="GET",route="/work",status_code="499"} 1'
  for (;;) {
    const { body } = await app.inject('/metrics')
    if (body.split('\n').includes(line)) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  t.pass('it is counted')
})

t.test('GET /metrics', async (t) => {
  const app = await buildEcho(t)
  let waiting = 3
  app.metrics.addGauge('queue_length', 'Requests that wait', () => waiting)
  app.metrics.observeStage('decode', 'known', 0.002)
  app.metrics.observeStage('decode', 'made-up', 0.002)
  await app.inject('/nowhere?x=1')
  await app.inject('/v1/detect')
  await app.inject('/openapi.json')
  waiting = 4

  const response = await app.inject('/metrics')
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], /^text\/plain; version=0\.0\.4/)
  const lines = response.body.split('\n')
  const wanted = [
    'detection_gateway_queue_length 4',
    'detection_gateway_stage_duration_seconds_count{stage="decode",model="known"} 1',
    'detection_gateway_stage_duration_seconds_count{stage="decode",model="other"} 1',
    'detection_gateway_errors_total{code="route_not_found"} 1',
    'detection_gateway_errors_total{code="method_not_allowed"} 1',
    'detection_gateway_errors_total{code="queue_full"} 0',
    'http_request_duration_seconds_count{method="GET",route="unmatched",status_code="404"} 1',
    'http_request_duration_seconds_count{method="GET",route="/openapi.json",status_code="200"} 1',
  ]
  for (const line of wanted) t.ok(lines.includes(line), line)
  t.match(response.body, 'process_cpu_seconds_total')
  t.notMatch(response.body, 'made-up')
})

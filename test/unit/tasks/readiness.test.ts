import t from 'tap'
import { GatewayError } from '../../../src/errors.js'
import { type Readiness, ReadinessMonitor } from '../../../src/tasks/readiness.js'

/** A monitor over a server that can be switched off, and its next change. */
function build(graceMs: number) {
  const changes: Readiness[] = []
  const waiting: ((readiness: Readiness) => void)[] = []
  const server = { up: false, warmUps: 0 }
  const monitor = new ReadinessMonitor({
    model: 'm',
    graceMs,
    check: async () => {
      if (!server.up) throw new GatewayError('upstream_unavailable', 'nobody there')
    },
    warmUp: async () => {
      server.warmUps += 1
    },
    onChange: (readiness) => {
      changes.push(readiness)
      waiting.shift()?.(readiness)
    },
  })
  const next = () => new Promise<Readiness>((resolve) => waiting.push(resolve))
  return { monitor, server, next, changes }
}

t.test('ReadinessMonitor', async (t) => {
  t.test(
    'is ready once the model is available and warmed up, and only warms up once',
    async (t) => {
      const { monitor, server, next } = build(0)
      t.teardown(() => monitor.close())
      let change = next()
      monitor.start()
      t.strictSame(await change, { ready: false, reason: 'nobody there' })
      change = next()
      server.up = true
      t.strictSame(await change, { ready: true, reason: null })
      change = next()
      server.up = false
      t.strictSame(await change, { ready: false, reason: 'nobody there' })
      change = next()
      server.up = true
      t.strictSame(await change, { ready: true, reason: null })
      t.equal(server.warmUps, 1)
    },
  )

  t.test('is unready for good from close on', async (t) => {
    const { monitor, server, next } = build(60_000)
    server.up = true
    const change = next()
    monitor.start()
    await change
    monitor.close()
    t.strictSame(monitor.readiness, { ready: false, reason: 'the gateway is shutting down' })
  })
})

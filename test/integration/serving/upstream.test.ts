import { promises as dns } from 'node:dns'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Metadata, status } from '@grpc/grpc-js'
import t from 'tap'
import type { PredictCall } from '../../../src/serving/model-server.js'
import { TfServingClient } from '../../../src/serving/tf-serving/client.js'
import type { UpstreamOptions } from '../../../src/serving/upstream.js'
import type { UpstreamChannel } from '../../../src/serving/upstream-channel.js'
import {
  failure,
  makeUpstream,
  type PredictCallback,
  type PredictServerCall,
  soon,
  startServer,
  type Teardown,
  zeroAnswer,
} from '../../unit/serving/grpc-server.js'
import { startWire } from '../gateway/faulty-wire.js'

const THREE_MEGABYTES = 3 * 1024 * 1024

function pixels(bytes: number): PredictCall {
  return {
    selector: { model: 'm' },
    signature: 'serving_default',
    inputs: { inputs: { dtype: 'DT_UINT8', shape: [bytes], data: new Uint8Array(bytes) } },
    outputs: ['y'],
  }
}

const CALL = pixels(3)

/** A replica that counts its calls and answers each at once. */
async function startReplica(t: Teardown, address?: string) {
  const replica = { calls: 0, port: 0 }
  const predict = (_: PredictServerCall, done: PredictCallback) => {
    replica.calls++
    done(null, zeroAnswer())
  }
  replica.port = await startServer(t, { predict }, address === undefined ? {} : { address })
  return replica
}

function connect(t: Teardown, target: string, options?: UpstreamOptions) {
  const channel = makeUpstream(t, options).channel('tf-serving', target)
  return { channel, client: new TfServingClient(channel) }
}

const predict = (client: TfServingClient) => client.predict(CALL, { deadline: soon() })

/** Calls until `done` says so; the runner's own time limit ends it otherwise. */
async function callUntil(client: TfServingClient, done: () => boolean) {
  while (!done()) {
    await predict(client)
    await sleep(5)
  }
}

/** Answers look-ups of serving.test; other names are looked up as ever. */
function answerLookups(t: Teardown, addresses: () => string[]) {
  const lookup = dns.lookup
  t.teardown(() => {
    dns.lookup = lookup
  })
  const fake = async (name: string, options: object) => {
    if (name !== 'serving.test') return await lookup(name, options)
    const found = addresses()
    if (found.length === 0) throw new Error('ENOTFOUND serving.test')
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  dns.lookup = fake as typeof dns.lookup
}

/** A second loopback address: 127.0.0.2 exists everywhere but on macOS, which has ::1. */
async function otherLoopback(port: number): Promise<string> {
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.2', () => probe.close(() => resolve(true)))
  })
  return free ? '127.0.0.2' : '::1'
}

t.test('a 3 MB tensor is sent again when the server was unavailable twice', async (t) => {
  const sizes: number[] = []
  const port = await startServer(t, {
    predict: ({ request }: PredictServerCall, done: PredictCallback) => {
      sizes.push(request.getInputsMap().get('inputs')?.getTensorContent_asU8().length ?? 0)
      if (sizes.length < 3) done(failure(status.UNAVAILABLE, 'restarting'), null)
      else done(null, zeroAnswer())
    },
  })
  const { client } = connect(t, `127.0.0.1:${port}`, { retryBytes: 2 * THREE_MEGABYTES })
  await client.predict(pixels(THREE_MEGABYTES), { deadline: soon() })
  t.strictSame(sizes, [THREE_MEGABYTES, THREE_MEGABYTES, THREE_MEGABYTES])
})

t.test('a tensor larger than the retry buffer is sent once', async (t) => {
  let calls = 0
  const port = await startServer(t, {
    predict: (_: PredictServerCall, done: PredictCallback) => {
      calls++
      done(failure(status.UNAVAILABLE, 'restarting'), null)
    },
  })
  const { client } = connect(t, `127.0.0.1:${port}`, { retryBytes: 1024 * 1024 })
  const call = client.predict(pixels(THREE_MEGABYTES), { deadline: soon() })
  await t.rejects(call, { code: 'upstream_unavailable' })
  t.equal(calls, 1)
})

t.test('nothing but UNAVAILABLE is sent again', async (t) => {
  for (const code of [status.INTERNAL, status.FAILED_PRECONDITION, status.ABORTED]) {
    let calls = 0
    const port = await startServer(t, {
      predict: (_: PredictServerCall, done: PredictCallback) => {
        calls++
        done(failure(code, 'no'), null)
      },
    })
    const { client } = connect(t, `127.0.0.1:${port}`)
    await t.rejects(predict(client), { code: 'upstream_rejected' }, status[code])
    t.equal(calls, 1, status[code])
  }
})

t.test('an answer that breaks off after it has begun is asked for once more', async (t) => {
  let calls = 0
  const port = await startServer(t, {
    predict: async (call: PredictServerCall, done: PredictCallback) => {
      if (++calls > 1) return done(null, zeroAnswer())
      call.sendMetadata(new Metadata())
      await sleep(50)
      wire.reset()
    },
  })
  const wire = await startWire(t, port)
  const { client } = connect(t, wire.target)
  await predict(client)
  t.equal(calls, 2)
})

t.test('a server that does not answer is unavailable', async (t) => {
  const { client } = connect(t, '127.0.0.1:1')
  await t.rejects(predict(client), { code: 'upstream_unavailable', message: /TF_SERVING_TARGET/ })
})

t.test('a name that does not resolve is unavailable, and works once it does', async (t) => {
  const replica = await startReplica(t)
  let found: string[] = []
  answerLookups(t, () => found)
  const { client } = connect(t, `serving.test:${replica.port}`, { dnsIntervalMs: 20 })
  await t.rejects(predict(client), { code: 'upstream_unavailable' })
  found = ['127.0.0.1']
  while (replica.calls === 0) await predict(client).catch(() => sleep(20))
  t.equal(replica.calls, 1)
})

t.test('the addresses of a list share the load', async (t) => {
  const replicas = [await startReplica(t), await startReplica(t)]
  const [a, b] = replicas.map(({ port }) => port)
  for (const target of [`ipv4:127.0.0.1:${a},127.0.0.1:${b}`, `localhost:${a},127.0.0.1:${b}`]) {
    const { client, channel } = connect(t, target)
    const before = replicas.map(({ calls }) => calls)
    await callUntil(client, () => replicas.every(({ calls }, index) => calls - before[index]! > 4))
    t.equal(channel.addresses >= 2, true, target)
  }
})

t.test('an address added to the name takes load, and one taken away is left', async (t) => {
  const first = await startReplica(t)
  const other = await otherLoopback(first.port)
  const second = await startReplica(t, `${other === '::1' ? '[::1]' : other}:${first.port}`)
  let found = ['127.0.0.1']
  answerLookups(t, () => found)
  const { client, channel } = connect(t, `dns:///serving.test:${first.port}`, { dnsIntervalMs: 20 })
  await callUntil(client, () => first.calls > 3)
  t.strictSame([second.calls, channel.addresses], [0, 1])
  found = ['127.0.0.1', other]
  await callUntil(client, () => second.calls > 3)
  const servers = channel.addresses
  t.equal(servers, other === '::1' ? 1 : 2)
  found = []
  await sleep(60)
  const kept = second.calls
  await callUntil(client, () => second.calls > kept)
  t.equal(channel.addresses, servers, 'a failed look-up keeps the addresses')
  found = [other]
  // Gone when a run of calls leaves it out.
  for (let left = -1; left !== first.calls; ) {
    left = first.calls
    for (let call = 0; call < 10; call++) await predict(client)
  }
  t.equal(channel.addresses, 1)
})

t.test('IPv4 and IPv6 addresses of one server count once', async (t) => {
  const replica = await startReplica(t)
  answerLookups(t, () => ['127.0.0.1', '::1'])
  const { client, channel } = connect(t, `serving.test:${replica.port},127.0.0.1:${replica.port}`)
  t.equal(channel.addresses, 2, 'before the look-up')
  await predict(client)
  t.equal(channel.addresses, 2)
  const alone = connect(t, `serving.test:${replica.port}`)
  await predict(alone.client)
  t.equal(alone.channel.addresses, 1)
})

t.test('a unix socket is a target', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'serving-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const replica = await startReplica(t, `unix:${join(folder, 'socket')}`)
  const { client } = connect(t, `unix:${join(folder, 'socket')}`)
  await predict(client)
  t.equal(replica.calls, 1)
})

/** A server that holds its calls until it is told to answer. */
async function startHolder(t: Teardown) {
  const held: PredictCallback[] = []
  const port = await startServer(t, {
    predict: (_: PredictServerCall, done: PredictCallback) => held.push(done),
  })
  return { held, port }
}

async function until(done: () => boolean) {
  while (!done()) await sleep(2)
}

t.test('no more calls are in flight than the bound says', async (t) => {
  const { held, port } = await startHolder(t)
  const { client, channel } = connect(t, `127.0.0.1:${port}`, { inFlightPerAddress: 2 })
  const calls = Array.from({ length: 5 }, () => predict(client))
  const seen: number[] = []
  for (let answered = 0; answered < calls.length; answered++) {
    await until(() => held.length >= Math.min(2, calls.length - answered))
    seen.push(held.length)
    held.shift()?.(null, zeroAnswer())
  }
  await Promise.all(calls)
  t.strictSame(seen, [2, 2, 2, 2, 1])
  t.strictSame([channel.inFlight, channel.waiting], [0, 0])
})

t.test('a replica that hangs holds no more calls than the others have', async (t) => {
  const { held, port } = await startHolder(t)
  const well = [await startReplica(t), await startReplica(t)]
  const ports = [...well.map((replica) => replica.port), port]
  const target = `ipv4:${ports.map((each) => `127.0.0.1:${each}`).join(',')}`
  const { client, channel } = connect(t, target, { inFlightPerAddress: 4 })
  const calls: Promise<unknown>[] = []
  // Connected to all of them.
  while (held.length === 0 || well.some((replica) => replica.calls === 0)) {
    calls.push(predict(client))
    await sleep(5)
  }
  for (let call = 0; call < 60; call++) {
    calls.push(predict(client))
    await until(() => channel.inFlight === held.length)
  }
  t.ok(held.length < 3, `${held.length} of 60 calls hang`)
  for (const done of held) done(null, zeroAnswer())
  await Promise.all(calls)
})

t.test('a call that waits for room leaves at its deadline or with its client', async (t) => {
  const { held, port } = await startHolder(t)
  const { client, channel } = connect(t, `127.0.0.1:${port}`, { inFlightPerAddress: 1 })
  const running = predict(client)
  await until(() => held.length === 1)
  const late = client.predict(CALL, { deadline: Date.now() + 20 })
  await t.rejects(late, { code: 'deadline_exceeded', message: /UPSTREAM_IN_FLIGHT/ })
  const leaving = new AbortController()
  const left = client.predict(CALL, { deadline: soon(), signal: leaving.signal })
  leaving.abort(new Error('client left'))
  await t.rejects(left, { message: 'client left' })
  t.strictSame([channel.inFlight, channel.waiting, held.length], [1, 0, 1])
  held.shift()?.(null, zeroAnswer())
  await running
})

/** A server that is busy for the first calls. */
async function startBusy(t: Teardown, times: number, details: string) {
  const server = { calls: 0, port: 0 }
  server.port = await startServer(t, {
    predict: (_: PredictServerCall, done: PredictCallback) => {
      if (server.calls++ < times) done(failure(status.RESOURCE_EXHAUSTED, details), null)
      else done(null, zeroAnswer())
    },
  })
  return server
}

t.test('a busy server is asked again', async (t) => {
  for (const details of ['Server Threadpool Exhausted', '']) {
    const server = await startBusy(t, 3, details)
    const { client } = connect(t, `127.0.0.1:${server.port}`)
    await predict(client)
    t.equal(server.calls, 4, details)
  }
})

t.test('a busy server is asked until the deadline, and not for a client that left', async (t) => {
  const server = await startBusy(t, Number.POSITIVE_INFINITY, 'Server Threadpool Exhausted')
  const { client } = connect(t, `127.0.0.1:${server.port}`)
  const late = client.predict(CALL, { deadline: Date.now() + 200 })
  await t.rejects(late, { code: 'upstream_unavailable', message: /UPSTREAM_IN_FLIGHT/ })
  t.ok(server.calls > 1)
  const leaving = new AbortController()
  const left = client.predict(CALL, { deadline: soon(), signal: leaving.signal })
  const before = server.calls
  await until(() => server.calls > before + 1)
  leaving.abort(new Error('client left'))
  await t.rejects(left, { message: 'client left' })
})

t.test('a lack of memory is not asked for again', async (t) => {
  const server = await startBusy(t, 1, 'OOM when allocating tensor')
  const { client } = connect(t, `127.0.0.1:${server.port}`)
  await t.rejects(predict(client), { code: 'upstream_unavailable' })
  t.equal(server.calls, 1)
})

t.test('a batch of calls under one signal draws no warning', async (t) => {
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  const replica = await startReplica(t)
  const { client } = connect(t, `127.0.0.1:${replica.port}`, { inFlightPerAddress: 16 })
  const { signal } = new AbortController()
  const calls = Array.from({ length: 32 }, () => client.predict(CALL, { deadline: soon(), signal }))
  await Promise.all(calls)
  await sleep(1)
  t.strictSame(warnings, [])
})

t.test(
  'an upstream has one channel for a protocol and target, and a new one after it closed',
  (t) => {
    const upstream = makeUpstream(t)
    const channel: UpstreamChannel = upstream.channel('tf-serving', 'dns:///serving:8500')
    t.equal(upstream.channel('tf-serving', 'serving:8500'), channel)
    t.not(upstream.channel('oip', 'serving:8500'), channel)
    t.not(upstream.channel('tf-serving', 'serving:8501'), channel)
    channel.close()
    t.not(upstream.channel('tf-serving', 'serving:8500'), channel)
    t.throws(() => upstream.channel('tf-serving', 'http://serving:8501'), {
      message: /gRPC target/,
    })
    t.end()
  },
)

import { createServer } from 'node:net'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { startModelServer } from '../../../src/embedded/model-server.js'
import type { ScriptedModel } from '../../../src/embedded/scripted-model.js'
import type { PredictContext } from '../../../src/embedded/served-model.js'
import type { Tensors } from '../../../src/embedded/tensor.js'
import { PredictionServiceService } from '../../../src/serving/tf-serving/stubs.js'
import { type FaultyWire, startWire } from './faulty-wire.js'
import { DOG, detections, detector, OUTPUTS, post, ready, startOn, untilGauge } from './harness.js'

type Predict = (context: PredictContext) => Tensors | Promise<Tensors>

const image = await sharp({
  create: { width: 24, height: 16, channels: 3, background: '#36c' },
})
  .png()
  .toBuffer()

const detect = (url: string, query = '') =>
  post(`${url}/v1/detect${query}`, image, { 'content-type': 'image/png' })

const found = () => detections([DOG])

/** A promise to wait for, and what settles it. */
function event() {
  let happen = () => {}
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { happen, happened }
}

async function readiness(url: string, status: number): Promise<string> {
  for (;;) {
    const response = await fetch(`${url}/readyz`)
    const text = await response.text()
    // Until the server has been asked for the first time there is no other reason.
    if (response.status === status && !text.includes('is starting')) return text
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A gateway whose one model server lies behind a wire that is cut. */
async function startBehindWire(t: Test) {
  const script = { predict: found as Predict, calls: 0 }
  const model = detector({
    predict: (context) => {
      script.calls++
      return script.predict(context)
    },
  })
  const server = await startModelServer({ models: [model] })
  t.teardown(() => server.close())
  const wire = await startWire(t, server.port)
  await wire.cut()
  const env = { TF_SERVING_TARGET: wire.target, READINESS_GRACE_MS: '100' }
  return { ...(await startOn(t, env)), script, server, wire }
}

/** A gRPC server whose every answer is these bytes. */
async function startBabbler(t: Test, answer: () => Buffer): Promise<number> {
  const server = new Server()
  const babbling = Object.entries(PredictionServiceService).map(([name, method]) => [
    name,
    { ...method, responseSerialize: answer },
  ])
  const handlers = babbling.map(([name]) => [
    name,
    (_: unknown, done: (error: null, answer: object) => void) => done(null, {}),
  ])
  server.addService(Object.fromEntries(babbling), Object.fromEntries(handlers))
  t.teardown(() => server.forceShutdown())
  return await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    )
  })
}

/** A server that speaks something else to whoever connects. */
async function startStranger(t: Test): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')
  })
  t.teardown(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

const float = (shape: number[], values: number[]) =>
  ({ dtype: 'DT_FLOAT', shape, data: Float32Array.from(values) }) as const

const NONSENSE: Record<string, Partial<Record<keyof Tensors, Tensors[string]>>> = {
  'a score that is no number': { detection_scores: float([1, 1], [Number.NaN]) },
  'an infinite box': { detection_boxes: float([1, 1, 4], [0, 0, Number.POSITIVE_INFINITY, 1]) },
  'boxes of three numbers': { detection_boxes: float([1, 1, 3], [0, 0, 1]) },
  'boxes without end': { detection_boxes: float([4], [0, 0, 1, 1]) },
  'fewer scores than boxes': { detection_scores: float([1, 0], []) },
  'less than no detections': { num_detections: float([1], [-1]) },
  'detections that are no number': { num_detections: float([1], [Number.NaN]) },
  'classes that are text': {
    detection_classes: { dtype: 'DT_STRING', shape: [1, 1], data: [Buffer.from('dog')] },
  },
  'another batch': { detection_scores: float([2, 1], [0.5, 0.5]) },
}

t.test('one model server', async (t) => {
  const { url, script, server, wire } = await startBehindWire(t)
  t.beforeEach(() => {
    script.predict = found
    script.calls = 0
  })

  t.test('absent at start', async (t) => {
    const answer = await detect(url)
    t.match(answer, { status: 503, body: { code: 'upstream_unavailable' } })
    t.ok(answer.headers.has('retry-after'))
    t.match(await readiness(url, 503), /TF_SERVING_TARGET/)
    await wire.mend()
    await ready(url)
    t.equal((await detect(url)).status, 200)
  })

  t.test('dies with a call on its way, and is back at once', async (t) => {
    script.predict = () => {
      if (script.calls > 1) return found()
      wire.reset()
      return new Promise(() => {})
    }
    t.equal((await detect(url)).status, 200)
    t.equal(script.calls, 2)
  })

  t.test('dies with a call on its way, stays away, and comes back', async (t) => {
    const arrived = event()
    script.predict = () => {
      arrived.happen()
      return new Promise(() => {})
    }
    const answer = detect(url)
    await arrived.happened
    await wire.cut()
    t.match(await answer, { status: 503, body: { code: 'upstream_unavailable' } })
    t.match(await readiness(url, 503), /TF_SERVING_TARGET/)
    t.equal((await fetch(`${url}/livez`)).status, 200)
    script.predict = found
    await wire.mend()
    await ready(url)
    t.equal((await detect(url)).status, 200)
  })

  t.test('hangs', async (t) => {
    script.predict = () => new Promise(() => {})
    const answers = [1, 2, 3].map(() => detect(url, '?timeout_ms=150'))
    for (const answer of await Promise.all(answers))
      t.match(answer, { status: 504, body: { code: 'deadline_exceeded' } })
    await untilGauge(url, 'requests_admitted', 0)
    await untilGauge(url, 'call_bytes_reserved', 0)
    script.predict = found
    t.equal((await detect(url)).status, 200, 'its places are free again')
  })

  t.test('is lost to the network without a word', async (t) => {
    wire.freeze()
    t.match(await detect(url, '?timeout_ms=150'), { status: 504 })
    await wire.mend()
    await ready(url)
    t.equal((await detect(url)).status, 200)
  })

  t.test('answers when nobody waits any more', async (t) => {
    script.predict = ({ signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(found())))
    t.match(await detect(url, '?timeout_ms=100'), { status: 504 })
    script.predict = () => detections([])
    t.match(await detect(url), { status: 200, body: { detections: [] } }, 'not with the old one')
  })

  t.test('answers nonsense', async (t) => {
    for (const [name, outputs] of Object.entries(NONSENSE)) {
      script.predict = () => ({ ...found(), ...(outputs as Tensors) })
      const { status, body } = await detect(url)
      t.match({ status, body }, { status: 502, body: { code: 'upstream_invalid_response' } }, name)
    }
  })

  t.test('leaves out an output', async (t) => {
    for (const name of Object.keys(OUTPUTS)) {
      script.predict = () =>
        Object.fromEntries(Object.entries(found()).filter(([output]) => output !== name))
      const { status, body } = await detect(url)
      t.match({ status, body }, { status: 502, body: { code: 'upstream_invalid_response' } }, name)
    }
  })

  t.test('is another server', async (t) => {
    t.teardown(async () => {
      wire.lead(server.port)
      await ready(url)
    })
    wire.lead(await startBabbler(t, () => Buffer.from('no message of that kind')))
    t.match(await detect(url), { status: 502, body: { code: 'upstream_invalid_response' } }, 'gRPC')
    wire.lead(await startBabbler(t, () => Buffer.alloc(200_000_000)))
    t.match(await detect(url), { status: 502, body: { code: 'upstream_response_too_large' } })
    wire.lead(await startStranger(t))
    t.match(await detect(url), { status: 503, body: { code: 'upstream_unavailable' } }, 'no gRPC')
  })

  t.test('has another model, or one of that name that does something else', async (t) => {
    const scores = { dtype: 'DT_FLOAT', shape: [-1, 1000] }
    const classifier = detector({
      outputs: { scores },
      predict: () => ({ scores: float([1, 1000], Array(1000).fill(0)) }),
    })
    for (const [models, wanted] of [
      [[detector({ name: 'stranger' })], { status: 404, body: { code: 'model_not_found' } }],
      [[classifier], { status: 502, body: { code: 'signature_mismatch' } }],
    ] as const) {
      const other = await startModelServer({ models })
      t.teardown(() => other.close())
      wire.lead(other.port)
      t.match(await detect(url), wanted)
    }
    wire.lead(server.port)
    await ready(url)
    t.equal((await detect(url)).status, 200)
  })
})

/** Keeps `clients` requests going until it is stopped, and counts the statuses of the answers. */
function keepAsking(url: string, clients: number, query = '') {
  const statuses: Record<number, number> = {}
  const versions = new Set<string>()
  const problems = new Set<string>()
  let stopped = false
  let answered = 0
  const client = async () => {
    while (!stopped) {
      const { status, body } = await detect(url, query)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 200) versions.add(body.model.version)
      else problems.add(`${body.code}: ${body.detail}`)
      answered++
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  return {
    statuses,
    versions,
    problems,
    /** Waits for so many more answers. */
    async answers(count: number) {
      const wanted = answered + count
      while (answered < wanted) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    async stop() {
      stopped = true
      await running
    },
  }
}

t.test('three replicas', async (t) => {
  const replicas = await Promise.all(
    [1, 2, 3].map(async () => {
      const replica = { calls: 0 }
      const predict = () => {
        replica.calls++
        return found()
      }
      const server = await startModelServer({ models: [detector({ predict })] })
      t.teardown(() => server.close())
      return Object.assign(replica, { wire: await startWire(t, server.port) })
    }),
  )
  const target = `ipv4:${replicas.map(({ wire }) => wire.target).join(',')}`
  const { url } = await startOn(t, { TF_SERVING_TARGET: target })
  await ready(url)
  t.equal((await detect(url)).status, 200)
  const [victim, hanging] = replicas as [Replica, Replica]

  t.test('one dies: no request is lost, and it gets its share when it is back', async (t) => {
    const load = keepAsking(url, 6)
    while (victim.calls < 5) await load.answers(1)
    await victim.wire.cut()
    await load.answers(40)
    const before = victim.calls
    await victim.wire.mend()
    while (victim.calls < before + 5) await load.answers(1)
    await load.stop()
    t.strictSame([...load.problems], [], JSON.stringify(load.statuses))
  })

  t.test('one hangs: only what it holds is late, the others go on', async (t) => {
    const load = keepAsking(url, 6, '?timeout_ms=1500')
    while (hanging.calls < 5) await load.answers(1)
    hanging.wire.freeze()
    while (load.statuses[504] === undefined) await load.answers(1)
    await load.answers(100)
    await load.stop()
    t.strictSame(Object.keys(load.statuses), ['200', '504'])
    t.ok(load.statuses[504]! <= 8, JSON.stringify(load.statuses))
  })
})

interface Replica {
  calls: number
  readonly wire: FaultyWire
}

t.test('a new version comes and the old one goes under load: no request fails', async (t) => {
  const model: ScriptedModel = detector()
  const server = await startModelServer({ models: [model] })
  t.teardown(() => server.close())
  const { url } = await startOn(t, { TF_SERVING_TARGET: server.target })
  await ready(url)
  const load = keepAsking(url, 4)
  for (const versions of [
    [['1', 'AVAILABLE']],
    [
      ['1', 'AVAILABLE'],
      ['2', 'LOADING'],
    ],
    [
      ['1', 'AVAILABLE'],
      ['2', 'AVAILABLE'],
    ],
    [
      ['1', 'UNLOADING'],
      ['2', 'AVAILABLE'],
    ],
    [
      ['1', 'END'],
      ['2', 'AVAILABLE'],
    ],
    [['2', 'AVAILABLE']],
  ] as const) {
    model.versions = versions.map(([version, state]) => ({ version, state }))
    await load.answers(25)
    t.equal((await fetch(`${url}/readyz`)).status, 200)
  }
  await load.stop()
  t.strictSame(Object.keys(load.statuses), ['200'], JSON.stringify(load.statuses))
  t.strictSame([...load.versions], ['1', '2'])
})

import t from 'tap'
import { ModelServers, type ServerPlace } from '../../../src/serving/model-servers.js'
import { SignatureCache } from '../../../src/serving/signature-cache.js'
import { makeUpstream, type PredictCallback, soon, startServer, zeroAnswer } from './grpc-server.js'
import { inferred, metadata, modelReady, startOipServer } from './oip/oip-server.js'

const Y = { dtype: 'DT_FLOAT', shape: [1], data: Float32Array.of(7) } as const
const call = (model: string) => ({
  selector: { model },
  signature: 'serving_default',
  inputs: { x: { dtype: 'DT_UINT8', shape: [1], data: Uint8Array.of(1) } } as const,
  outputs: ['y'],
})

t.test('each model is asked of the server that it has now, over one channel a place', async (t) => {
  const tf = await startServer(t, {
    predict: (_: unknown, done: PredictCallback) => done(null, zeroAnswer()),
  })
  const oip = await startOipServer(t, { modelInfer: () => inferred({ y: Y }) })
  const places: Record<string, ServerPlace> = {
    one: { protocol: 'tf-serving', target: `127.0.0.1:${tf}` },
    two: { protocol: 'oip', target: oip },
    three: { protocol: 'oip', target: `dns:${oip}` },
  }
  const upstream = makeUpstream(t, { inFlightPerAddress: 3 })
  const servers = new ModelServers(upstream, {
    of: (model) => places[model]!,
    all: () => Object.values(places),
  })
  const value = async (model: string) => {
    const { outputs } = await servers.predict(call(model), { deadline: soon() })
    return outputs.y?.data[0]
  }
  t.strictSame(servers.targets, [], 'nothing is connected before it is asked')
  t.strictSame(await Promise.all([value('one'), value('two'), value('three')]), [0, 7, 7])
  t.equal(servers.targets.length, 2, 'two spellings of one target share a channel')
  t.equal(servers.inFlightLimit, 6)
  t.not(servers.origin('one'), servers.origin('two'))
  t.equal(servers.origin('two'), servers.origin('three'))
  places.one = places.two!
  t.equal(await value('one'), 7, 'from the next call on')
})

t.test('a place that nothing needs any more is closed once its calls have ended', async (t) => {
  let release = () => {}
  const waiting = new Promise<void>((resolve) => {
    release = resolve
  })
  const answered = await startServer(t, {
    predict: (_: unknown, done: PredictCallback) => {
      void waiting.then(() => done(null, zeroAnswer()))
    },
  })
  const oip = await startOipServer(t, { modelReady: () => modelReady(false) })
  let place: ServerPlace = { protocol: 'tf-serving', target: `127.0.0.1:${answered}` }
  const upstream = makeUpstream(t)
  const servers = new ModelServers(upstream, { of: () => place, all: () => [place] }, 0)
  const old = upstream.channel(place.protocol, place.target)
  const slow = servers.predict(call('m'), { deadline: soon() })
  place = { protocol: 'oip', target: oip }
  const look = () => servers.status('m', { deadline: soon() })
  await look()
  t.equal(old.closed, false, 'it still owes an answer')
  release()
  await slow
  await look()
  t.equal(old.closed, true)
  t.strictSame(servers.targets, [`oip dns:${oip}`])
})

t.test('what is remembered of a model goes when the model moves', async (t) => {
  const declared = (name: string) => ({
    modelMetadata: () => metadata([[name, 'UINT8', [-1]]], [], ['1']),
  })
  const [here, there] = [
    await startOipServer(t, declared('here')),
    await startOipServer(t, declared('there')),
  ]
  let target = here
  const servers = new ModelServers(makeUpstream(t), {
    of: () => ({ protocol: 'oip', target }),
    all: () => [],
  })
  const cache = new SignatureCache(servers)
  const inputs = async () => {
    // A version's signature would otherwise be remembered for ever.
    const { signatures } = await cache.get({ model: 'm', version: '1' }, { deadline: soon() })
    return Object.keys(signatures.get('serving_default')?.inputs ?? {})
  }
  t.strictSame(await inputs(), ['here'])
  target = there
  t.strictSame(await inputs(), ['there'])
})

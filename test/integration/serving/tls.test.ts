import { readFileSync } from 'node:fs'
import { ServerCredentials } from '@grpc/grpc-js'
import t from 'tap'
import type { PredictCall } from '../../../src/serving/model-server.js'
import { TfServingClient } from '../../../src/serving/tf-serving/client.js'
import type { UpstreamTls } from '../../../src/serving/upstream-channel.js'
import {
  makeUpstream,
  type PredictCallback,
  type PredictServerCall,
  soon,
  startServer,
  type Teardown,
  zeroAnswer,
} from '../../unit/serving/grpc-server.js'

// Made with OpenSSL, valid until 2126: a server for serving.test and 127.0.0.1, and a client.
const file = (name: string) => readFileSync(new URL(`./tls/${name}`, import.meta.url))
const CA = file('ca.pem')
const SERVER = { private_key: file('server.key'), cert_chain: file('server.pem') }
const CLIENT = { cert: file('client.pem'), key: file('client.key') }
const CALL: PredictCall = {
  selector: { model: 'm' },
  signature: 'serving_default',
  inputs: { inputs: { dtype: 'DT_UINT8', shape: [1], data: new Uint8Array(1) } },
  outputs: ['y'],
}

const methods = {
  predict: (_: PredictServerCall, done: PredictCallback) => done(null, zeroAnswer()),
}

async function startTlsServer(t: Teardown, checkClient: boolean): Promise<number> {
  const credentials = ServerCredentials.createSsl(checkClient ? CA : null, [SERVER], checkClient)
  return await startServer(t, methods, { credentials })
}

function call(t: Teardown, target: string, tls: UpstreamTls | undefined) {
  const channel = makeUpstream(t, { tls }).channel('tf-serving', target)
  return new TfServingClient(channel).predict(CALL, { deadline: soon() })
}

t.test('a server with a certificate of the right authority is called', async (t) => {
  const port = await startTlsServer(t, false)
  await t.resolves(call(t, `localhost:${port}`, { ca: CA, serverName: 'serving.test' }))
})

t.test('a server with another name, another authority or no TLS is unavailable', async (t) => {
  const port = await startTlsServer(t, false)
  const plain = await startServer(t, methods)
  const rows: [string, number, UpstreamTls | undefined][] = [
    ['another name', port, { ca: CA, serverName: 'other.test' }],
    ['another authority', port, { ca: file('other-ca.pem'), serverName: 'serving.test' }],
    ['the public authorities', port, { serverName: 'serving.test' }],
    ['a gateway without TLS', port, undefined],
    ['a server without TLS', plain, { ca: CA, serverName: 'serving.test' }],
  ]
  for (const [name, to, tls] of rows) {
    await t.rejects(call(t, `127.0.0.1:${to}`, tls), { code: 'upstream_unavailable' }, name)
  }
})

t.test(
  'a server that checks its clients takes the gateway with its certificate only',
  async (t) => {
    const port = await startTlsServer(t, true)
    const tls = { ca: CA, serverName: 'serving.test' }
    await t.resolves(call(t, `127.0.0.1:${port}`, { ...tls, ...CLIENT }))
    await t.rejects(call(t, `127.0.0.1:${port}`, tls), { code: 'upstream_unavailable' })
  },
)

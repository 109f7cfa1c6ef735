import { setTimeout as sleep } from 'node:timers/promises'
import { Client, credentials, status } from '@grpc/grpc-js'
import t from 'tap'
import {
  registerServerFaultsPolicy,
  SERVER_FAULTS_POLICY,
} from '../../../src/serving/server-faults.js'
import { PredictionServiceService, PredictRequest } from '../../../src/serving/tf-serving/stubs.js'
import {
  failure,
  type PredictCallback,
  type PredictServerCall,
  startServer,
  type Teardown,
  zeroAnswer,
} from './grpc-server.js'

const tenthOfASecond = { seconds: 0, nanos: 100_000_000 }
const OUTLIER_DETECTION = {
  interval: tenthOfASecond,
  base_ejection_time: { seconds: 60, nanos: 0 },
  max_ejection_percent: 50,
  failure_percentage_ejection: { threshold: 80, minimum_hosts: 2, request_volume: 3 },
  child_policy: [{ round_robin: {} }],
}
const SERVICE_CONFIG = {
  loadBalancingConfig: [
    { [SERVER_FAULTS_POLICY]: { child_policy: [{ outlier_detection: OUTLIER_DETECTION }] } },
  ],
}

/** A server that ends each call with a code, and counts them. */
async function startReplica(t: Teardown, code: status, details: string) {
  const replica = { calls: 0, port: 0 }
  replica.port = await startServer(t, {
    predict: (_: PredictServerCall, done: PredictCallback) => {
      replica.calls++
      if (code === status.OK) done(null, zeroAnswer())
      else done(failure(code, details), null)
    },
  })
  return replica
}

/** Calls two replicas in turn for a while, and gives how many of the last calls the second got. */
async function shareOfSecond(t: Teardown, code: status, details = 'scripted'): Promise<number> {
  registerServerFaultsPolicy()
  const replicas = [await startReplica(t, status.OK, ''), await startReplica(t, code, details)]
  const target = `ipv4:${replicas.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
  const client = new Client(target, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
  })
  t.teardown(() => client.close())
  const { path, requestSerialize, responseDeserialize } = PredictionServiceService.predict
  const call = () =>
    new Promise<void>((resolve) => {
      const request = new PredictRequest()
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, () => resolve())
    })
  const [, second] = replicas
  // Enough for several of the intervals after which outliers are looked for.
  for (let time = 0; time < 100; time++) {
    await call()
    await sleep(5)
  }
  const before = second?.calls ?? 0
  for (let time = 0; time < 10; time++) await call()
  return (second?.calls ?? 0) - before
}

t.test('an address that fails by its own fault is left out', async (t) => {
  for (const code of [status.UNAVAILABLE, status.DEADLINE_EXCEEDED]) {
    t.equal(await shareOfSecond(t, code), 0, status[code])
  }
})

t.test('an address that refuses what it was asked keeps its share', async (t) => {
  for (const code of [status.NOT_FOUND, status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]) {
    t.equal(await shareOfSecond(t, code), 5, status[code])
  }
})

t.test('an address that has given its models up gets none of the calls', async (t) => {
  const details = "Request for unknown model: 'm' has no available versions"
  t.equal(await shareOfSecond(t, status.NOT_FOUND, details), 0)
})

import { GatewayError } from '../errors.js'
import type { ModelServer } from '../serving/model-server.js'
import type { ServerPlace } from '../serving/model-servers.js'
import type { Findings } from './doctor-findings.js'
import { SERVER_REMEDIES } from './doctor-remedies.js'

const SUBJECT = 'server'

/** A name that no server serves: the answer that it is unknown tells as much as any other. */
const UNKNOWN_MODEL = 'detection-gateway-doctor'

/** Asks whether a model server answers at all; tells `false` when nothing else needs to be asked. */
export async function checkServer(
  server: ModelServer,
  { protocol, target }: ServerPlace,
  timeoutMs: number,
  findings: Findings,
): Promise<boolean> {
  const startedAt = performance.now()
  try {
    await server.status(UNKNOWN_MODEL, { deadline: Date.now() + timeoutMs })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (error.code !== 'model_not_found') {
      const { unreachable, otherServer } = SERVER_REMEDIES[protocol]
      const away = error.code === 'upstream_unavailable' || error.code === 'deadline_exceeded'
      findings.fail(SUBJECT, `${target}: ${explain(error)}`, away ? unreachable : otherServer)
      return false
    }
  }
  const ms = Math.round(performance.now() - startedAt)
  findings.ok(SUBJECT, `${target} answers ${APIS[protocol]} (${ms} ms)`)
  return true
}

const APIS = {
  'tf-serving': "TensorFlow Serving's gRPC API",
  oip: 'the Open Inference Protocol over gRPC',
} as const

/** Says what an error means, with the words of the server where it has some: this is for operators. */
export function explain(error: GatewayError): string {
  const details: string[] = []
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('details' in cause && typeof cause.details === 'string' && cause.details !== '') {
      details.push(cause.details)
    }
  }
  return [error.message, ...details.map((text) => `(it says: ${text})`)].join(' ')
}

import { GatewayError } from '../errors.js'
import type { ModelServer } from '../serving/model-server.js'
import type { Findings } from './doctor-findings.js'

const SUBJECT = 'server'

/** A name that no server serves: the answer that it is unknown tells as much as any other. */
const UNKNOWN_MODEL = 'detection-gateway-doctor'

/** Asks whether a TensorFlow Serving answers at all; tells `false` when nothing else needs to be asked. */
export async function checkServer(
  server: ModelServer,
  target: string,
  timeoutMs: number,
  findings: Findings,
): Promise<boolean> {
  const startedAt = performance.now()
  try {
    await server.status(UNKNOWN_MODEL, { deadline: Date.now() + timeoutMs })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (error.code !== 'model_not_found') {
      findings.fail(SUBJECT, `${target}: ${explain(error)}`, remedy(error))
      return false
    }
  }
  const ms = Math.round(performance.now() - startedAt)
  findings.ok(SUBJECT, `${target} answers TensorFlow Serving's gRPC API (${ms} ms)`)
  return true
}

function remedy({ code }: GatewayError): string {
  if (code === 'upstream_unavailable' || code === 'deadline_exceeded') {
    return (
      'Start TensorFlow Serving, or name its gRPC port with --target or TF_SERVING_TARGET: 8500, not 8501, which is REST. ' +
      'It opens the port only when every model of models.config has loaded: its log says what it waits for'
    )
  }
  return 'Something else than TensorFlow Serving listens there: name its gRPC port with --target or TF_SERVING_TARGET'
}

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

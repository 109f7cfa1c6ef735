import type { ServiceError } from '@grpc/grpc-js'
import type { GatewayError } from '../../errors.js'
import { changingVersions, toUnservedError } from '../missing-model.js'
import type { ModelSelector, ModelVersionStatus } from '../model-server.js'

/**
 * Says why TensorFlow Serving has nothing to answer with for a selector, or null when it has: then something else was
 * not found, as a graph can say too. `cause` is the status of the call.
 */
export function toMissingModelError(
  selector: ModelSelector,
  versions: readonly ModelVersionStatus[],
  cause: ServiceError,
): GatewayError | null {
  const unserved = toUnservedError(selector, versions, cause)
  if (unserved !== null) return unserved
  return /servable not found/i.test(cause.details) ? changingVersions(selector, cause) : null
}

/** Whether a server that told these states has what the selector asks for. */
export function isServed(
  selector: ModelSelector,
  versions: readonly ModelVersionStatus[],
): boolean {
  return toUnservedError(selector, versions, null) === null
}

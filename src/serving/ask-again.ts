import type { ServiceError } from '@grpc/grpc-js'
import type { GatewayError } from '../errors.js'
import { isServiceError } from './upstream-channel.js'

/** Why a call about a model failed. */
export interface CallFailure {
  readonly reason: GatewayError
  /** Whether another server of the same target may answer. */
  readonly again: boolean
}

/**
 * Runs a call about a model, and once more where the server that had it lacks what others of the same target have, as
 * while a model or a replica comes or goes: gRPC's own retries do not cover that. Calls `tries` times at most.
 */
export async function askAgain<T>(
  tries: number,
  call: () => Promise<T>,
  explain: (error: ServiceError) => Promise<CallFailure>,
): Promise<T> {
  for (let left = tries - 1; ; left--) {
    try {
      return await call()
    } catch (error) {
      if (!isServiceError(error)) throw error
      const { reason, again } = await explain(error)
      if (!again || left === 0) throw reason
    }
  }
}

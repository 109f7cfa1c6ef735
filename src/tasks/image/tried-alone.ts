import { GatewayError } from '../../errors.js'

/** What a call of many images may end with and calls of one may not: one image is at fault, or the answers are many. */
const TRIED_ALONE: readonly string[] = ['upstream_rejected', 'upstream_response_too_large']

/** Whether the images of a call that failed are worth a call each. */
export function isTriedAlone(error: unknown): boolean {
  return error instanceof GatewayError && TRIED_ALONE.includes(error.code)
}

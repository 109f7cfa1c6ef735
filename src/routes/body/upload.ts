import type { GatewayError } from '../../errors.js'

/** The bytes of one image as they were received. */
export interface Upload {
  /** Name that the client gave the file, `null` without one. */
  readonly filename: string | null
  /** Empty when there is a `problem`. */
  readonly bytes: Buffer
  /** Why this image of a batch cannot be used; `null` for every upload that is the only one of its request. */
  readonly problem: GatewayError | null
}

/** What a client may send at most. Every field is a setting of the same name in capitals. */
export interface BodyLimits {
  readonly maxImageBytes: number
  readonly maxBatchImages: number
  readonly maxBatchBytes: number
  readonly maxFormFields: number
  readonly maxFieldBytes: number
  readonly maxJsonBytes: number
  /** Time from the first byte of a body to its last. */
  readonly bodyTimeoutMs: number
}

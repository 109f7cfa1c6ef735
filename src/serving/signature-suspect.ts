import { GatewayError } from '../errors.js'

/**
 * Cause of an error by which the server may mean that the model's signature is not the one the call was made for,
 * as happens while a version with another input is rolled out.
 */
export class SignatureSuspect extends Error {
  constructor(cause: unknown) {
    super('The call may not fit the signature of the model any more', { cause })
    this.name = 'SignatureSuspect'
  }
}

/** Tells whether a failed call is worth another try after its model's signature has been read again. */
export function isSignatureSuspect(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.cause instanceof SignatureSuspect
}

import { GatewayError } from '../../errors.js'
import type { BodyLimits } from './upload.js'

/** Names of the form parts that hold an image. */
export const IMAGE_PARTS: readonly string[] = ['image', 'file', 'data']

/** Refuses an image that has more bytes than one image may have. */
export function imageTooLarge({ maxImageBytes }: BodyLimits): GatewayError {
  return new GatewayError(
    'image_too_large',
    `The image has more than ${maxImageBytes} bytes, the limit of one image (MAX_IMAGE_BYTES)`,
  )
}

/** Refuses a batch whose images have too many bytes together. */
export function batchTooLarge({ maxBatchBytes }: BodyLimits): GatewayError {
  return new GatewayError(
    'body_too_large',
    `The images have more than ${maxBatchBytes} bytes together, the limit of a batch (MAX_BATCH_BYTES)`,
  )
}

/** Refuses a JSON body that has too many bytes. */
export function jsonTooLarge({ maxJsonBytes }: BodyLimits): GatewayError {
  return new GatewayError(
    'body_too_large',
    `The JSON body has more than ${maxJsonBytes} bytes (MAX_JSON_BYTES); send large images as a form`,
  )
}

/** Refuses a batch of too many images. */
export function batchTooLong({ maxBatchImages }: BodyLimits): GatewayError {
  return new GatewayError(
    'too_many_images',
    `The batch holds more than ${maxBatchImages} images, the limit of a batch (MAX_BATCH_IMAGES)`,
  )
}

/** Refuses a second image where one is expected; `batchRoute` takes several. */
export function notABatch(batchRoute: string | undefined): GatewayError {
  const hint = batchRoute === undefined ? '' : `; send several to ${batchRoute}`
  return new GatewayError('too_many_images', `Expected one image${hint}`)
}

/** Tells that a request has no image, and how to send one. */
export function missingImage(what: string): GatewayError {
  return new GatewayError(
    'missing_image',
    `${what}; send a form with the file part "image" (curl: -F image=@photo.jpg), the bytes themselves, or JSON`,
  )
}

/** Tells that an image has no bytes. */
export function emptyImage(): GatewayError {
  return missingImage('The image has 0 bytes')
}

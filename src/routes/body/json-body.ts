import { GatewayError } from '../../errors.js'
import type { RawParameter } from '../../schemas/parse-parameters.js'
import { decodeBase64 } from './base64.js'
import { refuseCostlyJson } from './json-shape.js'
import { batchTooLarge, batchTooLong, emptyImage, imageTooLarge, missingImage } from './problems.js'
import type { BodyLimits, Upload } from './upload.js'

/** What a body holds: the images, and the parameters beside them, unchecked. */
export interface DetectBody {
  readonly uploads: Upload[]
  readonly parameters: RawParameter[]
}

/**
 * Takes the image or images out of a JSON body: `{"image": {"b64": "..."}}`, for a batch
 * `{"images": [{"b64": "...", "filename": "..."}]}`. Every other key is a parameter. An image of a batch that cannot be
 * used fails alone.
 */
export function readJsonBody(bytes: Buffer, limits: BodyLimits, batch: boolean): DetectBody {
  const body = parseObject(bytes)
  const key = batch ? 'images' : 'image'
  const { [key]: images, ...rest } = body
  const parameters = Object.entries(rest).map(([name, value]) => ({
    name,
    value,
    place: 'JSON' as const,
  }))
  if (images === undefined || images === null) {
    throw missingImage(`The JSON body has no "${key}"`)
  }
  const uploads = batch ? readImages(images, limits) : [readImage(images, 'image', limits)]
  return { uploads, parameters }
}

/** Parses a body. Throws `missing_image` for an empty one and `malformed_request` for what is no JSON object. */
export function parseObject(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) throw missingImage('The JSON body is empty')
  refuseCostlyJson(bytes)
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    // The parser's own message quotes the body, whose text is not ours to repeat.
    throw new GatewayError('malformed_request', 'The body is not valid JSON in UTF-8', { cause })
  }
  if (!isObject(body)) throw new GatewayError('malformed_request', 'The body is no JSON object')
  return body
}

/** Tells an object from null, arrays and everything else. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readImages(images: unknown, limits: BodyLimits): Upload[] {
  if (!Array.isArray(images)) {
    throw wrongShape('images', 'must be an array of {"b64": "..."}')
  }
  if (images.length === 0) throw missingImage('"images" is empty')
  if (images.length > limits.maxBatchImages) throw batchTooLong(limits)
  const uploads = images.map((image: unknown, index) => {
    try {
      return readImage(image, `images[${index}]`, limits)
    } catch (problem) {
      if (!(problem instanceof GatewayError)) throw problem
      return { filename: filenameOf(image), bytes: Buffer.alloc(0), problem }
    }
  })
  const total = uploads.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (total > limits.maxBatchBytes) throw batchTooLarge(limits)
  return uploads
}

/**
 * Takes one image out of JSON, base64 text or `{"b64": "..."}`; `field` names it in messages. Throws `invalid_parameter`,
 * `invalid_base64`, `missing_image` for no bytes, or `image_too_large`.
 */
export function readImage(image: unknown, field: string, limits: BodyLimits): Upload {
  const text = isObject(image) ? image.b64 : image
  if (typeof text !== 'string') throw wrongShape(field, 'must be {"b64": "..."}')
  const bytes = decodeBase64(text, isObject(image) ? `${field}.b64` : field)
  if (bytes.length === 0) throw emptyImage()
  if (bytes.length > limits.maxImageBytes) throw imageTooLarge(limits)
  return { filename: filenameOf(image), bytes, problem: null }
}

function filenameOf(image: unknown): string | null {
  return isObject(image) && typeof image.filename === 'string' ? image.filename : null
}

function wrongShape(field: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', `"${field}" ${message}`, {
    fields: [{ field, message }],
  })
}

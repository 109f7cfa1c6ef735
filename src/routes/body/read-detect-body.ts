import type { FastifyRequest } from 'fastify'
import type { GatewayError } from '../../errors.js'
import { orAborted } from '../../or-aborted.js'
import type { DetectParameters } from '../../schemas/parameters.js'
import { fromQuery, parseParameters } from '../../schemas/parse-parameters.js'
import { beforeDeadline } from './body-deadline.js'
import { readFormBody } from './form-body.js'
import { type DetectBody, readJsonBody } from './json-body.js'
import {
  isRaw,
  looksLikeUrlEncoded,
  mediaTypeOf,
  refuseEncoding,
  URL_ENCODED,
  unsupportedType,
} from './media-type.js'
import { batchTooLarge, emptyImage, imageTooLarge, jsonTooLarge, missingImage } from './problems.js'
import { readRawBody } from './raw-body.js'
import type { BodyLimits, Upload } from './upload.js'

export interface ReadOptions {
  /** Whether several images are expected. */
  readonly batch: boolean
}

export interface DetectRequest {
  /** One upload, or one for each image of a batch in the order received; never empty. */
  readonly uploads: readonly Upload[]
  readonly parameters: DetectParameters
}

/** What every reader needs. */
interface Reading {
  readonly request: FastifyRequest
  readonly limits: BodyLimits
  readonly batch: boolean
  readonly signal: AbortSignal
}

/** Names that have their place in a JSON body beside the parameters. */
const BODY_NAMES = ['image', 'images']

/** Room for a form's boundaries and part headers, which are no field and no image. */
const FORM_OVERHEAD_BYTES = 256 * 1024

/**
 * Reads the images and parameters of a detect request, whatever form the body has: multipart form, bare bytes (`image/*`,
 * `application/octet-stream`, no type, or the type that curl gives `--data-binary`) or JSON. Limits hold while bytes
 * arrive, and a `content-length` beyond them is refused before any.
 *
 * Throws `missing_image`, `too_many_images`, `image_too_large`, `body_too_large`, `request_timeout`,
 * `malformed_request`, `invalid_base64`, `unsupported_media_type`, `invalid_parameter` or `parameter_conflict`.
 */
export async function readDetectBody(
  request: FastifyRequest,
  limits: BodyLimits,
  { batch }: ReadOptions,
): Promise<DetectRequest> {
  const { uploads, parameters } = await beforeDeadline(limits.bodyTimeoutMs, (signal) =>
    readBody({ request, limits, batch, signal }),
  )
  const all = [...fromQuery(request.query), ...parameters]
  return { uploads, parameters: parseParameters(all, { otherNames: BODY_NAMES }) }
}

async function readBody(reading: Reading): Promise<DetectBody> {
  const { request, batch } = reading
  refuseEncoding(request)
  const type = mediaTypeOf(request)
  if (type === 'multipart/form-data') return readForm(reading)
  if (type === 'application/json') return readJson(reading)
  if (!hasBody(request)) throw missingImage('The request has no body')
  if (isRaw(type) && !batch) return readImage(reading, type)
  throw unsupportedType(type, batch)
}

async function readForm({ request, limits, batch, signal }: Reading): Promise<DetectBody> {
  const images = batch ? limits.maxBatchBytes : limits.maxImageBytes
  const fields = limits.maxFormFields * limits.maxFieldBytes + FORM_OVERHEAD_BYTES
  refuseLength(request, images + fields, batch ? batchTooLarge(limits) : imageTooLarge(limits))
  request.acceptBody()
  // The parser has no way to be stopped: cut off from the request, it waits for ever and is collected.
  const stop = () => request.raw.unpipe()
  signal.addEventListener('abort', stop)
  try {
    return await orAborted(readFormBody(request, limits, batch), signal)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function readJson({ request, limits, batch, signal }: Reading): Promise<DetectBody> {
  const maxBytes = limits.maxJsonBytes
  const tooLarge = jsonTooLarge(limits)
  refuseLength(request, maxBytes, tooLarge)
  request.acceptBody()
  const bytes = await readRawBody(request.raw, { maxBytes, tooLarge, signal })
  return readJsonBody(bytes, limits, batch)
}

async function readImage({ request, limits, signal }: Reading, type: string): Promise<DetectBody> {
  const maxBytes = limits.maxImageBytes
  const tooLarge = imageTooLarge(limits)
  refuseLength(request, maxBytes, tooLarge)
  request.acceptBody()
  const bytes = await readRawBody(request.raw, { maxBytes, tooLarge, signal })
  if (bytes.length === 0) throw emptyImage()
  if (type === URL_ENCODED && looksLikeUrlEncoded(bytes)) throw unsupportedType(type, false)
  return { uploads: [{ filename: null, bytes, problem: null }], parameters: [] }
}

function refuseLength({ headers }: FastifyRequest, maxBytes: number, tooLarge: GatewayError): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

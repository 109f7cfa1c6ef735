import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { GatewayError } from '../../errors.js'
import { orAborted } from '../../or-aborted.js'
import type { BodySizes } from '../../plugins/admission.js'
import type { DetectParameters } from '../../schemas/parameters.js'
import { fromQuery, parseParameters } from '../../schemas/parse-parameters.js'
import { beforeDeadline } from './body-deadline.js'
import { readFormBody } from './form-body.js'
import { type DetectBody, parseObject, readJsonBody } from './json-body.js'
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
export const BODY_NAMES: readonly string[] = ['image', 'images']

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
  options: ReadOptions,
): Promise<DetectRequest> {
  const { uploads, parameters } = await readImages(request, limits, options)
  return { uploads, parameters: parseParameters(parameters, { otherNames: BODY_NAMES }) }
}

/** Reads a body as `readDetectBody` does, and leaves the parameters of query and body unchecked. */
export async function readImages(
  request: FastifyRequest,
  limits: BodyLimits,
  { batch }: ReadOptions,
): Promise<DetectBody> {
  const { bodyReservation: reservation } = request
  const { uploads, parameters } = await beforeDeadline(
    limits.bodyTimeoutMs,
    (signal) => readBody({ request, limits, batch, signal }),
    reservation?.signal,
  )
  reservation?.settle(bytesKept(request, uploads))
  return { uploads, parameters: [...fromQuery(request.query), ...parameters] }
}

/**
 * Reads a JSON object of another form than this API's, whatever type it claims, within the limits of `readDetectBody`;
 * `take` finds the images in it.
 */
export async function readForeignJson<T extends { readonly uploads: readonly Upload[] }>(
  request: FastifyRequest,
  limits: BodyLimits,
  take: (body: Readonly<Record<string, unknown>>) => T,
): Promise<T> {
  const { bodyReservation: reservation } = request
  const taken = await beforeDeadline(
    limits.bodyTimeoutMs,
    async (signal) => {
      refuseEncoding(request)
      return take(parseObject(await readJsonBytes({ request, limits, batch: false, signal })))
    },
    reservation?.signal,
  )
  reservation?.settle(taken.uploads.reduce((sum, { bytes }) => sum + bytes.length, 0))
  return taken
}

/** The largest bodies that are read with these limits. */
export function bodySizesOf(limits: BodyLimits, { batch }: ReadOptions): BodySizes {
  const { maxImageBytes: imageBytes, maxJsonBytes: jsonBytes } = limits
  return { bytes: largestForm(limits, batch), imageBytes, jsonBytes }
}

/** The largest body of a route that reads JSON whatever type it claims. */
export function jsonSizesOf({ maxJsonBytes }: BodyLimits): BodySizes {
  return { bytes: maxJsonBytes, imageBytes: 0, jsonBytes: maxJsonBytes, onlyJson: true }
}

function largestForm(limits: BodyLimits, batch: boolean): number {
  const images = batch ? limits.maxBatchBytes : limits.maxImageBytes
  return images + limits.maxFormFields * limits.maxFieldBytes + FORM_OVERHEAD_BYTES
}

/** Bytes that stay when a body has been read: the images of one without a length or of JSON, else the whole of it. */
function bytesKept(request: FastifyRequest, uploads: readonly Upload[]): number {
  const images = uploads.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return mediaTypeOf(request) === 'application/json' ? images : (lengthOf(request) ?? images)
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
  const tooLarge = () => (batch ? batchTooLarge(limits) : imageTooLarge(limits))
  refuseLength(request, largestForm(limits, batch), tooLarge)
  request.acceptBody()
  const bound = new AbortController()
  const reading = readFormBody(request, limits, { batch, length: lengthOf(request) })
  const uncount = countBytes(request.raw, largestForm(limits, batch), () => bound.abort(tooLarge()))
  try {
    return await orAborted(orAborted(reading, signal), bound.signal)
  } finally {
    uncount()
    // The parser has no way to be stopped: cut off from the request, it waits for ever and is collected.
    if (signal.aborted || bound.signal.aborted) request.raw.unpipe()
  }
}

/**
 * Calls `exceeded` when more than so many bytes of a body have come: the parser counts images and fields, but not what
 * stands around them. The body must be read by somebody else already. Call the result to stop.
 */
function countBytes(stream: Readable, maxBytes: number, exceeded: () => void): () => void {
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) exceeded()
  }
  stream.on('data', count)
  return () => stream.off('data', count)
}

async function readJson(reading: Reading): Promise<DetectBody> {
  return readJsonBody(await readJsonBytes(reading), reading.limits, reading.batch)
}

async function readJsonBytes({ request, limits, signal }: Reading): Promise<Buffer> {
  const maxBytes = limits.maxJsonBytes
  const tooLarge = () => jsonTooLarge(limits)
  refuseLength(request, maxBytes, tooLarge)
  request.acceptBody()
  const length = lengthOf(request)
  return readRawBody(request.raw, { maxBytes, tooLarge, length, signal })
}

async function readImage({ request, limits, signal }: Reading, type: string): Promise<DetectBody> {
  const maxBytes = limits.maxImageBytes
  const tooLarge = () => imageTooLarge(limits)
  refuseLength(request, maxBytes, tooLarge)
  request.acceptBody()
  const length = lengthOf(request)
  const bytes = await readRawBody(request.raw, { maxBytes, tooLarge, length, signal })
  if (bytes.length === 0) throw emptyImage()
  if (type === URL_ENCODED && looksLikeUrlEncoded(bytes)) throw unsupportedType(type, false)
  return { uploads: [{ filename: null, bytes, problem: null }], parameters: [] }
}

function refuseLength(
  { headers }: FastifyRequest,
  maxBytes: number,
  tooLarge: () => GatewayError,
): void {
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
}

/** The length that a body announces; `undefined` for one that comes in pieces of unknown number. */
function lengthOf({ headers }: FastifyRequest): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined
  return Number(headers['content-length'] ?? 0)
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

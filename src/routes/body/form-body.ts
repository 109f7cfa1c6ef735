import type { Multipart, MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors.js'
import { isParameterName } from '../../schemas/parameters.js'
import type { RawParameter } from '../../schemas/parse-parameters.js'
import { Chunks } from './chunks.js'
import type { DetectBody } from './json-body.js'
import {
  batchTooLarge,
  batchTooLong,
  emptyImage,
  IMAGE_PARTS,
  imageTooLarge,
  missingImage,
  notABatch,
} from './problems.js'
import { cutShort } from './raw-body.js'
import type { BodyLimits, Upload } from './upload.js'

/**
 * Reads a multipart form: file parts named `image`, `file` or `data` are images, text parts are parameters. Every limit
 * holds while the bytes arrive. A batch gives an image that is empty or too large its `problem`.
 */
export async function readFormBody(
  request: FastifyRequest,
  limits: BodyLimits,
  expected: { readonly batch: boolean; readonly length: number | undefined },
): Promise<DetectBody> {
  const form = new FormReader(limits, { ...expected, batchRoute: batchRouteOf(request) })
  try {
    for await (const part of request.parts(partOptions(limits))) await form.take(part)
  } catch (cause) {
    throw formError(cause, request)
  }
  return form.finish()
}

/**
 * More than a socket gives at once (64 KiB). The parser waits for ever for the end of a part that is no field, has come
 * whole and outgrew this mark, which Node 20 sets to 16 KiB.
 */
const PART_BUFFER_BYTES = 128 * 1024

/** What the parser enforces by itself; the exact limits are FormReader's, with messages that name the setting. */
function partOptions({ maxFormFields, maxFieldBytes, maxBatchImages }: BodyLimits) {
  return {
    fileHwm: PART_BUFFER_BYTES,
    limits: {
      fieldSize: maxFieldBytes,
      fields: maxFormFields + 1,
      fileSize: Number.POSITIVE_INFINITY,
      parts: maxFormFields + maxBatchImages + 2,
    },
    // Some clients give a file part its type but no name.
    isPartAFile: (_field: string | undefined, type: string | undefined, name?: string) =>
      name !== undefined || type === 'application/octet-stream' || /^image\//i.test(type ?? ''),
  }
}

/** The route that takes many images for the task of a request; `undefined` where there is none. */
function batchRouteOf({ server, routeOptions }: FastifyRequest): string | undefined {
  const url = `${routeOptions.url}/batch`
  return server.hasRoute({ method: 'POST', url }) ? url : undefined
}

/** What a form is expected to hold. */
interface Expected {
  readonly batch: boolean
  readonly length: number | undefined
  readonly batchRoute: string | undefined
}

class FormReader {
  readonly #limits: BodyLimits
  readonly #batch: boolean
  readonly #uploads: Upload[] = []
  readonly #parameters: RawParameter[] = []
  readonly #batchRoute: string | undefined
  readonly #chunks: Chunks
  #imageBytes = 0

  constructor(limits: BodyLimits, { batch, length, batchRoute }: Expected) {
    this.#limits = limits
    this.#batch = batch
    this.#batchRoute = batchRoute
    this.#chunks = new Chunks(length)
  }

  async take(part: Multipart): Promise<void> {
    if (part.type === 'field') this.#takeField(part)
    else await this.#takeFile(part)
  }

  finish(): DetectBody {
    if (this.#uploads.length === 0) throw missingImage('The form has no file part "image"')
    return { uploads: this.#uploads, parameters: this.#parameters }
  }

  #takeField({ fieldname, value, valueTruncated }: MultipartValue): void {
    const { maxFormFields, maxFieldBytes } = this.#limits
    const name = fieldname ?? ''
    if (IMAGE_PARTS.includes(name)) throw imageAsText(name)
    if (valueTruncated) {
      throw new GatewayError(
        'body_too_large',
        `The form field "${name.slice(0, 60)}" has more than ${maxFieldBytes} bytes (MAX_FIELD_BYTES)`,
      )
    }
    this.#parameters.push({ name, value, place: 'form' })
    if (this.#parameters.length > maxFormFields) throw tooManyFields(this.#limits)
  }

  async #takeFile(part: MultipartFile): Promise<void> {
    const name = part.fieldname ?? ''
    if (!IMAGE_PARTS.includes(name)) throw unexpectedFile(name)
    this.#countImage(part)
    const bytes = await this.#readFile(part)
    // A browser sends an empty part without a name for a file input that nobody filled in.
    if (bytes?.length === 0 && !part.filename) return
    const problem = bytes === undefined ? imageTooLarge(this.#limits) : emptyProblem(bytes)
    if (problem !== null && !this.#batch) throw problem
    this.#uploads.push({
      filename: part.filename || null,
      bytes: bytes ?? Buffer.alloc(0),
      problem,
    })
  }

  #countImage(part: MultipartFile): void {
    const held = this.#uploads.length
    if (!this.#batch && held > 0 && part.filename !== '') throw notABatch(this.#batchRoute)
    if (this.#batch && held >= this.#limits.maxBatchImages) throw batchTooLong(this.#limits)
  }

  /** Reads an image; `undefined` for one of a batch that is too large, whose bytes are dropped as they come. */
  async #readFile(part: MultipartFile): Promise<Buffer | undefined> {
    const { maxImageBytes, maxBatchBytes } = this.#limits
    let length = 0
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      length += chunk.length
      this.#imageBytes += chunk.length
      if (this.#batch && this.#imageBytes > maxBatchBytes) throw batchTooLarge(this.#limits)
      if (length <= maxImageBytes) this.#chunks.push(chunk)
      else if (this.#batch) this.#chunks.drop()
      else throw imageTooLarge(this.#limits)
    }
    return length > maxImageBytes ? undefined : this.#chunks.take()
  }
}

function emptyProblem(bytes: Buffer): GatewayError | null {
  return bytes.length === 0 ? emptyImage() : null
}

function imageAsText(name: string): GatewayError {
  const message = `was sent as text, expected a file (curl: -F ${name}=@photo.jpg)`
  return new GatewayError('missing_image', `The form part "${name}" ${message}`, {
    fields: [{ field: name, message }],
  })
}

function unexpectedFile(name: string): GatewayError {
  const field = name.slice(0, 60)
  const message = isParameterName(name)
    ? `was sent as a file, expected text (curl: -F '${name}=<file')`
    : `is no name for an image; expected ${IMAGE_PARTS.map((part) => `"${part}"`).join(', ')}`
  return new GatewayError('invalid_parameter', `The file part "${field}" ${message}`, {
    fields: [{ field, message }],
  })
}

function tooManyFields({ maxFormFields }: BodyLimits): GatewayError {
  return new GatewayError(
    'body_too_large',
    `The form has more than ${maxFormFields} fields, the limit (MAX_FORM_FIELDS)`,
  )
}

function formError(cause: unknown, request: FastifyRequest): Error {
  if (cause instanceof GatewayError) return cause
  // The parser reports a client that left in several ways; the socket knows.
  if (request.raw.destroyed && !request.raw.readableEnded) return cutShort(cause)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const known = PARSER_PROBLEMS[code]
  if (known !== undefined) return new GatewayError(known.code, known.detail, { cause })
  return new GatewayError(
    'malformed_request',
    'The body is not the multipart form that its content-type promises: the boundary is missing or the form ends early',
    { cause },
  )
}

/** What the multipart parser's own codes mean here. */
const PARSER_PROBLEMS: Readonly<
  Record<string, { code: 'invalid_parameter' | 'body_too_large'; detail: string }>
> = {
  FST_PROTO_VIOLATION: { code: 'invalid_parameter', detail: 'A form part has a reserved name' },
  FST_INVALID_JSON_FIELD_ERROR: {
    code: 'invalid_parameter',
    detail: 'A form field declared as application/json is not valid JSON',
  },
  FST_PARTS_LIMIT: { code: 'body_too_large', detail: 'The form has too many parts' },
  FST_FIELDS_LIMIT: {
    code: 'body_too_large',
    detail: 'The form has too many fields (MAX_FORM_FIELDS)',
  },
}

import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors.js'

/** The type that curl gives `-d` and `--data-binary` unless told otherwise. */
export const URL_ENCODED = 'application/x-www-form-urlencoded'

/** Reads the media type of a body without its parameters, in lower case; empty when there is none. */
export function mediaTypeOf({ headers }: FastifyRequest): string {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase()
}

/** Tells whether a body of this type is the picture itself. */
export function isRaw(type: string): boolean {
  return ['', 'application/octet-stream', URL_ENCODED].includes(type) || type.startsWith('image/')
}

/** Tells `name=value` from a picture, by a name, `=`, and nothing but printable characters in the first 128 bytes. */
export function looksLikeUrlEncoded(bytes: Buffer): boolean {
  return /^[\w.%+[\]-]{1,100}=[\x20-\x7e]*$/.test(bytes.toString('latin1', 0, 128))
}

/** Refuses a body whose type has no reader here. */
export function unsupportedType(type: string, batch: boolean): GatewayError {
  const raw = batch ? [] : ['image/*', 'application/octet-stream']
  const accepted = ['multipart/form-data', ...raw, 'application/json'].join(', ')
  const found = type === '' ? 'without a type' : `of the type "${type.slice(0, 100)}"`
  return new GatewayError(
    'unsupported_media_type',
    `A body ${found} is not understood here; expected ${accepted} (curl: -F image=@photo.jpg)`,
  )
}

/** Refuses compressed bodies: pictures gain nothing by it, and unpacking would need limits of its own. */
export function refuseEncoding({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.trim().toLowerCase() === 'identity') return
  throw new GatewayError(
    'unsupported_media_type',
    'The body has a content-encoding; send it uncompressed',
  )
}

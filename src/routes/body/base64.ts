import { GatewayError } from '../../errors.js'

// Spaces and line breaks are what encoders wrap lines with.
const WRAPPING = /[ \t\r\n]+/g
const ALPHABET = /^[A-Za-z0-9+/_-]*={0,2}$/
const DATA_URI = /^data:[^,]{0,200};base64,/i

/**
 * Decodes base64 in the standard or the URL-safe alphabet, with or without padding, wrapped or not, alone or in a
 * `data:` URI. `field` names the value in the message of the `invalid_base64` that anything else throws: Node's own
 * decoder skips what it does not know.
 */
export function decodeBase64(text: string, field: string): Buffer {
  const start = DATA_URI.exec(text)?.[0].length ?? 0
  const unwrapped = text.slice(start).replace(WRAPPING, '')
  const refuse = (message: string) =>
    new GatewayError('invalid_base64', `"${field}" ${message}`, { fields: [{ field, message }] })
  if (!ALPHABET.test(unwrapped)) {
    throw refuse('must be base64 or a data: URI with ";base64,"')
  }
  const digits = unwrapped.replace(/=+$/, '')
  const padding = unwrapped.length - digits.length
  if (digits.length % 4 === 1 || (padding > 0 && unwrapped.length % 4 !== 0)) {
    throw refuse('is base64 that is cut short')
  }
  return Buffer.from(digits, 'base64')
}

/** Throws an error that points at an offset of the text. */
type Fail = (offset: number, reason: string) => never

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '?': 0x3f,
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
}

const OCTAL = /[0-7]{1,3}/y
const HEX = /x([0-9A-Fa-f]{1,2})/y
const UNICODE = /u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})/y
const LOW_SURROGATE = /\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/y

interface Escape {
  readonly bytes: Uint8Array
  /** Offset behind the escape. */
  readonly end: number
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset
  return pattern.exec(text)
}

function unicodeEscape(text: string, match: RegExpExecArray, fail: Fail): Escape {
  const end = match.index + match[0].length
  const code = Number.parseInt(match[1] ?? match[2] ?? '', 16)
  if (code > 0x10ffff) fail(match.index - 1, 'the escape is beyond U+10FFFF')
  if (code < 0xd800 || code > 0xdfff) {
    return { bytes: Buffer.from(String.fromCodePoint(code)), end }
  }
  const low = code < 0xdc00 ? matchAt(LOW_SURROGATE, text, end) : null
  if (low === null) return fail(match.index - 1, 'the escape is half of a surrogate pair')
  const pair = String.fromCharCode(code, Number.parseInt(low[1] ?? '', 16))
  return { bytes: Buffer.from(pair), end: end + low[0].length }
}

function parseEscape(text: string, offset: number, fail: Fail): Escape {
  const simple = SIMPLE_ESCAPES[text[offset] ?? '']
  if (simple !== undefined) return { bytes: Uint8Array.of(simple), end: offset + 1 }
  const octal = matchAt(OCTAL, text, offset)?.[0]
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8)
    if (code > 0xff) fail(offset - 1, 'the octal escape is above \\377')
    return { bytes: Uint8Array.of(code), end: offset + octal.length }
  }
  const hex = matchAt(HEX, text, offset)
  if (hex !== null) {
    return {
      bytes: Uint8Array.of(Number.parseInt(hex[1] ?? '', 16)),
      end: offset + hex[0].length,
    }
  }
  const unicode = matchAt(UNICODE, text, offset)
  return unicode === null
    ? fail(offset - 1, 'unknown escape in the string')
    : unicodeEscape(text, unicode, fail)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}

/**
 * Reads one quoted string of protobuf text format whose opening quote stands at `start`. Returns its unescaped bytes
 * (`\x` and octal escapes are bytes, `\u` and `\U` are characters in UTF-8) and the offset behind its closing quote.
 * Escapes: protobuf.dev, "Text Format Language Specification".
 */
export function parseTextString(
  text: string,
  start: number,
  fail: Fail,
): { bytes: Uint8Array; end: number } {
  const quote = text[start]
  const parts: Uint8Array[] = []
  let plain = start + 1
  for (let at = plain; ; ) {
    const char = text[at]
    if (char === undefined || char === '\n') return fail(start, 'the string is not closed')
    if (char !== quote && char !== '\\') {
      at += 1
      continue
    }
    parts.push(Buffer.from(text.slice(plain, at)))
    if (char === quote) return { bytes: join(parts), end: at + 1 }
    const escaped = parseEscape(text, at + 1, fail)
    parts.push(escaped.bytes)
    plain = escaped.end
    at = plain
  }
}

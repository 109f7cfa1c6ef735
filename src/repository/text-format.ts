import { TextLexer, type TextToken } from './text-lexer.js'
import { TextSyntaxError } from './text-syntax-error.js'

/** A string or bytes value; adjacent literals are one value. */
export interface TextString {
  readonly kind: 'string'
  /** The bytes read as UTF-8, with replacement characters where they are not. */
  readonly value: string
  readonly bytes: Uint8Array
}

export interface TextNumber {
  readonly kind: 'number'
  readonly value: number
  /** The exact value of a decimal, octal or hexadecimal integer; `null` for a float. */
  readonly integer: bigint | null
}

/** A bare word: an enum constant, `true`, `false`. */
export interface TextIdentifier {
  readonly kind: 'identifier'
  readonly value: string
}

/** A message: its fields in the order of the text. */
export interface TextMessage {
  readonly kind: 'message'
  readonly fields: readonly TextField[]
}

export type TextValue = TextString | TextNumber | TextIdentifier | TextMessage

/** One value of one field; `name: [a, b]` gives one field for each element. */
export interface TextField {
  /** The field's name; extensions and expanded `Any` keep their brackets: `[type.googleapis.com/a.B]`. */
  readonly name: string
  readonly value: TextValue
  /** 1-based line and column of the name. */
  readonly line: number
  readonly column: number
}

/** As deep as protobuf's own parsers go; deeper text would exhaust the stack. */
const MAX_DEPTH = 100

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '<': '>' }
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
}

function fail(token: TextToken, expected: string): never {
  const found = token.kind === 'end' ? 'the end of the text' : token.text
  throw new TextSyntaxError(token.line, token.column, `expected ${expected}, found ${found}`)
}

function isSymbol(token: TextToken, symbols: string): boolean {
  return token.kind === 'symbol' && symbols.includes(token.text)
}

/** Takes the current token when it is one of the symbols. */
function take(lexer: TextLexer, symbols: string): TextToken | undefined {
  return isSymbol(lexer.token, symbols) ? lexer.next() : undefined
}

/** The name between brackets; whitespace inside falls away. */
function parseBracketName(lexer: TextLexer): string {
  let name = ''
  lexer.next()
  while (!isSymbol(lexer.token, ']')) {
    const { token } = lexer
    if (token.kind !== 'identifier' && token.kind !== 'number' && !isSymbol(token, './-')) {
      fail(token, 'an extension or type name')
    }
    name += lexer.next().text
  }
  const closing = lexer.next()
  return name === '' ? fail(closing, 'an extension or type name') : `[${name}]`
}

function parseFieldName(lexer: TextLexer): string {
  const { token } = lexer
  if (isSymbol(token, '[')) return parseBracketName(lexer)
  return token.kind === 'identifier' ? lexer.next().text : fail(token, 'a field name')
}

function parseString(lexer: TextLexer): TextString {
  const parts: Uint8Array[] = []
  for (let { token } = lexer; token.kind === 'string'; token = lexer.token) {
    parts.push(token.bytes)
    lexer.next()
  }
  const bytes = Buffer.concat(parts)
  return { kind: 'string', value: bytes.toString('utf8'), bytes }
}

function toNumber(token: TextToken): TextNumber {
  const { text } = token
  if (/^0[0-9]+$/.test(text)) {
    if (/[89]/.test(text)) fail(token, 'an octal number')
    const integer = BigInt(`0o${text.slice(1)}`)
    return { kind: 'number', value: Number(integer), integer }
  }
  if (/^(?:0[xX].+|[0-9]+)$/.test(text)) {
    const integer = BigInt(text)
    return { kind: 'number', value: Number(integer), integer }
  }
  return { kind: 'number', value: Number(text.replace(/[fF]$/, '')), integer: null }
}

function parseNegative(lexer: TextLexer): TextNumber {
  lexer.next()
  const token = lexer.next()
  if (token.kind === 'number') {
    const { value, integer } = toNumber(token)
    return { kind: 'number', value: -value, integer: integer === null ? null : -integer }
  }
  const special =
    token.kind === 'identifier' ? SPECIAL_NUMBERS[token.text.toLowerCase()] : undefined
  if (special === undefined) return fail(token, 'a number')
  return { kind: 'number', value: -special, integer: null }
}

function parseScalar(lexer: TextLexer): TextValue {
  const { token } = lexer
  if (token.kind === 'string') return parseString(lexer)
  if (isSymbol(token, '-')) return parseNegative(lexer)
  if (token.kind === 'number') return toNumber(lexer.next())
  if (token.kind !== 'identifier') return fail(token, 'a value')
  lexer.next()
  return { kind: 'identifier', value: token.text }
}

function parseValue(lexer: TextLexer, depth: number): TextValue {
  const opening = take(lexer, '{<')
  return opening === undefined ? parseScalar(lexer) : parseMessage(lexer, opening, depth + 1)
}

function parseList(lexer: TextLexer, depth: number, messagesOnly: boolean): TextValue[] {
  lexer.next()
  const values: TextValue[] = []
  if (take(lexer, ']')) return values
  do {
    if (messagesOnly && !isSymbol(lexer.token, '{<')) fail(lexer.token, '":" before the list')
    values.push(parseValue(lexer, depth))
  } while (take(lexer, ','))
  if (!take(lexer, ']')) fail(lexer.token, '"," or "]"')
  return values
}

function parseField(lexer: TextLexer, depth: number): TextField[] {
  const { line, column } = lexer.token
  const name = parseFieldName(lexer)
  const colon = take(lexer, ':') !== undefined
  if (!colon && !isSymbol(lexer.token, '{<[')) fail(lexer.token, `":" or "{" after ${name}`)
  const values = isSymbol(lexer.token, '[')
    ? parseList(lexer, depth, !colon)
    : [parseValue(lexer, depth)]
  take(lexer, ',;')
  return values.map((value) => ({ name, value, line, column }))
}

function parseMessage(lexer: TextLexer, opening: TextToken, depth: number): TextMessage {
  if (depth > MAX_DEPTH) {
    const reason = `messages are nested deeper than ${MAX_DEPTH}`
    throw new TextSyntaxError(opening.line, opening.column, reason)
  }
  const closing = CLOSING[opening.text] ?? '}'
  const fields: TextField[] = []
  while (!take(lexer, closing)) {
    if (lexer.token.kind === 'end') fail(lexer.token, `"${closing}" for line ${opening.line}`)
    for (const field of parseField(lexer, depth)) fields.push(field)
  }
  return { kind: 'message', fields }
}

/**
 * Parses protobuf text format (`.pbtxt`, `models.config`, `pipeline.config`) into a tree, knowing no schema: every field
 * is kept, repeated ones as often as they stand there. Both quotes, `{}` and `<>`, lists, comments, extensions, `Any`
 * and the separators `,` and `;` are read as protobuf.dev, "Text Format Language Specification", has them. Throws
 * {@link TextSyntaxError} with line and column.
 */
export function parseTextFormat(text: string): TextMessage {
  const lexer = new TextLexer(text)
  const fields: TextField[] = []
  while (lexer.token.kind !== 'end') {
    for (const field of parseField(lexer, 0)) fields.push(field)
  }
  return { kind: 'message', fields }
}

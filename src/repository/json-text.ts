import { TextSyntaxError } from './text-syntax-error.js'

const SPACE = /[ \t\n\r]*/y
const TOKEN = /[{}[\]:,]|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y

/** Deeper text would exhaust the stack; a card is three levels deep. */
const MAX_DEPTH = 64

class JsonReader {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): unknown {
    const value = this.#value(this.#token('a value'), 0)
    this.#skipSpace()
    if (this.#offset < this.#text.length) this.#fail('expected the end of the text')
    return value
  }

  #value(token: string, depth: number): unknown {
    if (depth > MAX_DEPTH) this.#fail(`nested deeper than ${MAX_DEPTH}`, token)
    if (token === '{') return this.#object(depth)
    if (token === '[') return this.#array(depth)
    return '}]:,'.includes(token) ? this.#fail('expected a value', token) : this.#scalar(token)
  }

  #scalar(token: string): unknown {
    try {
      return JSON.parse(token)
    } catch {
      return this.#fail('the string has an unknown escape or a bare control character', token)
    }
  }

  #array(depth: number): unknown[] {
    const values: unknown[] = []
    let token = this.#token('a value or "]"')
    if (token === ']') return values
    while (true) {
      values.push(this.#value(token, depth + 1))
      if (this.#separator(']')) return values
      token = this.#token('a value')
    }
  }

  #object(depth: number): Record<string, unknown> {
    const entries = new Map<string, unknown>()
    let token = this.#token('a key or "}"')
    if (token === '}') return {}
    while (true) {
      const key = this.#key(token)
      if (entries.has(key)) this.#fail(`the key ${token} stands there twice`, token)
      const colon = this.#token('":"')
      if (colon !== ':') this.#fail('expected ":" after the key', colon)
      entries.set(key, this.#value(this.#token('a value'), depth + 1))
      // fromEntries defines own properties, so that a key named __proto__ stays a key.
      if (this.#separator('}')) return Object.fromEntries(entries)
      token = this.#token('a key')
    }
  }

  #key(token: string): string {
    const key = token.startsWith('"') ? this.#scalar(token) : undefined
    return typeof key === 'string' ? key : this.#fail('expected a key in double quotes', token)
  }

  /** Takes a comma (false) or the closing bracket (true). */
  #separator(closing: string): boolean {
    const token = this.#token(`"," or "${closing}"`)
    if (token === closing) return true
    return token === ',' ? false : this.#fail(`expected "," or "${closing}"`, token)
  }

  #token(expected: string): string {
    this.#skipSpace()
    const token = this.#text[this.#offset] === '"' ? this.#string() : this.#match()
    if (token === undefined) {
      const rest = this.#text[this.#offset]
      this.#fail(
        rest === undefined ? `the text ends, expected ${expected}` : `expected ${expected}`,
      )
    }
    this.#offset += token.length
    return token
  }

  #match(): string | undefined {
    TOKEN.lastIndex = this.#offset
    return TOKEN.exec(this.#text)?.[0]
  }

  /** Finds the end of a string by hand: a regular expression runs out of stack on megabytes of escapes. */
  #string(): string {
    let end = this.#offset + 1
    while (this.#text[end] !== '"') {
      if (end >= this.#text.length) this.#fail('the string is not closed')
      end += this.#text[end] === '\\' ? 2 : 1
    }
    return this.#text.slice(this.#offset, end + 1)
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#offset
    this.#offset += SPACE.exec(this.#text)?.[0].length ?? 0
  }

  /** Fails at the current place, or at the token that was taken last. */
  #fail(reason: string, token = ''): never {
    const before = this.#text.slice(0, this.#offset - token.length)
    const line = before.split('\n').length
    const column = before.length - before.lastIndexOf('\n')
    throw new TextSyntaxError(line, column, reason)
  }
}

/**
 * Parses JSON (RFC 8259) as `JSON.parse` does, but names the line and the column of what is wrong on every version of
 * Node, and refuses a key that stands twice in one object, where the first would be lost without a word. A byte order
 * mark in front is skipped. Throws {@link TextSyntaxError}.
 */
export function parseJsonText(text: string): unknown {
  return new JsonReader(text.startsWith('\uFEFF') ? text.slice(1) : text).read()
}

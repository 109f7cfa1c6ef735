import { parseTextString } from './text-string.js'
import { TextSyntaxError } from './text-syntax-error.js'

/** One token of protobuf text format; `end` stands behind the last one. */
export interface TextToken {
  readonly kind: 'identifier' | 'number' | 'string' | 'symbol' | 'end'
  /** The token as written. */
  readonly text: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
  /** The unescaped bytes of a string; empty for everything else. */
  readonly bytes: Uint8Array
}

const NO_BYTES = new Uint8Array(0)
const SPACE = ' \t\n\v\f\r'
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?/y
const SYMBOLS = '{}<>[]:;,-./'

/**
 * Cuts protobuf text format into tokens, one ahead of the reader. Whitespace and `#` comments fall away. Lexical rules:
 * protobuf.dev, "Text Format Language Specification".
 */
export class TextLexer {
  readonly #text: string
  #offset = 0
  #line = 1
  #lineStart = 0
  #token: TextToken

  /** Takes the whole text; a byte order mark in front is skipped. */
  constructor(text: string) {
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text
    this.#token = this.#read()
  }

  /** The token that {@link next} would return. */
  get token(): TextToken {
    return this.#token
  }

  /** Returns the current token and moves on; throws {@link TextSyntaxError} for what is no token. */
  next(): TextToken {
    const token = this.#token
    if (token.kind !== 'end') this.#token = this.#read()
    return token
  }

  #read(): TextToken {
    this.#skipSpace()
    const first = this.#text[this.#offset]
    if (first === undefined) return this.#make('end', 0)
    if (first === '"' || first === "'") return this.#readString()
    if (SYMBOLS.includes(first)) {
      const number = first === '.' ? this.#measure(NUMBER) : 0
      return number > 0 ? this.#readNumber(number) : this.#make('symbol', 1)
    }
    const identifier = this.#measure(IDENTIFIER)
    if (identifier > 0) return this.#make('identifier', identifier)
    const number = this.#measure(NUMBER)
    return number > 0 ? this.#readNumber(number) : this.#fail(`unexpected ${JSON.stringify(first)}`)
  }

  #readNumber(length: number): TextToken {
    const after = this.#text[this.#offset + length] ?? ''
    if (/[A-Za-z0-9_.]/.test(after)) {
      const number = this.#text.slice(this.#offset, this.#offset + length)
      this.#fail(`"${number}${after}" is not a number`)
    }
    return this.#make('number', length)
  }

  #readString(): TextToken {
    const { bytes, end } = parseTextString(this.#text, this.#offset, (at, reason) =>
      this.#fail(reason, at),
    )
    return this.#make('string', end - this.#offset, bytes)
  }

  #make(kind: TextToken['kind'], length: number, bytes: Uint8Array = NO_BYTES): TextToken {
    const start = this.#offset
    this.#offset += length
    return {
      kind,
      text: this.#text.slice(start, this.#offset),
      line: this.#line,
      column: start - this.#lineStart + 1,
      bytes,
    }
  }

  #fail(reason: string, at = this.#offset): never {
    throw new TextSyntaxError(this.#line, at - this.#lineStart + 1, reason)
  }

  #skipSpace(): void {
    const text = this.#text
    while (this.#offset < text.length) {
      const char = text[this.#offset] ?? ''
      if (char === '#') {
        const end = text.indexOf('\n', this.#offset)
        this.#offset = end < 0 ? text.length : end
      } else if (SPACE.includes(char)) {
        this.#offset += 1
        if (char === '\n') this.#startLine()
      } else return
    }
  }

  #startLine(): void {
    this.#line += 1
    this.#lineStart = this.#offset
  }

  #measure(pattern: RegExp): number {
    pattern.lastIndex = this.#offset
    return pattern.test(this.#text) ? pattern.lastIndex - this.#offset : 0
  }
}

import { fieldsNamed, onlyField, toMessage, toText } from '../../repository/text-fields.js'
import type { TextField, TextMessage } from '../../repository/text-format.js'
import { TextSyntaxError } from '../../repository/text-syntax-error.js'

const TRUE = new Set(['true', 'True', 't'])
const FALSE = new Set(['false', 'False', 'f'])

/** Sizes and counts are int32 in the protos, and in the graphs that are made of them. */
const LARGEST = 2 ** 31 - 1

/**
 * A message of a `pipeline.config`, read field by field as its proto types it. Throws `TextSyntaxError` with the place for
 * a value of another type, and for a second value of a field that has one.
 */
export class ConfigMessage {
  readonly #message: TextMessage
  readonly #file: string
  /** The field that holds it; `undefined` for the file itself and for messages that are not there. */
  readonly field: TextField | undefined

  /** `file` is the path that places are told with. */
  constructor(message: TextMessage, file: string, field?: TextField) {
    this.#message = message
    this.#file = file
    this.field = field
  }

  has(name: string): boolean {
    return fieldsNamed(this.#message, name).length > 0
  }

  /** Reads a message; one that is not there is empty, as protobuf has it. */
  message(name: string): ConfigMessage {
    const field = onlyField(this.#message, name)
    if (field === undefined) {
      return new ConfigMessage({ kind: 'message', fields: [] }, this.#file, this.field)
    }
    return new ConfigMessage(toMessage(field), this.#file, field)
  }

  /** Tells where a field is, or where it is missing the message that should hold it: `FILE:LINE:COLUMN`. */
  place(name: string): string {
    const field = fieldsNamed(this.#message, name)[0] ?? this.field
    return `${this.#file}:${field?.line ?? 1}:${field?.column ?? 1}`
  }

  /**
   * Throws at a field that is none of those given, separated by spaces: where every field changes what inference gives,
   * one that is not known cannot be passed over.
   */
  assertKnown(names: string): void {
    const known = new Set(names.split(' '))
    const unknown = this.#message.fields.find(({ name }) => !known.has(name))
    if (unknown !== undefined) throw refusal(unknown, 'is an option that is not known here')
  }

  /** Gives the first field, where one of several stands for the kind of a message. */
  kind(): string | undefined {
    return this.#message.fields[0]?.name
  }

  /** Reads a float, rounded to float32 as the proto has it. */
  float(name: string, fallback: number): number {
    const field = onlyField(this.#message, name)
    return field === undefined ? Math.fround(fallback) : toFloat(field)
  }

  /** Reads a float above 0. */
  positive(name: string, fallback: number): number {
    const value = this.float(name, fallback)
    return value > 0 ? value : this.refuse(name, `is ${value}, and should be above 0`)
  }

  /** Reads a whole number from `least` to what an int32 holds. */
  integer(name: string, fallback: number, least = 1): number {
    const field = onlyField(this.#message, name)
    if (field === undefined) return fallback
    const value = toNumber(field)
    if (Number.isInteger(value) && value >= least && value <= LARGEST) return value
    throw refusal(field, `is ${value}, and should be a whole number from ${least} to ${LARGEST}`)
  }

  /** Reads a float from 0 to 1. */
  share(name: string, fallback: number): number {
    const value = this.float(name, fallback)
    if (value >= 0 && value <= 1) return value
    return this.refuse(name, `is ${value}, and should be from 0 to 1`)
  }

  /** Reads a repeated float, each rounded to float32. */
  floats(name: string): number[] {
    return fieldsNamed(this.#message, name).map(toFloat)
  }

  /** Reads a repeated float, each above 0. */
  positives(name: string): number[] {
    return fieldsNamed(this.#message, name).map((field) => {
      const value = toFloat(field)
      if (value > 0) return value
      throw refusal(field, `has ${value}, and should be above 0`)
    })
  }

  boolean(name: string, fallback: boolean): boolean {
    const field = onlyField(this.#message, name)
    if (field === undefined) return fallback
    const { value } = field
    if (value.kind === 'identifier' && TRUE.has(value.value)) return true
    if (value.kind === 'identifier' && FALSE.has(value.value)) return false
    if (value.kind === 'number' && (value.value === 0 || value.value === 1))
      return value.value === 1
    throw refusal(field, 'should be true or false')
  }

  text(name: string): string | undefined {
    const field = onlyField(this.#message, name)
    return field && toText(field)
  }

  /** Reads the name of an enum's value; throws for one that is none of those given. */
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const field = onlyField(this.#message, name)
    if (field === undefined) return fallback
    const text = field.value.kind === 'identifier' ? field.value.value : undefined
    const found = choices.find((choice) => choice === text)
    if (found !== undefined) return found
    throw refusal(field, `is ${text ?? 'no name'}; ${choices.join(', ')} can be exported`)
  }

  /** Throws at a field, or where it is missing at the message that should hold it. */
  refuse(name: string, why: string): never {
    const field = fieldsNamed(this.#message, name)[0]
    if (field !== undefined) throw refusal(field, why)
    throw new TextSyntaxError(this.field?.line ?? 1, this.field?.column ?? 1, `${name} ${why}`)
  }
}

function toNumber(field: TextField): number {
  if (field.value.kind === 'number') return field.value.value
  throw refusal(field, 'should be a number')
}

function toFloat(field: TextField): number {
  const value = toNumber(field)
  const float = Math.fround(value)
  if (Number.isFinite(float)) return float
  throw refusal(field, `is ${value}, which is not a number that a float holds`)
}

function refusal({ name, line, column }: TextField, why: string): TextSyntaxError {
  return new TextSyntaxError(line, column, `${name} ${why}`)
}

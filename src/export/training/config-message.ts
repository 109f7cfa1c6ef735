import { fieldsNamed, onlyField, toMessage, toText } from '../../repository/text-fields.js'
import type { TextField, TextMessage } from '../../repository/text-format.js'
import { TextSyntaxError } from '../../repository/text-syntax-error.js'

const TRUE = new Set(['true', 'True', 't'])
const FALSE = new Set(['false', 'False', 'f'])

/**
 * A message of a `pipeline.config`, read field by field as its proto types it. Throws `TextSyntaxError` with the place for
 * a value of another type, and for a second value of a field that has one.
 */
export class ConfigMessage {
  readonly #message: TextMessage
  /** The field that holds it; `undefined` for the file itself and for messages that are not there. */
  readonly field: TextField | undefined

  constructor(message: TextMessage, field?: TextField) {
    this.#message = message
    this.field = field
  }

  has(name: string): boolean {
    return fieldsNamed(this.#message, name).length > 0
  }

  /** Reads a message; one that is not there is empty, as protobuf has it. */
  message(name: string): ConfigMessage {
    const field = onlyField(this.#message, name)
    if (field === undefined) return new ConfigMessage({ kind: 'message', fields: [] }, this.field)
    return new ConfigMessage(toMessage(field), field)
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
    return Math.fround(this.#number(name) ?? fallback)
  }

  /** Reads a whole number of at least `least`. */
  integer(name: string, fallback: number, least = 1): number {
    const value = this.#number(name)
    if (value === undefined) return fallback
    if (Number.isSafeInteger(value) && value >= least) return value
    throw refusal(
      onlyField(this.#message, name)!,
      `is ${value}, and should be a whole number from ${least}`,
    )
  }

  /** Reads a float from 0 to 1. */
  share(name: string, fallback: number): number {
    const value = this.float(name, fallback)
    if (value >= 0 && value <= 1) return value
    return this.refuse(name, `is ${value}, and should be from 0 to 1`)
  }

  /** Reads a repeated float, each rounded to float32. */
  floats(name: string): number[] {
    return fieldsNamed(this.#message, name).map((field) => Math.fround(toNumber(field)))
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

  #number(name: string): number | undefined {
    const field = onlyField(this.#message, name)
    return field && toNumber(field)
  }
}

function toNumber(field: TextField): number {
  if (field.value.kind === 'number') return field.value.value
  throw refusal(field, 'should be a number')
}

function refusal({ name, line, column }: TextField, why: string): TextSyntaxError {
  return new TextSyntaxError(line, column, `${name} ${why}`)
}

import type { TextField, TextMessage } from './text-format.js'
import { TextSyntaxError } from './text-syntax-error.js'

function wrongType(field: TextField, expected: string): never {
  throw new TextSyntaxError(field.line, field.column, `${field.name} must be ${expected}`)
}

/** Returns every value of a field, in order; empty when the field is not set. */
export function fieldsNamed(message: TextMessage, name: string): TextField[] {
  return message.fields.filter((field) => field.name === name)
}

/** Returns the value of a field that stands there at most once; throws {@link TextSyntaxError} at the second one. */
export function onlyField(message: TextMessage, name: string): TextField | undefined {
  const [first, second] = fieldsNamed(message, name)
  if (second !== undefined) {
    throw new TextSyntaxError(second.line, second.column, `${name} is given twice`)
  }
  return first
}

/** Narrows a field to a message; throws {@link TextSyntaxError} for anything else. */
export function toMessage(field: TextField): TextMessage {
  return field.value.kind === 'message' ? field.value : wrongType(field, 'a message in braces')
}

/** Narrows a field to a string; throws {@link TextSyntaxError} for anything else. */
export function toText(field: TextField): string {
  return field.value.kind === 'string' ? field.value.value : wrongType(field, 'a quoted string')
}

/** Narrows a field to a whole number of any size; throws {@link TextSyntaxError} for anything else. */
export function toInteger(field: TextField): bigint {
  const integer = field.value.kind === 'number' ? field.value.integer : null
  return integer ?? wrongType(field, 'a whole number')
}

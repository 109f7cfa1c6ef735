import type { LabelEntry } from './label-entry.js'
import { fieldsNamed, onlyField, toInteger, toMessage, toText } from './text-fields.js'
import { parseTextFormat, type TextField, type TextMessage } from './text-format.js'
import { TextSyntaxError } from './text-syntax-error.js'

function optionalText(item: TextMessage, name: string): string {
  const field = onlyField(item, name)
  return field === undefined ? '' : toText(field)
}

function toEntry(field: TextField): LabelEntry {
  const item = toMessage(field)
  const missing = (what: string): never => {
    throw new TextSyntaxError(field.line, field.column, `the item has no ${what}`)
  }
  const id = onlyField(item, 'id') ?? missing('id')
  const name = optionalText(item, 'display_name') || optionalText(item, 'name')
  return {
    id: Number(toInteger(id)),
    name: name === '' ? missing('display_name and no name') : name,
    line: id.line,
  }
}

/**
 * Reads a `StringIntLabelMap` in protobuf text format, the label map of the Object Detection API: `display_name` goes
 * before `name`, unknown fields are skipped. Throws `TextSyntaxError` with the line.
 */
export function parsePbtxtLabels(text: string): LabelEntry[] {
  return fieldsNamed(parseTextFormat(text), 'item').map(toEntry)
}

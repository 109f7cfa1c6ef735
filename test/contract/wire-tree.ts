import type { Message } from 'google-protobuf'
import type { Field, MessageInfo, Schema } from './wire-schema.js'

/**
 * A message as plain JSON that both languages can make and read: set fields by number. 64-bit
 * integers are decimal text, bytes are base64, NaN and the infinities are their names, maps are
 * objects. Scalars equal to their default are left out unless the wire tells them from absent.
 */
export type Tree = { [field: string]: Value }
export type Value = string | number | boolean | Tree | Value[]

type Accessors = Record<string, (...values: unknown[]) => unknown>
type MessageMap = {
  set(key: unknown, value: unknown): void
  forEach(visit: (value: unknown, key: unknown) => void): void
}

const camelCase = (name: string) =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const call = (message: Message, method: string, ...values: unknown[]) => {
  const accessor = (message as unknown as Accessors)[method]
  if (accessor === undefined) throw new Error(`the generated class has no ${method}`)
  return accessor.apply(message, values)
}

const isWide = (field: Field) => ['int64', 'uint64', 'sint64'].includes(field.kind)

const toJs = (schema: Schema, field: Field, value: Value): unknown => {
  if (field.kind === 'message') return buildMessage(schema, field.type, value as Tree)
  if (field.kind === 'bytes') return new Uint8Array(Buffer.from(value as string, 'base64'))
  if (isWide(field)) return field.text ? value : Number(value)
  if (field.kind === 'float' || field.kind === 'double') return Number(value)
  return value
}

const fromJs = (schema: Schema, field: Field, value: unknown): Value => {
  if (field.kind === 'message') return dumpMessage(schema, field.type, value as Message)
  if (field.kind === 'bytes') return Buffer.from(value as Uint8Array).toString('base64')
  if (isWide(field)) return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return value as Value
}

const infoOf = (schema: Schema, type: string): MessageInfo => {
  const info = schema.messages.get(type)
  if (info === undefined) throw new Error(`no definition of ${type}`)
  return info
}

const mapFields = (schema: Schema, field: Field) => {
  const [key, value] = schema.maps.get(field.type) ?? []
  return key !== undefined && value !== undefined ? { key, value } : undefined
}

/** Makes an instance of the generated class through its setters. */
export const buildMessage = (schema: Schema, type: string, tree: Tree): Message => {
  const info = infoOf(schema, type)
  const message = new info.cls()
  for (const field of info.fields) {
    const value = tree[field.number]
    if (value === undefined) continue
    const name = camelCase(field.name)
    const entry = mapFields(schema, field)
    if (entry !== undefined) {
      const map = call(message, `get${name}Map`) as MessageMap
      for (const [key, item] of Object.entries(value as Tree)) {
        const jsKey = entry.key.kind === 'string' ? key : Number(key)
        map.set(jsKey, toJs(schema, entry.value, item))
      }
    } else if (field.repeated) {
      const items = (value as Value[]).map((item) => toJs(schema, field, item))
      call(message, `set${name}List`, items)
    } else {
      call(message, `set${name}`, toJs(schema, field, value))
    }
  }
  return message
}

const isDefault = (value: unknown) =>
  value instanceof Uint8Array ? value.length === 0 : [0, '0', '', false].includes(value as never)

const dumpMap = (schema: Schema, message: Message, field: Field, item: Field) => {
  const tree: Tree = {}
  const map = call(message, `get${camelCase(field.name)}Map`) as MessageMap
  map.forEach((value, key) => {
    tree[String(key)] = fromJs(schema, item, value)
  })
  return Object.keys(tree).length > 0 ? tree : undefined
}

const dumpField = (schema: Schema, message: Message, field: Field): Value | undefined => {
  const name = camelCase(field.name)
  const entry = mapFields(schema, field)
  if (entry !== undefined) return dumpMap(schema, message, field, entry.value)
  const suffix = field.kind === 'bytes' ? '_asU8' : ''
  if (field.repeated) {
    const items = call(message, `get${name}List${suffix}`) as unknown[]
    return items.length > 0 ? items.map((item) => fromJs(schema, field, item)) : undefined
  }
  const hasPresence = field.explicit || field.kind === 'message'
  if (hasPresence && call(message, `has${name}`) !== true) return undefined
  const value = call(message, `get${name}${suffix}`)
  return !hasPresence && isDefault(value) ? undefined : fromJs(schema, field, value)
}

/** Reads an instance of the generated class through its getters. */
export const dumpMessage = (schema: Schema, type: string, message: Message): Tree => {
  const tree: Tree = {}
  for (const field of infoOf(schema, type).fields) {
    const value = dumpField(schema, message, field)
    if (value !== undefined) tree[field.number] = value
  }
  return tree
}

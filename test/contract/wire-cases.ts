import type { Field, Kind, MessageInfo, Schema } from './wire-schema.js'
import type { Tree, Value } from './wire-tree.js'

const base64 = (...bytes: number[]) => Buffer.from(bytes).toString('base64')
const longText = 'ten chars.'.repeat(30)
const SPECIAL = ['NaN', 'Infinity', '-Infinity']
const UNSIGNED = [1, 300, 0x7fffffff, 0x80000000, 0xffffffff]

/** Values of each kind that have broken encoders before. None is a default. */
const SAMPLES: Readonly<Record<Exclude<Kind, 'message' | 'enum'>, readonly Value[]>> = {
  double: [0.1, -1e300, Number.MAX_VALUE, Number.MIN_VALUE, ...SPECIAL],
  float: [1.5, -0.25, 3.4028234663852886e38, 2 ** -149, ...SPECIAL],
  int32: [1, -1, 300, 0x7fffffff, -0x80000000],
  fixed32: UNSIGNED,
  uint32: UNSIGNED,
  int64: ['1', '-1', '4294967296', '9007199254740991', '-9007199254740991'],
  sint64: ['1', '-1', '4294967296', '9007199254740991', '-9007199254740991'],
  uint64: ['1', '300', '4294967296', '9007199254740991'],
  bool: [true],
  string: ['a', 'Grüße, 世界 🐕', 'nul \u0000 and\nline', longText],
  bytes: [base64(0), base64(0xff, 0xfe, 0x00, 0x80), Buffer.from(longText).toString('base64')],
}

/** What fields held as text can carry beyond those: the whole range of 64 bits. */
const WIDE_SAMPLES: Readonly<Record<string, readonly Value[]>> = {
  int64: ['9223372036854775807', '-9223372036854775808', '9007199254740993'],
  sint64: ['9223372036854775807', '-9223372036854775808', '-9007199254740993'],
  uint64: ['18446744073709551615', '9223372036854775808', '9007199254740993'],
}

const UNKNOWN_ENUM_NUMBER = 12_345
const MOST_SAMPLES = 8
/** Levels of messages in messages that are filled; the next one stays empty. */
const DEPTH = 3

const samplesOf = (schema: Schema, field: Field): readonly Value[] => {
  if (field.kind === 'message') return []
  if (field.kind === 'enum') {
    // Enums are open in proto3: a number of a later version must survive.
    return [...(schema.enums.get(field.type) ?? []).filter(Boolean), UNKNOWN_ENUM_NUMBER]
  }
  return [...SAMPLES[field.kind], ...(field.text ? (WIDE_SAMPLES[field.kind] ?? []) : [])]
}

const defaultOf = (field: Field): Value => {
  if (field.kind === 'string' || field.kind === 'bytes') return ''
  if (field.kind === 'bool') return false
  return ['int64', 'uint64', 'sint64'].includes(field.kind) ? '0' : 0
}

/** How one instance is filled. */
interface Variant {
  /** Turns through the samples. */
  readonly sample: number
  /** Turns through the members of each oneof. */
  readonly member: number
  /** Sets what has presence to its default, and leaves the rest unset. */
  readonly zero: boolean
}

const isChosen = (info: MessageInfo, field: Field, variant: Variant) => {
  if (field.oneof === undefined) return true
  const members = info.fields.filter((other) => other.oneof === field.oneof)
  return members[variant.member % members.length] === field
}

const fillScalar = (schema: Schema, field: Field, variant: Variant): Value => {
  if (variant.zero) return defaultOf(field)
  const samples = samplesOf(schema, field)
  // Neighbouring fields of one kind get different values, so that a mix-up shows.
  return samples[(variant.sample + field.number) % samples.length] ?? defaultOf(field)
}

const fillOne = (schema: Schema, field: Field, variant: Variant, depth: number): Value => {
  if (field.kind !== 'message') return fillScalar(schema, field, variant)
  return depth > 0 ? fill(schema, field.type, variant, depth - 1) : {}
}

const fillMap = (schema: Schema, field: Field, variant: Variant, depth: number): Value => {
  const [key, value] = schema.maps.get(field.type) ?? []
  if (key === undefined || value === undefined) throw new Error(`${field.name} is not a map`)
  const keys = key.kind === 'string' ? ['', 'signature_def', '世界 🐕'] : ['0', '4294967295']
  const items = keys.map((name, turn): [string, Value] => {
    const turned = { ...variant, sample: variant.sample + turn, zero: variant.zero || turn === 0 }
    return [name, fillOne(schema, value, turned, depth)]
  })
  return Object.fromEntries(items)
}

const fillField = (schema: Schema, field: Field, variant: Variant, depth: number) => {
  if (schema.maps.has(field.type)) return fillMap(schema, field, variant, depth)
  if (!field.repeated) {
    const absent = variant.zero && !field.explicit && field.kind !== 'message'
    return absent ? undefined : fillOne(schema, field, variant, depth)
  }
  if (field.kind === 'message') return [fillOne(schema, field, variant, depth), {}]
  return [defaultOf(field), ...samplesOf(schema, field), defaultOf(field)]
}

const fill = (schema: Schema, type: string, variant: Variant, depth: number): Tree => {
  const info = schema.messages.get(type)
  if (info === undefined) throw new Error(`no definition of ${type}`)
  const tree: Tree = {}
  for (const field of info.fields) {
    if (!isChosen(info, field, variant)) continue
    const value = fillField(schema, field, variant, depth)
    if (value !== undefined) tree[field.number] = value
  }
  return tree
}

const longestOneof = (info: MessageInfo) => {
  const sizes = new Map<string, number>()
  for (const { oneof } of info.fields) {
    if (oneof !== undefined) sizes.set(oneof, (sizes.get(oneof) ?? 0) + 1)
  }
  return Math.max(1, ...sizes.values())
}

/**
 * Makes instances of a message: empty, every oneof member with its default, and every oneof member
 * with every sample.
 */
export const makeCases = (schema: Schema, type: string): Tree[] => {
  const info = schema.messages.get(type)
  if (info === undefined) throw new Error(`no definition of ${type}`)
  const trees: Tree[] = [{}]
  for (let member = 0; member < longestOneof(info); member++) {
    trees.push(fill(schema, type, { sample: 0, member, zero: true }, DEPTH))
    for (let sample = 0; sample < MOST_SAMPLES; sample++) {
      trees.push(fill(schema, type, { sample, member, zero: false }, DEPTH))
    }
  }
  return trees
}

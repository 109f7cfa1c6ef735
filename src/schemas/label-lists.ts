import { z } from 'zod'
import { parseCsvList } from './csv-list.js'
import { fraction, keyword } from './scalars.js'

// Far above any label map, and low enough that searching near matches for each stays cheap.
const MAX_LABELS = 1000
const MAX_LABEL_LENGTH = 200

const NOT_CLOSED = 'has a quote that is never closed'
const TOO_MANY = `names more than ${MAX_LABELS} labels`

function nameOf(one: string, names: string) {
  return z
    .string({ error: `must hold ${names}` })
    .min(1, { error: `holds an empty ${one}` })
    .max(MAX_LABEL_LENGTH, { error: `holds a ${one} of more than ${MAX_LABEL_LENGTH} characters` })
}

const label = nameOf('label', 'names or class ids')

/**
 * Describes a list of label names or class ids: text is comma separated with CSV quoting, JSON is an array of strings
 * and integers. The output has each label once, in the order given.
 */
export function labelList() {
  return listOf(label, 'label', 'label names or class ids')
}

/** Describes a list of names of outputs, in the forms of `labelList`. */
export function outputList() {
  return listOf(nameOf('name', 'names of outputs'), 'output', 'names of outputs')
}

function listOf(element: typeof label, one: string, all: string) {
  return z.preprocess(
    toLabels,
    z
      .array(element, { error: `must be a list of ${all}` })
      .min(1, { error: `names no ${one}` })
      .max(MAX_LABELS, { error: `names more than ${MAX_LABELS} ${one}s` })
      .transform((labels) => [...new Set(labels)]),
  )
}

function toLabels(raw: unknown, context: z.RefinementCtx): unknown {
  if (typeof raw === 'string') {
    const entries = parseCsvList(raw)
    if (entries !== undefined) return entries
    context.addIssue({ code: 'custom', message: NOT_CLOSED })
    return z.NEVER
  }
  if (!Array.isArray(raw)) return Number.isSafeInteger(raw) ? [String(raw)] : raw
  return raw.map((entry: unknown) => (Number.isSafeInteger(entry) ? String(entry) : entry))
}

/**
 * Describes minimum scores by label: text is `person:0.6,"Salt, pepper":0.4` with CSV quoting, where the last colon of
 * an entry separates, JSON is an object. The output maps names or class ids to scores from 0 to 1.
 */
export function thresholdMap() {
  return labelMap(fraction(), {
    expected: 'must be pairs such as person:0.6,dog:0.4 (JSON: an object of numbers)',
    pair: 'label:score',
    value: 'scores',
  })
}

/** What can be done to a box so that nobody knows what was in it. */
export const REDACT_MODES = ['blur', 'pixelate', 'fill'] as const
export type RedactMode = (typeof REDACT_MODES)[number]

/** Describes how labels are redacted: text is `person:blur,car:fill` as in `thresholdMap`, JSON is an object. */
export function redactMap() {
  return labelMap(keyword(REDACT_MODES), {
    expected: 'must be pairs such as person:blur,car:fill (JSON: an object)',
    pair: 'label:mode',
    value: 'modes',
  })
}

/** How a map by labels is spoken of in messages. */
interface MapWords {
  readonly expected: string
  readonly pair: string
  readonly value: string
}

function labelMap<T extends z.ZodType>(value: T, words: MapWords) {
  return z.preprocess(
    (raw, context) => toPairs(raw, context, words),
    z
      .record(label, value, { error: words.expected })
      .refine((map) => Object.keys(map).length > 0, { error: 'names no label' })
      .transform((map): ReadonlyMap<string, z.output<T>> => new Map(Object.entries(map))),
  )
}

function toPairs(raw: unknown, context: z.RefinementCtx, words: MapWords): unknown {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  // Counted before any is checked: a body of 4 MiB holds enough of them to stop everybody's requests for a second.
  if (typeof raw === 'object' && raw !== null && Object.keys(raw).length > MAX_LABELS)
    return refuse(TOO_MANY)
  if (typeof raw !== 'string') return raw
  const entries = parseCsvList(raw)
  if (entries === undefined) return refuse(NOT_CLOSED)
  if (entries.length > MAX_LABELS) return refuse(TOO_MANY)
  const pairs = new Map<string, string>()
  for (const entry of entries) {
    const colon = entry.lastIndexOf(':')
    if (colon < 1) return refuse(`needs ${words.pair}, not "${entry.slice(0, MAX_LABEL_LENGTH)}"`)
    const name = entry.slice(0, colon).trim()
    const value = entry.slice(colon + 1).trim()
    if ((pairs.get(name) ?? value) !== value) return refuse(`gives "${name}" two ${words.value}`)
    pairs.set(name, value)
  }
  return Object.fromEntries(pairs)
}

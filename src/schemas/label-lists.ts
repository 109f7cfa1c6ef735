import { z } from 'zod'
import { parseCsvList } from './csv-list.js'
import { fraction } from './scalars.js'

// Far above any label map, and low enough that searching near matches for each stays cheap.
const MAX_LABELS = 1000
const MAX_LABEL_LENGTH = 200

const NOT_CLOSED = 'has a quote that is never closed'
const TOO_MANY = `names more than ${MAX_LABELS} labels`

const label = z
  .string({ error: 'must hold names or class ids' })
  .min(1, { error: 'holds an empty label' })
  .max(MAX_LABEL_LENGTH, { error: `holds a label of more than ${MAX_LABEL_LENGTH} characters` })

/**
 * Describes a list of label names or class ids: text is comma separated with CSV quoting, JSON is an array of strings
 * and integers. The output has each label once, in the order given.
 */
export function labelList() {
  const error = 'must be a list of label names or class ids'
  return z.preprocess(
    toLabels,
    z
      .array(label, { error })
      .min(1, { error: 'names no label' })
      .max(MAX_LABELS, { error: TOO_MANY })
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
  const error = 'must be pairs such as person:0.6,dog:0.4 (JSON: an object of numbers)'
  return z.preprocess(
    toThresholds,
    z
      .record(label, fraction(), { error })
      .refine((scores) => Object.keys(scores).length > 0, { error: 'names no label' })
      .transform((scores): ReadonlyMap<string, number> => new Map(Object.entries(scores))),
  )
}

function toThresholds(raw: unknown, context: z.RefinementCtx): unknown {
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
  const scores = new Map<string, string>()
  for (const entry of entries) {
    const colon = entry.lastIndexOf(':')
    if (colon < 1) return refuse(`needs label:score, not "${entry.slice(0, MAX_LABEL_LENGTH)}"`)
    const name = entry.slice(0, colon).trim()
    const score = entry.slice(colon + 1).trim()
    if ((scores.get(name) ?? score) !== score) return refuse(`gives "${name}" two scores`)
    scores.set(name, score)
  }
  return Object.fromEntries(scores)
}

import { z } from 'zod'
import { suggestion } from '../near-match.js'

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const MAX_INT64 = 2n ** 63n - 1n

// Form fields and query parameters are text, JSON is typed: both forms of a number are taken everywhere.
function toNumber(raw: unknown): unknown {
  if (typeof raw !== 'string') return raw
  const text = raw.trim()
  return DECIMAL.test(text) ? Number(text) : raw
}

function trimmed(raw: unknown): unknown {
  return typeof raw === 'string' ? raw.trim() : raw
}

/** Describes a number from 0 to 1; percentages get a message that says how to write them. */
export function fraction() {
  const expected = 'must be a number from 0 to 1'
  return z.preprocess(
    toNumber,
    z
      .number({ error: expected })
      .min(0, { error: expected })
      .max(1, {
        error: ({ input }) => `${expected}, not a percentage${asFraction(Number(input))}`,
      }),
  )
}

function asFraction(percentage: number): string {
  return percentage <= 100 ? `: ${percentage} % is ${Number((percentage / 100).toFixed(6))}` : ''
}

/** Describes a whole number between two bounds, both included; `unit` names what is counted in the message. */
export function wholeNumber(minimum: number, maximum: number, unit?: string) {
  const of = unit === undefined ? '' : ` of ${unit}`
  const error = `must be a whole number${of} from ${minimum} to ${maximum}`
  return z.preprocess(toNumber, z.int({ error }).min(minimum, { error }).max(maximum, { error }))
}

/** Describes a number between two bounds, both included. */
export function numberBetween(minimum: number, maximum: number) {
  const error = `must be a number from ${minimum} to ${maximum}`
  return z.preprocess(toNumber, z.number({ error }).min(minimum, { error }).max(maximum, { error }))
}

/** Describes one of a few words, in any case. */
export function keyword<const Words extends readonly [string, ...string[]]>(words: Words) {
  const expected = `must be one of ${words.map((word) => `"${word}"`).join(', ')}`
  const error = ({ input }: { input?: unknown }) =>
    typeof input === 'string' ? `${expected}${suggestion(input, words)}` : expected
  return z.preprocess(
    (raw) => (typeof raw === 'string' ? raw.trim().toLowerCase() : raw),
    z.enum(words, { error }),
  )
}

/** Describes a yes or no: JSON's `true` and `false`, or the same words as text. */
export function flag() {
  return z.preprocess(
    (raw) => (raw === 'true' ? true : raw === 'false' ? false : raw),
    z.boolean({ error: 'must be true or false' }),
  )
}

/** Describes a finite number that text or JSON may give. */
export function finiteNumber() {
  return z.preprocess(toNumber, z.number({ error: 'must be a number' }))
}

// The ranges are \p{Cc}, spelt out because generators of clients and of tests know it not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const MODEL_NAME = /^(?!\.{1,2}$)[^:/\\\u0000-\u001f\u007f-\u009f]{1,200}$/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const VERSION_LABEL = /^[^\u0000-\u001f\u007f-\u009f]{1,100}$/u

/**
 * Describes a model's name: 1 to 200 characters without `:` and `/`, which separate names in URLs of other servers, and
 * without control characters; `.` and `..` are folders, not models.
 */
export function modelName() {
  const error = 'must be a name of 1 to 200 characters without ":", "/" and "\\"'
  return z.preprocess(trimmed, z.string({ error }).regex(MODEL_NAME, { error }))
}

/** Describes a version label of TensorFlow Serving: 1 to 100 characters, none of them control characters. */
export function versionLabel() {
  const error = 'must be a label of 1 to 100 characters'
  return z.preprocess(trimmed, z.string({ error }).regex(VERSION_LABEL, { error }))
}

/** A whole number that a double holds exactly becomes text. */
function versionText(raw: unknown): unknown {
  return typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : trimmed(raw)
}

const VERSION_NUMBER = 'must be a version number, a decimal integer that is not negative'
const MAX_VERSION = 'must be at most 2^63 - 1'

/**
 * Describes a version of TensorFlow Serving's: a decimal int64 that is not negative, as text or as a JSON number that a
 * double holds exactly; the output is text without leading zeros.
 */
export function versionNumber() {
  const error = VERSION_NUMBER
  return z.preprocess(
    versionText,
    z
      .string({ error })
      .regex(/^\d{1,40}$/, { error, abort: true })
      .refine((digits) => BigInt(digits) <= MAX_INT64, { error: MAX_VERSION })
      .transform((digits) => BigInt(digits).toString()),
  )
}

const DIGITS = /^\d+$/

/**
 * Describes a version of any model server: 1 to 100 characters, none of them control characters. One of digits is a version
 * number, at most 2^63 - 1, and loses leading zeros; whether another may be asked for is the model server's to say.
 */
export function modelVersion() {
  const error = 'must be a version of 1 to 100 characters'
  return z.preprocess(
    versionText,
    z
      .string({ error })
      .regex(VERSION_LABEL, { error, abort: true })
      .refine((text) => !DIGITS.test(text) || BigInt(text) <= MAX_INT64, { error: MAX_VERSION })
      .transform((text) => (DIGITS.test(text) ? BigInt(text).toString() : text)),
  )
}

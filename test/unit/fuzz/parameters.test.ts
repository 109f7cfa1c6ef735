import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../../src/errors.js'
import { refuseCostlyJson } from '../../../src/routes/body/json-shape.js'
import { PARAMETERS } from '../../../src/schemas/parameters.js'
import { fromQuery, parseParameters } from '../../../src/schemas/parse-parameters.js'
import { fuzz } from './fuzz.js'

const NAMES = [...Object.keys(PARAMETERS), 'constructor', '__proto__', 'toString', 'image']

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'0123456789.,:"\\-+eE[]{} personNaN'), maxLength: 40 }),
)
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 4 }), fc.double(), fc.constant(undefined))
const raw = fc.record({
  name: fc.oneof(fc.constantFrom(...NAMES), text),
  value,
  place: fc.constantFrom('query' as const, 'form' as const, 'JSON' as const),
})
const edge = fc.oneof(fc.double(), fc.integer({ min: -1, max: 2 }), text)
const region = fc.record(
  {
    id: value,
    x_min: edge,
    y_min: edge,
    x_max: edge,
    y_max: edge,
    unit: fc.oneof(fc.constantFrom('pixel', 'fraction'), value),
    match: value,
    exclude: value,
  },
  { requiredKeys: [] },
)

/** Parses, and lets nothing through but what a client is told in few words. */
function tryParse(parameters: Parameters<typeof parseParameters>[0]): void {
  try {
    parseParameters(parameters)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (error.statusCode !== 400) throw error
    if (error.message.length > 20_000) throw new Error(`a message of ${error.message.length}`)
  }
}

t.test('parameters of every kind are taken or refused with 400', async (t) => {
  await fuzz(t, 'lists of parameters', fc.property(fc.array(raw, { maxLength: 8 }), tryParse))
  const regions = fc.array(fc.oneof(region, value), { maxLength: 4 })
  await fuzz(
    t,
    'regions, typed and as text',
    fc.property(regions, fc.boolean(), (list, typed) => {
      if (typed) tryParse([{ name: 'regions', value: list, place: 'JSON' }])
      else tryParse([{ name: 'regions', value: JSON.stringify(list), place: 'form' }])
    }),
  )
  await fuzz(
    t,
    'queries',
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text))), (query) =>
      tryParse(fromQuery(query)),
    ),
  )
})

t.test('what is right means the same from a form and from JSON', async (t) => {
  const fraction = fc.integer({ min: 0, max: 1000 }).map((it) => it / 1000)
  const right = fc.record(
    {
      min_score: fraction,
      iou_threshold: fraction,
      max_detections: fc.integer({ min: 1, max: 1000 }),
      quality: fc.integer({ min: 1, max: 100 }),
      labels: fc.array(fc.string({ unit: fc.constantFrom(...'abc ,"'), minLength: 1 }), {
        minLength: 1,
      }),
    },
    { requiredKeys: [] },
  )
  const quote = (it: string) => `"${it.replaceAll('"', '""')}"`
  await fuzz(
    t,
    'both',
    fc.property(right, (given) => {
      // Blank names are dropped in one place and refused in the other.
      fc.pre(given.labels?.every((it) => it.trim() === it) ?? true)
      const entries = Object.entries(given)
      const typed = entries.map(([name, it]) => ({ name, value: it, place: 'JSON' as const }))
      const written = entries.map(([name, it]) => ({
        name,
        value: Array.isArray(it) ? it.map(quote).join(',') : String(it),
        place: 'form' as const,
      }))
      const [a, b] = [parseParameters(typed), parseParameters(written)]
      if (JSON.stringify(a) !== JSON.stringify(b)) {
        throw new Error(`${JSON.stringify(a)} and ${JSON.stringify(b)}`)
      }
    }),
  )
})

t.test('JSON of few values is never refused for its shape', async (t) => {
  await fuzz(
    t,
    'values',
    fc.property(fc.jsonValue({ maxDepth: 8 }), (it) => {
      refuseCostlyJson(Buffer.from(JSON.stringify(it)))
    }),
  )
})

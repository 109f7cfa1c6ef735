import t from 'tap'
import { type FieldError, GatewayError } from '../../../src/errors.js'
import {
  fromQuery,
  type ParameterPlace,
  parseParameters,
  type RawParameter,
} from '../../../src/schemas/parse-parameters.js'

function raw(values: Record<string, unknown>, place: ParameterPlace): RawParameter[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, place }))
}

function refusal(parameters: RawParameter[]): GatewayError {
  try {
    parseParameters(parameters)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('was not refused')
}

const REGION = { x_min: 0, y_min: 0.25, x_max: 0.5, y_max: 1, unit: 'fraction' }

t.test('parseParameters() gives text its type', async (t) => {
  const cases: { name: string; given: Record<string, string>; parsed: object }[] = [
    { name: 'a model', given: { model: ' ssd_v2.1 ' }, parsed: { model: 'ssd_v2.1' } },
    { name: 'a version', given: { version: '007' }, parsed: { version: '7' } },
    { name: 'a version that is text', given: { version: ' v1.0 ' }, parsed: { version: 'v1.0' } },
    {
      name: 'the largest version',
      given: { version: '9223372036854775807' },
      parsed: { version: '9223372036854775807' },
    },
    {
      name: 'a version label',
      given: { version_label: 'stable' },
      parsed: { versionLabel: 'stable' },
    },
    { name: 'a score', given: { min_score: '.25' }, parsed: { minScore: 0.25 } },
    { name: 'the score 0', given: { min_score: '0' }, parsed: { minScore: 0 } },
    { name: 'the score 1', given: { min_score: '1.0' }, parsed: { minScore: 1 } },
    { name: 'an exponent', given: { iou_threshold: '5e-1' }, parsed: { iouThreshold: 0.5 } },
    {
      name: 'labels',
      given: { labels: '"Salt, pepper",18, dog,dog' },
      parsed: { labels: ['Salt, pepper', '18', 'dog'] },
    },
    {
      name: 'labels to drop',
      given: { exclude_labels: 'cat' },
      parsed: { excludeLabels: ['cat'] },
    },
    { name: 'a count', given: { max_detections: '1000' }, parsed: { maxDetections: 1000 } },
    { name: 'a format in capitals', given: { format: 'PNG' }, parsed: { format: 'png' } },
    { name: 'a quality', given: { quality: '100' }, parsed: { quality: 100 } },
    {
      name: 'a side',
      given: { picture_max_side: '640' },
      parsed: { pictureMaxSide: 640 },
    },
    { name: 'a timeout', given: { timeout_ms: '1' }, parsed: { timeoutMs: 1 } },
    {
      name: 'tiles',
      given: { tiles: ' 3X2 ', overlap: '0.3' },
      parsed: { tiles: { columns: 3, rows: 2 }, overlap: 0.3 },
    },
    { name: 'as many tiles as it takes', given: { tiles: 'Auto' }, parsed: { tiles: 'auto' } },
    {
      name: 'regions',
      given: { regions: JSON.stringify([{ id: 'door', ...REGION, exclude: true }]) },
      parsed: {
        regions: [
          {
            id: 'door',
            xMin: 0,
            yMin: 0.25,
            xMax: 0.5,
            yMax: 1,
            unit: 'fraction',
            match: 'center',
            exclude: true,
          },
        ],
      },
    },
    { name: 'no value', given: { model: '', min_score: ' ', labels: '' }, parsed: {} },
  ]
  for (const { name, given, parsed } of cases) {
    t.strictSame(parseParameters(raw(given, 'form')), parsed, `${name} in a form`)
    t.strictSame(parseParameters(fromQuery(given)), parsed, `${name} in a query`)
  }
})

t.test('parseParameters() takes typed values from JSON', async (t) => {
  const cases = [
    { name: 'a version', given: { version: 3 }, parsed: { version: '3' } },
    { name: 'a number', given: { min_score: 0.5 }, parsed: { minScore: 0.5 } },
    { name: 'a number as text', given: { min_score: '0.5' }, parsed: { minScore: 0.5 } },
    { name: 'a list', given: { labels: ['a,b', 18] }, parsed: { labels: ['a,b', '18'] } },
    { name: 'a single class id', given: { labels: 18 }, parsed: { labels: ['18'] } },
    { name: 'null', given: { model: null, regions: null }, parsed: {} },
    { name: 'no regions', given: { regions: [] }, parsed: { regions: [] } },
  ]
  for (const { name, given, parsed } of cases) {
    t.strictSame(parseParameters(raw(given, 'JSON')), parsed, name)
  }
})

t.test('parseParameters() reads thresholds', async (t) => {
  const cases: { name: string; given: unknown; scores: Record<string, number> }[] = [
    { name: 'pairs', given: 'person:0.6,dog:0.4', scores: { person: 0.6, dog: 0.4 } },
    { name: 'a quoted name', given: '"Salt, pepper":.5', scores: { 'Salt, pepper': 0.5 } },
    { name: 'a quoted pair', given: '"a,b:0.5"', scores: { 'a,b': 0.5 } },
    { name: 'a name with colons', given: 'a:b:0.5', scores: { 'a:b': 0.5 } },
    { name: 'the same pair twice', given: 'a:0.5,a:0.5', scores: { a: 0.5 } },
    { name: 'an object', given: { person: 0.6, 18: '0.4' }, scores: { person: 0.6, 18: 0.4 } },
  ]
  for (const { name, given, scores } of cases) {
    const { thresholds } = parseParameters(raw({ thresholds: given }, 'JSON'))
    t.same(Object.fromEntries(thresholds ?? []), scores, name)
  }
})

t.test('parseParameters() refuses what is wrong by the name of the field', async (t) => {
  const cases: { given: Record<string, unknown>; field?: string; message: RegExp }[] = [
    { given: { min_score: 50 }, message: /not a percentage: 50 % is 0\.5 \(got 50\)$/ },
    { given: { min_score: '1e9' }, message: /not a percentage \(got "1e9"\)$/ },
    { given: { min_score: -0.1 }, message: /^must be a number from 0 to 1/ },
    { given: { min_score: 'high' }, message: /^must be a number from 0 to 1 \(got "high"\)$/ },
    { given: { min_score: '0,5' }, message: /^must be a number/ },
    { given: { min_score: '0x1' }, message: /^must be a number/ },
    { given: { min_score: true }, message: /^must be a number/ },
    { given: { min_score: '' }, message: /^must be a number/ },
    { given: { iou_threshold: 2 }, message: /2 % is 0\.02/ },
    { given: { max_detections: 0 }, message: /^must be a whole number from 1 to 1000/ },
    { given: { max_detections: 1001 }, message: /from 1 to 1000 \(got 1001\)$/ },
    { given: { max_detections: 1.5 }, message: /^must be a whole number/ },
    { given: { quality: 101 }, message: /from 1 to 100/ },
    { given: { picture_max_side: 1e6 }, message: /of pixels from 16 to 16383/ },
    { given: { timeout_ms: 0 }, message: /of milliseconds from 1/ },
    { given: { format: 'jpg' }, message: /did you mean "jpeg"\? \(got "jpg"\)$/ },
    {
      given: { format: 'bmp' },
      message: /^must be one of "json", "png", "jpeg", "webp", .* \(got "bmp"\)$/,
    },
    { given: { format: 1 }, message: /^must be one of/ },
    { given: { model: 'a/b' }, message: /without ":", "\/"/ },
    { given: { model: 'a:b' }, message: /without/ },
    { given: { model: '..' }, message: /without/ },
    { given: { model: 'a\nb' }, message: /without/ },
    { given: { model: 'x'.repeat(201) }, message: /of 1 to 200 characters .*x\.\.\.\)$/ },
    { given: { version: 1.5 }, message: /version of 1 to 100/ },
    { given: { version: 2 ** 53 }, message: /version of 1 to 100/ },
    { given: { version: 'a\nb' }, message: /version of 1 to 100/ },
    { given: { version: '1'.repeat(101) }, message: /version of 1 to 100/ },
    { given: { version: '9223372036854775808' }, message: /at most 2\^63 - 1/ },
    { given: { version_label: 'x'.repeat(101) }, message: /of 1 to 100 characters/ },
    { given: { labels: '"a' }, message: /a quote that is never closed/ },
    { given: { labels: [] }, message: /names no label/ },
    { given: { labels: ',' }, message: /names no label/ },
    { given: { labels: true }, message: /^must be a list/ },
    { given: { labels: [1.5] }, field: 'labels[0]', message: /names or class ids/ },
    { given: { labels: ['a', ''] }, field: 'labels[1]', message: /an empty label/ },
    { given: { labels: ['x'.repeat(201)] }, field: 'labels[0]', message: /more than 200/ },
    { given: { labels: Array(1001).fill('a') }, message: /more than 1000 labels/ },
    {
      given: { thresholds: Object.fromEntries(Array.from({ length: 1001 }, (_, id) => [id, 'x'])) },
      message: /^names more than 1000 labels/,
    },
    { given: { thresholds: 'a:x,'.repeat(1001) }, message: /^names more than 1000 labels/ },
    { given: { thresholds: 'person' }, message: /^needs label:score, not "person"/ },
    { given: { thresholds: ':0.5' }, message: /^needs label:score/ },
    { given: { thresholds: '"a:0.5' }, message: /never closed/ },
    { given: { thresholds: 'a:0.5,a:0.6' }, message: /gives "a" two scores/ },
    { given: { thresholds: {} }, message: /names no label/ },
    { given: { thresholds: [1] }, message: /^must be pairs/ },
    { given: { thresholds: 'a:60' }, field: 'thresholds.a', message: /60 % is 0\.6/ },
    { given: { thresholds: { a: 'x' } }, field: 'thresholds.a', message: /^must be a number/ },
    { given: { regions: 'door' }, message: /^must be a JSON list of regions/ },
    { given: { regions: {} }, message: /^must be a JSON list of regions/ },
    { given: { regions: Array(65).fill(REGION) }, message: /more than 64 regions/ },
    { given: { regions: [{ ...REGION, id: '1' }, REGION] }, message: /the same id/ },
    {
      given: { regions: [{ ...REGION, x_min: undefined }] },
      field: 'regions[0].x_min',
      message: /^must be a number/,
    },
    {
      given: { regions: [{ ...REGION, unit: undefined }] },
      field: 'regions[0].unit',
      message: /^must be one of "pixel", "fraction"$/,
    },
    {
      given: { regions: [{ ...REGION, x_max: 0 }] },
      field: 'regions[0].x_max',
      message: /greater than x_min/,
    },
    {
      given: { regions: [{ ...REGION, y_max: 0.1 }] },
      field: 'regions[0].y_max',
      message: /greater than y_min/,
    },
    {
      given: { regions: [{ ...REGION, x_max: 1.5 }] },
      field: 'regions[0].x_max',
      message: /at most 1/,
    },
    {
      given: { regions: [{ ...REGION, x_min: -1, unit: 'pixel' }] },
      field: 'regions[0].x_min',
      message: /not be negative/,
    },
    {
      given: { regions: [{ ...REGION, match: 'inside' }] },
      field: 'regions[0].match',
      message: /"contains"/,
    },
    {
      given: { regions: [{ ...REGION, exclude: 'maybe' }] },
      field: 'regions[0].exclude',
      message: /true or false/,
    },
    {
      given: { regions: [{ ...REGION, left: 1 }] },
      field: 'regions[0]',
      message: /unknown key "left"/,
    },
  ]
  for (const { given, field, message } of cases) {
    const [name = ''] = Object.keys(given)
    const row = JSON.stringify(given).slice(0, 80)
    const error = refusal(raw(given, 'JSON'))
    t.equal(error.code, 'invalid_parameter', row)
    t.match(error.fields, [{ field: field ?? name, message }], row)
  }
})

t.test('parseParameters() names what an unknown parameter may have meant', async (t) => {
  const cases = [
    { name: 'min_scroe', message: /^is not a parameter, did you mean "min_score"\?$/ },
    { name: 'label', message: /did you mean "labels"/ },
    { name: 'threshold', message: /did you mean "thresholds"/ },
    { name: 'confidence', message: /^is not a parameter; there are model, version, / },
    { name: 'constructor', message: /^is not a parameter/ },
    { name: '__proto__', message: /^is not a parameter/ },
  ]
  for (const { name, message } of cases) {
    const error = refusal([{ name, value: '1', place: 'query' }])
    t.equal(error.code, 'invalid_parameter', name)
    t.match(error.fields, [{ field: name, message }], name)
  }
})

t.test('parseParameters() joins what is given several times', async (t) => {
  t.test('lists by their union, whatever the place', async (t) => {
    const parameters = [
      ...fromQuery({ labels: ['dog,cat', 'person'] }),
      ...raw({ labels: 'cat,bird' }, 'form'),
    ]
    t.same(parseParameters(parameters), { labels: ['dog', 'cat', 'person', 'bird'] })
  })

  t.test('equal values, however they are written', async (t) => {
    const parameters = [
      ...fromQuery({ min_score: '0.50', version: '1', thresholds: 'a:0.5,b:1' }),
      ...raw({ min_score: 0.5, version: 1, thresholds: { b: 1, a: 0.5 } }, 'JSON'),
    ]
    t.match(parseParameters(parameters), { minScore: 0.5, version: '1' })
  })

  const conflicts = [
    {
      name: 'in two places',
      parameters: [...fromQuery({ min_score: '0.5' }), ...raw({ min_score: '0.6' }, 'form')],
      field: 'min_score',
      message: 'is "0.5" in the query and "0.6" in the form; give it once',
    },
    {
      name: 'in one place',
      parameters: fromQuery({ model: ['a', 'b'] }),
      field: 'model',
      message: 'is "a" in the query and "b" in the query; give it once',
    },
    {
      name: 'in JSON',
      parameters: [...fromQuery({ quality: '1' }), ...raw({ quality: 2 }, 'JSON')],
      field: 'quality',
      message: 'is "1" in the query and 2 in the JSON body; give it once',
    },
    {
      name: 'as version and label',
      parameters: fromQuery({ version: '1', version_label: 'stable' }),
      field: 'version_label',
      message: 'excludes version; give one of the two',
    },
  ]
  for (const { name, parameters, field, message } of conflicts) {
    t.test(`but not what contradicts itself ${name}`, async (t) => {
      const error = refusal(parameters)
      t.equal(error.code, 'parameter_conflict')
      t.same(error.fields, [{ field, message } satisfies FieldError])
      t.equal(error.message, `"${field}" ${message}`)
    })
  }
})

t.test('parseParameters() lists every problem at once', async (t) => {
  const error = refusal(fromQuery({ min_score: '2', qualty: '1', quality: ['1', '2'] }))
  t.equal(error.code, 'invalid_parameter')
  t.same(
    error.fields.map(({ field }) => field),
    ['min_score', 'qualty', 'quality'],
  )
})

t.test('parseParameters() stops listing before it is too much to read', async (t) => {
  const names = Array.from({ length: 10_000 }, (_, index) => [`unknown_${index}`, 1])
  t.equal(refusal(raw(Object.fromEntries(names), 'JSON')).fields.length, 20)
})

t.test('fromQuery() has no parameters without a query', async (t) => {
  t.same(fromQuery(undefined), [])
})

t.test('parseParameters() knows what belongs in the body', async (t) => {
  const refused = (name: string, place: ParameterPlace) => {
    const otherNames = ['image', 'images']
    try {
      parseParameters(raw({ [name]: 'x' }, place), { otherNames })
    } catch (error) {
      return (error as GatewayError).fields[0]?.message
    }
    throw new Error('was not refused')
  }
  t.equal(refused('image', 'query'), 'belongs in the body, not in the query')
  t.match(refused('images', 'JSON'), /did you mean "image"\?$/)
  t.match(refused('images', 'form'), /did you mean "image"\?$/)
  t.match(refused('imgae', 'JSON'), /did you mean "image"/)
})

t.test('parseParameters() says a thing once', async (t) => {
  t.equal(refusal(raw({ max_detections: '99999999999999999999' }, 'query')).fields.length, 1)
})

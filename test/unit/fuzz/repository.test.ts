import fc from 'fast-check'
import t from 'tap'
import { parseModelCard } from '../../../src/repository/card-schema.js'
import { RepositoryFileError } from '../../../src/repository/file-error.js'
import { parseLabelMap } from '../../../src/repository/label-map.js'
import { parseModelsConfig } from '../../../src/repository/models-config.js'
import { fuzz } from './fuzz.js'

/** Text of the pieces that a format is made of, in any order: it gets further than text of any characters. */
function madeOf(pieces: readonly string[]) {
  const noise = fc.string({ unit: 'binary', maxLength: 6 })
  const piece = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, noise)
  return fc.array(piece, { maxLength: 40 }).map((all) => all.join(''))
}

const FORMATS = {
  '.pbtxt': [
    'item',
    ' {',
    '}',
    'id: ',
    'name: ',
    'display_name:',
    '"a"',
    "'b",
    '1',
    '-9',
    ',',
    '#',
    '\n',
    '\\x',
    '<',
    '>',
  ],
  '.txt': ['person', '\n', '\r\n', ' ', '\t', '???', '1', '\ufeff'],
  '.csv': ['id', 'name', ',', ';', '"', '\n', 'person', '1', '""', '\r'],
  '.json': ['{', '}', '[', ']', '"1"', ':', ',', '"person"', '1', 'null', ' ', '\\u00'],
}

/** Runs a parser, and lets nothing through but what an operator is told about the file. */
function refusesInWords(parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof RepositoryFileError)) throw error
  }
}

t.test('label maps of any text are read or refused by name', async (t) => {
  for (const [extension, pieces] of Object.entries(FORMATS)) {
    const file = `labels${extension}`
    await fuzz(
      t,
      extension,
      fc.property(madeOf(pieces), (text) => refusesInWords(() => parseLabelMap(text, file))),
    )
  }
})

t.test('label maps say the same in every format', async (t) => {
  const name = fc
    .string({ unit: fc.constantFrom(...'abc\u00e4\u20ac" \\,\'#'), minLength: 1, maxLength: 9 })
    .filter((it) => it.trim() === it)
  const labels = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 10_000 }), name), {
    selector: ([id]) => id,
    minLength: 1,
    maxLength: 9,
  })
  const escaped = (it: string) => it.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  const writers = {
    '.json': (all: [number, string][]) => JSON.stringify(Object.fromEntries(all)),
    '.pbtxt': (all: [number, string][]) =>
      all.map(([id, it]) => `item { id: ${id} name: "${escaped(it)}" }`).join('\n'),
    '.csv': (all: [number, string][]) =>
      `id,name\n${all.map(([id, it]) => `${id},"${it.replaceAll('"', '""')}"`).join('\n')}`,
  }
  for (const [extension, write] of Object.entries(writers)) {
    await fuzz(
      t,
      extension,
      fc.property(labels, (all) => {
        const read = parseLabelMap(write(all), `labels${extension}`)
        const sorted = (map: Iterable<[number, string]>) =>
          JSON.stringify([...map].sort(([a], [b]) => a - b))
        if (sorted(read) !== sorted(all)) throw new Error(sorted(read))
      }),
    )
  }
})

t.test('cards and models.config of any content are read or refused by name', async (t) => {
  const value = fc.jsonValue({ maxDepth: 3 })
  const part = fc.record(
    { size: value, fit: value, max_side: value, mean: value, scale: value, kernel: value },
    { requiredKeys: [] },
  )
  const card = fc.record(
    {
      card_version: fc.oneof(fc.constant(1), value),
      task: fc.oneof(fc.constant('object-detection'), value),
      labels: fc.oneof(fc.dictionary(fc.string(), value), value, fc.constant('labels.txt')),
      defaults: fc.oneof(fc.record({ min_score: value, max_detections: value }), value),
      input: fc.oneof(part, value),
      inputs: value,
      outputs: value,
      signature: value,
    },
    { requiredKeys: [] },
  )
  await fuzz(
    t,
    'cards',
    fc.property(card, (it) =>
      refusesInWords(() => parseModelCard(JSON.stringify(it), 'model.json')),
    ),
  )
  await fuzz(
    t,
    'text of cards',
    fc.property(madeOf(['{', '}', '"input"', ':', '[', '1', ']', ',', '"labels"', '\n']), (text) =>
      refusesInWords(() => parseModelCard(text, 'model.json')),
    ),
  )
  const pieces = [
    'model_config_list',
    'config',
    ' {',
    '}',
    ':',
    'name',
    '"a"',
    'base_path',
    '1',
    '\n',
    'model_version_policy',
    'specific',
    'versions',
    '[',
    ']',
    ',',
  ]
  await fuzz(
    t,
    'models.config',
    fc.property(madeOf(pieces), (text) =>
      refusesInWords(() => parseModelsConfig(text, 'models.config')),
    ),
  )
})

import t from 'tap'
import { parseJsonText } from '../../../src/repository/json-text.js'

t.test('parseJsonText() reads what JSON.parse reads', async (t) => {
  const texts = [
    'null',
    ' true ',
    '-0.5e+3',
    '"\\u00e9\\n\\"\\\\"',
    '[]',
    '{}',
    '[1, [2, {"a": false}], ""]',
    '\r\n{ "a" : { "b" : [ ] } , "c" : "}" }\n',
    '{"": 1, "a b": 2}',
    '"\u007f\u2028"',
  ]
  for (const [at, text] of texts.entries()) {
    t.strictSame(parseJsonText(text), JSON.parse(text), `text ${at}`)
  }
  const odd = parseJsonText('{"__proto__": 1}')
  t.ok(typeof odd === 'object' && odd !== null && Object.hasOwn(odd, '__proto__'))
})

t.test('parseJsonText() says where the text is wrong', async (t) => {
  const cases = [
    { name: 'nothing', text: '', line: 1, column: 1, reason: 'the text ends, expected a value' },
    {
      name: 'an open object',
      text: '{"a": 1',
      line: 1,
      column: 8,
      reason: 'the text ends, expected "," or "}"',
    },
    {
      name: 'an open array',
      text: '[1,\n',
      line: 2,
      column: 1,
      reason: 'the text ends, expected a value',
    },
    {
      name: 'a comma at the end',
      text: '{\n  "a": 1,\n}',
      line: 3,
      column: 1,
      reason: 'expected a key in double quotes',
    },
    { name: 'a comma too many', text: '[1,,2]', line: 1, column: 4, reason: 'expected a value' },
    { name: 'a missing comma', text: '[1\n2]', line: 2, column: 1, reason: 'expected "," or "]"' },
    {
      name: 'a missing colon',
      text: '{"a" 1}',
      line: 1,
      column: 6,
      reason: 'expected ":" after the key',
    },
    {
      name: 'single quotes',
      text: "{'a': 1}",
      line: 1,
      column: 2,
      reason: 'expected a key or "}"',
    },
    { name: 'a comment', text: '// x\n1', line: 1, column: 1, reason: 'expected a value' },
    {
      name: 'text behind',
      text: '{} x',
      line: 1,
      column: 4,
      reason: 'expected the end of the text',
    },
    { name: 'an unknown escape', text: '["\\q"]', line: 1, column: 2, reason: /unknown escape/ },
    {
      name: 'a line break in a string',
      text: '["a\nb"]',
      line: 1,
      column: 2,
      reason: /control character/,
    },
    {
      name: 'an open string',
      text: '[\n"a',
      line: 2,
      column: 1,
      reason: 'the string is not closed',
    },
    { name: 'a leading zero', text: '[01]', line: 1, column: 3, reason: 'expected "," or "]"' },
    { name: 'a key twice', text: '{"a": 1, "\\u0061": 2}', line: 1, column: 10, reason: /twice/ },
    {
      name: 'nesting too deep',
      text: '['.repeat(100_000),
      line: 1,
      column: 66,
      reason: 'nested deeper than 64',
    },
  ]
  for (const { name, text, ...place } of cases) {
    t.throws(() => parseJsonText(text), { name: 'TextSyntaxError', ...place }, name)
  }
})

t.test('a string of megabytes does not exhaust the stack', async (t) => {
  t.equal(parseJsonText(`"${'\\n'.repeat(2_000_000)}"`), '\n'.repeat(2_000_000))
})

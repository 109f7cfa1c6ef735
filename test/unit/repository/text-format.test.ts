import t from 'tap'
import {
  fieldsNamed,
  onlyField,
  toInteger,
  toMessage,
  toText,
} from '../../../src/repository/text-fields.js'
import {
  parseTextFormat,
  type TextField,
  type TextMessage,
  type TextValue,
} from '../../../src/repository/text-format.js'

/** Writes a tree as plain nested arrays, which tables can hold. */
function plain(message: TextMessage): unknown[] {
  return message.fields.map(({ name, value }) => [name, plainValue(value)])
}

function plainValue(value: TextValue): unknown {
  return value.kind === 'message' ? plain(value) : value.value
}

function field(text: string): TextField {
  const [first] = parseTextFormat(text).fields
  if (first === undefined) throw new Error('no field')
  return first
}

t.test('parseTextFormat()', async (t) => {
  const cases: { name: string; text: string; tree: unknown[] }[] = [
    { name: 'no text', text: '', tree: [] },
    { name: 'a comment only', text: ' # nothing', tree: [] },
    { name: 'a message without a colon', text: 'a { b: 1 }', tree: [['a', [['b', 1]]]] },
    { name: 'a message with a colon', text: 'a: { b: 1 }', tree: [['a', [['b', 1]]]] },
    { name: 'angle brackets', text: 'a < b: 1 >', tree: [['a', [['b', 1]]]] },
    {
      name: 'no space at all',
      text: 'a{b:"1"c{d:"x"}}',
      tree: [
        [
          'a',
          [
            ['b', '1'],
            ['c', [['d', 'x']]],
          ],
        ],
      ],
    },
    {
      name: 'separators',
      text: 'a: 1, b: 2; c { d: 3, };',
      tree: [
        ['a', 1],
        ['b', 2],
        ['c', [['d', 3]]],
      ],
    },
    {
      name: 'a list of numbers',
      text: 'a: [1, -2, 3.5]',
      tree: [
        ['a', 1],
        ['a', -2],
        ['a', 3.5],
      ],
    },
    { name: 'an empty list', text: 'a: [] b: 1', tree: [['b', 1]] },
    {
      name: 'a list of messages',
      text: 'a [{ b: 1 }, < b: 2 >]',
      tree: [
        ['a', [['b', 1]]],
        ['a', [['b', 2]]],
      ],
    },
    { name: 'a list of messages with a colon', text: 'a: [{ }]', tree: [['a', []]] },
    {
      name: 'enums and booleans',
      text: 'a: TENSORFLOW b: true',
      tree: [
        ['a', 'TENSORFLOW'],
        ['b', 'true'],
      ],
    },
    { name: 'an extension', text: '[a.b.c]: 1', tree: [['[a.b.c]', 1]] },
    {
      name: 'an expanded Any',
      text: 'x { [type.googleapis.com/a.B] { c: 1 } }',
      tree: [['x', [['[type.googleapis.com/a.B]', [['c', 1]]]]]],
    },
    { name: 'spaces in a bracketed name', text: '[ a . b-c / d ] { }', tree: [['[a.b-c/d]', []]] },
    { name: 'adjacent strings', text: 'a: "b" \'c\' # and\n "d"', tree: [['a', 'bcd']] },
    {
      name: 'both quotes',
      text: `a: "it's" b: 'say "x"'`,
      tree: [
        ['a', "it's"],
        ['b', 'say "x"'],
      ],
    },
    {
      name: 'escapes',
      text: String.raw`a: "\a\b\f\n\r\t\v\?\\\'\""`,
      tree: [['a', '\x07\b\f\n\r\t\v?\\\'"']],
    },
    {
      name: 'numeric escapes',
      text: String.raw`a: "\101\x42\7\u00e9\U0001f600\ud83d\ude00"`,
      tree: [['a', 'AB\x07é😀😀']],
    },
    {
      name: 'bytes that make a character',
      text: String.raw`a: "\303\251\xc3\xa9"`,
      tree: [['a', 'éé']],
    },
    { name: 'a hash in a string', text: 'a: "x # y"', tree: [['a', 'x # y']] },
    {
      name: 'hexadecimal and octal',
      text: 'a: 0x1F b: -0x10 c: 017 d: 0',
      tree: [
        ['a', 31],
        ['b', -16],
        ['c', 15],
        ['d', 0],
      ],
    },
    {
      name: 'floats',
      text: 'a: 1.5 b: .5 c: 5. d: 4e-05 e: 1.5e+3f f: 10F',
      tree: [
        ['a', 1.5],
        ['b', 0.5],
        ['c', 5],
        ['d', 4e-5],
        ['e', 1500],
        ['f', 10],
      ],
    },
    {
      name: 'negative specials',
      text: 'a: -inf b: - Infinity',
      tree: [
        ['a', -Infinity],
        ['b', -Infinity],
      ],
    },
    { name: 'a minus on its own', text: 'a: - # minus\n 3', tree: [['a', -3]] },
    {
      name: 'CRLF and a byte order mark',
      text: '\uFEFFa {\r\n  b: 1\r\n}\r\n',
      tree: [['a', [['b', 1]]]],
    },
  ]
  for (const { name, text, tree } of cases) {
    t.strictSame(plain(parseTextFormat(text)), tree, name)
  }
})

t.test('parseTextFormat() keeps lines, columns, bytes and exact integers', async (t) => {
  const { fields } = parseTextFormat('a: 1\n\n  b: "\\377" # c\nd: -9223372036854775808 e: 1.0')
  t.strictSame(
    fields.map(({ name, line, column }) => [name, line, column]),
    [
      ['a', 1, 1],
      ['b', 3, 3],
      ['d', 4, 1],
      ['e', 4, 25],
    ],
  )
  t.match(fields[1]?.value, { bytes: [0xff] })
  t.match(fields[2]?.value, { integer: -9223372036854775808n })
  t.match(fields[3]?.value, { integer: null })
})

t.test('parseTextFormat() says where the text is wrong', async (t) => {
  const cases = [
    { name: 'an open message', text: 'a {\n b: 1', line: 2, reason: /"}" for line 1/ },
    { name: 'the wrong bracket', text: 'a { >', line: 1, reason: /a field name, found >/ },
    { name: 'a bracket too many', text: 'a: 1\n}', line: 2, reason: /a field name, found }/ },
    { name: 'a scalar without a colon', text: 'a 1', line: 1, reason: /":" or "{" after a/ },
    {
      name: 'a scalar list without a colon',
      text: 'a [1]',
      line: 1,
      reason: /":" before the list/,
    },
    { name: 'a missing value', text: 'a:\n}', line: 2, reason: /a value, found }/ },
    { name: 'an open list', text: 'a: [1', line: 1, reason: /"," or "]", found the end/ },
    { name: 'a list in a list', text: 'a: [[1]]', line: 1, reason: /a value, found \[/ },
    { name: 'an open string', text: 'a: 1\nb: "x\n"', line: 2, reason: /the string is not closed/ },
    { name: 'an unknown escape', text: 'a: "\\q"', line: 1, reason: /unknown escape/ },
    { name: 'an octal escape too large', text: 'a: "\\777"', line: 1, reason: /above/ },
    { name: 'a character too large', text: 'a: "\\U00110000"', line: 1, reason: /beyond/ },
    { name: 'half a surrogate pair', text: 'a: "\\ud83d"', line: 1, reason: /half/ },
    { name: 'the other half', text: 'a: "\\ude00"', line: 1, reason: /half/ },
    { name: 'a number with letters', text: 'a: 10px', line: 1, reason: /"10p" is not a number/ },
    { name: 'a bad octal number', text: 'a: 089', line: 1, reason: /an octal number/ },
    { name: 'a minus before a word', text: 'a: -b', line: 1, reason: /a number, found b/ },
    { name: 'a strange character', text: 'a: 1\n\n%', line: 3, reason: /unexpected "%"/ },
    { name: 'an empty extension', text: '[]: 1', line: 1, reason: /an extension or type name/ },
    { name: 'a bad extension', text: '[a "b"]: 1', line: 1, reason: /an extension or type name/ },
    { name: 'messages too deep', text: 'a{'.repeat(200), line: 1, reason: /deeper than 100/ },
    { name: 'lists too deep', text: 'a:[{'.repeat(200), line: 1, reason: /deeper than 100/ },
  ]
  for (const { name, text, line, reason } of cases) {
    t.throws(() => parseTextFormat(text), { name: 'TextSyntaxError', line, reason }, name)
  }
})

t.test('a string of megabytes does not exhaust the stack', async (t) => {
  const { fields } = parseTextFormat(`${'#\n'.repeat(100_000)}a: "${'\\n'.repeat(200_000)}"`)
  t.equal(fields[0]?.line, 100_001)
})

t.test('fields are narrowed with the place of what is wrong', async (t) => {
  const message = parseTextFormat('a: 1 b: "x"\na: 2 c { }')
  t.strictSame(fieldsNamed(message, 'a').map(toInteger), [1n, 2n])
  t.equal(onlyField(message, 'z'), undefined)
  t.throws(() => onlyField(message, 'a'), {
    name: 'TextSyntaxError',
    line: 2,
    reason: 'a is given twice',
  })
  t.equal(toText(field('b: "x"')), 'x')
  t.strictSame(toMessage(field('c { }')).fields, [])
  t.throws(() => toText(field('a: 1')), {
    name: 'TextSyntaxError',
    reason: 'a must be a quoted string',
  })
  t.throws(() => toInteger(field('a: 1.5')), {
    name: 'TextSyntaxError',
    reason: 'a must be a whole number',
  })
  t.throws(() => toInteger(field('a: "1"')), {
    name: 'TextSyntaxError',
    reason: 'a must be a whole number',
  })
  t.throws(() => toMessage(field('a: 1')), {
    name: 'TextSyntaxError',
    reason: 'a must be a message in braces',
  })
})

import t from 'tap'
import { refuseCostlyJson } from '../../../../src/routes/body/json-shape.js'

const check = (text: string) => () => refuseCostlyJson(Buffer.from(text))

t.test('refuseCostlyJson()', async (t) => {
  t.test('takes what requests hold, and text that only looks deep', async (t) => {
    const regions = Array.from({ length: 64 }, (_, id) => ({ id: `${id}`, x_min: 0, y_min: 0 }))
    const image = { b64: 'A'.repeat(100_000) }
    t.doesNotThrow(check(JSON.stringify({ image, regions, thresholds: { dog: 0.4 } })))
    t.doesNotThrow(check(JSON.stringify({ text: '['.repeat(1000) })))
    t.doesNotThrow(check(JSON.stringify({ text: '",'.repeat(20_000) })))
    t.doesNotThrow(check(JSON.stringify({ text: `${'\\'.repeat(999)}"${'['.repeat(99)}` })))
    t.doesNotThrow(check('{"unfinished'), 'the parser says what is wrong')
    t.doesNotThrow(check(''))
  })

  const cases = [
    { name: 'brackets', text: '['.repeat(100_000), message: /nested deeper than 16/ },
    { name: 'braces', text: '{"a":'.repeat(100_000), message: /nested deeper than 16/ },
    { name: 'after a string', text: `["\\\\",${'['.repeat(99)}`, message: /nested deeper/ },
    { name: 'many numbers', text: `[${'0,'.repeat(10_001)}0]`, message: /more than 10000 values/ },
    { name: 'many arrays', text: `[${'[],'.repeat(9_000)}0]`, message: /more than 10000 values/ },
    { name: 'many keys', text: `{${'"a":"",'.repeat(10_001)}}`, message: /more than 10000 values/ },
  ]
  for (const { name, text, message } of cases) {
    t.throws(check(text), { code: 'malformed_request', message }, name)
  }
})

import fc from 'fast-check'
import t from 'tap'
import { buildEcho } from '../../integration/plugins/echo-app.js'
import { fuzz } from './fuzz.js'

const PIECES = [
  '--x',
  '--x--',
  '\r\n',
  '\r\n\r\n',
  '\n',
  'content-disposition: form-data; name="image"; filename="a"',
  'content-disposition: form-data; name="min_score"',
  'content-disposition: form-data; name="__proto__"',
  'content-disposition: form-data; name="',
  'content-disposition: form-data; name="labels"; filename*=utf-8\'\'%',
  'content-type: application/json',
  'content-type: image/jpeg',
  'content-transfer-encoding: base64',
  '0.5',
  '{"a":',
  '\u0000\u00ff',
  '-',
]

/** A form that is right, and what is done to it. */
const RIGHT = [
  '--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\nABC\r\n',
  '--x\r\ncontent-disposition: form-data; name="min_score"\r\n\r\n0.5\r\n--x--\r\n',
].join('')

const madeUp = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((all) => all.join(''))
const damaged = fc
  .array(fc.tuple(fc.nat(RIGHT.length), fc.nat(9), fc.constantFrom('', ...PIECES)), {
    minLength: 1,
    maxLength: 4,
  })
  .map((changes) =>
    changes.reduce(
      (form, [at, length, piece]) => form.slice(0, at) + piece + form.slice(at + length),
      RIGHT,
    ),
  )

t.test('a form of any bytes is read or refused in words', async (t) => {
  const app = await buildEcho(t, { limits: { bodyTimeoutMs: 2000 } })
  const types = ['multipart/form-data; boundary=x', 'multipart/form-data; boundary="x"']
  const property = fc.asyncProperty(
    fc.oneof(madeUp, damaged),
    fc.constantFrom(...types),
    fc.constantFrom('/v1/detect', '/v1/detect/batch'),
    async (form, type, url) => {
      const payload = Buffer.from(form, 'latin1')
      const headers = { 'content-type': type }
      const answer = await app.inject({ method: 'POST', url, headers, payload })
      if (![200, 400, 413].includes(answer.statusCode)) {
        throw new Error(`${answer.statusCode} ${answer.body}`)
      }
    },
  )
  await fuzz(t, 'forms', property)
})

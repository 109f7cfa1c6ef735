import t from 'tap'
import { decodeBase64 } from '../../../../src/routes/body/base64.js'

t.test('decodeBase64()', async (t) => {
  const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x3e, 0x00])
  const valid = [
    { name: 'the standard alphabet', text: '+//+PgA=' },
    { name: 'the URL-safe alphabet', text: '-__-PgA=' },
    { name: 'no padding', text: '+//+PgA' },
    { name: 'wrapped lines', text: '+//+\r\nPg A=\n' },
    { name: 'a data: URI', text: 'data:image/png;base64,+//+PgA=' },
    { name: 'a data: URI with a name', text: 'data:image/png;name=a.png;base64,+//+PgA=' },
  ]
  for (const { name, text } of valid) t.same(decodeBase64(text, 'image.b64'), bytes, name)
  t.equal(decodeBase64('', 'image.b64').length, 0, 'nothing')

  const invalid = [
    { name: 'another alphabet', text: 'ab$d' },
    { name: 'padding in the middle', text: 'ab=d' },
    { name: 'too much padding', text: 'abcd=' },
    { name: 'three paddings', text: 'a===' },
    { name: 'a digit left over', text: 'abcde' },
    { name: 'a data: URI without base64', text: 'data:image/png,abcd' },
    { name: 'a URL', text: 'https://example.com/a.jpg' },
  ]
  for (const { name, text } of invalid) {
    t.throws(
      () => decodeBase64(text, 'image.b64'),
      { code: 'invalid_base64', fields: [{ field: 'image.b64' }] },
      name,
    )
  }
})

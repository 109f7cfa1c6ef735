import t from 'tap'
import { bufferSource } from '../../../src/export/byte-source.js'
import { ExportError } from '../../../src/export/export-error.js'
import { assertDelimited, readText, scanFields } from '../../../src/export/wire-scanner.js'
import { fieldHead, stringField, varint, varintField } from '../../../src/export/wire-writer.js'

function scan(bytes: Uint8Array) {
  return [...scanFields(bufferSource('x.pb', bytes), { start: 0, end: bytes.length })]
}

t.test('fields of every wire type are found', async (t) => {
  const bytes = Buffer.concat([
    varintField(1, 300),
    stringField(2, 'abc'),
    Buffer.of((3 << 3) | 5, 1, 2, 3, 4),
    Buffer.of((4 << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8),
    varintField(500, 2 ** 52),
  ])
  const found = scan(bytes).map(({ number, wireType, start, end, value }) => [
    number,
    wireType,
    end - start,
    value,
  ])
  t.strictSame(found, [
    [1, 0, 2, 300],
    [2, 2, 3, 0],
    [3, 5, 4, 0],
    [4, 1, 8, 0],
    [500, 0, 8, 2 ** 52],
  ])
})

t.test('bytes that are no message are refused with the offset', async (t) => {
  const rows: readonly [string, Uint8Array, RegExp][] = [
    ['a cut number', Buffer.of(0x80), /x\.pb: truncated.*byte 1/],
    ['a number without end', Buffer.alloc(11, 0xff), /byte 0: a number is longer/],
    ['a field that reaches beyond the end', fieldHead(1, 5), /field 1 at byte 0 reaches to byte 7/],
    ['a cut fixed field', Buffer.of((1 << 3) | 1, 1), /truncated/],
    ['the number 0', Buffer.of(2, 0), /impossible number/],
    ['a number over 32 bits', Buffer.concat([varint(2 ** 33), varint(1)]), /impossible number/],
    ['the start of a group', Buffer.of((1 << 3) | 3), /wire type 3/],
    ['the wire type 7', Buffer.of((1 << 3) | 7), /wire type 7/],
  ]
  for (const [name, bytes, message] of rows) {
    t.throws(() => scan(bytes), message, name)
    t.throws(() => scan(bytes), ExportError, name)
  }
})

t.test('what has to be text or a message is checked', async (t) => {
  const bytes = Buffer.concat([varintField(1, 1), stringField(2, 'ä')])
  const source = bufferSource('x.pb', bytes)
  const [number, text] = scan(bytes)
  t.equal(readText(source, text!), 'ä')
  t.throws(() => assertDelimited(source, number!, 'a node'), /field 1 at byte 0 is not a node/)
  t.throws(() => readText(source, number!), /is not text/)
})

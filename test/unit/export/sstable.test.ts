import t from 'tap'
import { maskedCrc32c } from '../../../src/export/crc32c.js'
import { ExportError } from '../../../src/export/export-error.js'
import { decodeTable } from '../../../src/export/sstable-reader.js'
import { encodeTable, TABLE_MAGIC } from '../../../src/export/sstable-writer.js'

const row = (key: string, value: string) => ({ key: Buffer.from(key), value: Buffer.from(value) })
const texts = (entries: readonly { key: Uint8Array; value: Uint8Array }[]) =>
  entries.map(({ key, value }) => [Buffer.from(key).toString(), Buffer.from(value).toString()])

const ROWS = [row('', 'header'), row('a/b', 'one'), row('a/bc', 'two'), row('b', '')]

t.test('rows come back as they were written', async (t) => {
  t.strictSame(texts(decodeTable('x', encodeTable(ROWS))), texts(ROWS))
  t.strictSame(decodeTable('x', encodeTable([])), [])
})

t.test('many rows fill several blocks', async (t) => {
  const rows = Array.from({ length: 5000 }, (_, i) =>
    row(`layer_${String(i).padStart(6, '0')}/weights`, 'v'.repeat(100)),
  )
  t.strictSame(texts(decodeTable('x', encodeTable(rows))), texts(rows))
})

t.test('keys in disorder are refused', async (t) => {
  t.throws(() => encodeTable([row('b', ''), row('a', '')]), ExportError)
  t.throws(() => encodeTable([row('a', ''), row('a', '')]), /there twice/)
})

t.test('every cut and every flipped byte of a block is noticed', async (t) => {
  const table = encodeTable(ROWS)
  for (let length = 0; length < table.length; length++) {
    t.throws(
      () => decodeTable('x.index', table.subarray(0, length)),
      ExportError,
      `cut at ${length}`,
    )
  }
  const blocks = table.length - 48
  for (let at = 0; at < blocks; at++) {
    const damaged = Uint8Array.from(table)
    damaged[at]! ^= 4
    const read = () => texts(decodeTable('x.index', damaged))
    // The meta index block is empty and is never read.
    if (isUnread(read)) continue
    t.throws(read, /x\.index: .*checksum/, `flipped at ${at}`)
  }
})

function isUnread(read: () => unknown): boolean {
  try {
    return JSON.stringify(read()) === JSON.stringify(texts(ROWS))
  } catch {
    return false
  }
}

/** A table of one data block, compressed in the way of `type`. */
function tableOf(type: number, data: readonly number[]): Uint8Array {
  const trailed = (block: Uint8Array, kind: number) => {
    const typed = Buffer.concat([block, Buffer.of(kind)])
    const crc = Buffer.alloc(4)
    crc.writeUInt32LE(maskedCrc32c(typed))
    return Buffer.concat([typed, crc])
  }
  const block = Uint8Array.from(data)
  const index = Buffer.from([0, 1, 2, 0x7a, 0, block.length, 0, 0, 0, 0, 1, 0, 0, 0])
  const footer = Buffer.alloc(48)
  footer.set([0, 0, block.length + 5, index.length])
  footer.set(TABLE_MAGIC, 40)
  return Buffer.concat([trailed(block, type), trailed(index, 0), footer])
}

t.test('blocks compressed with snappy are read', async (t) => {
  // One row, "k" -> "vvvv", and the list of restarts.
  const rows = [0, 1, 4, 0x6b, 0x76, 0x76, 0x76, 0x76, 0, 0, 0, 0, 1, 0, 0, 0]
  t.strictSame(texts(decodeTable('x', tableOf(0, rows))), [['k', 'vvvv']])
  const literal = [rows.length, (rows.length - 1) << 2, ...rows]
  t.strictSame(texts(decodeTable('x', tableOf(1, literal))), [['k', 'vvvv']])
  t.throws(() => decodeTable('x', tableOf(1, [200])), /x: is damaged/)
  t.throws(() => decodeTable('x', tableOf(7, rows)), /unknown way 7/)
})

t.test('blocks whose rows do not fit are refused', async (t) => {
  const end = [0, 0, 0, 0, 1, 0, 0, 0]
  const cases: Readonly<Record<string, readonly number[]>> = {
    'no restarts': [1, 2],
    'more restarts than bytes': [0, 0, 0, 9],
    'a value beyond the end': [0, 1, 9, 0x6b, ...end],
    'a key that continues nothing': [3, 1, 0, 0x6b, ...end],
    'a number that is cut off': [0x80, ...end],
  }
  for (const [name, data] of Object.entries(cases)) {
    t.throws(() => decodeTable('x', tableOf(0, data)), /x: is damaged/, name)
  }
})

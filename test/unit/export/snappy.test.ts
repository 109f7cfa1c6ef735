import t from 'tap'
import { decompressSnappy } from '../../../src/export/snappy.js'

const LIMIT = 1000
const text = (value: string) => [...Buffer.from(value)]

t.test('blocks of every kind of part are decompressed', async (t) => {
  const long = 'x'.repeat(70)
  const rows: readonly [string, readonly number[], string][] = [
    ['empty', [0], ''],
    ['a literal', [3, 2 << 2, ...text('abc')], 'abc'],
    ['a literal with a length of its own', [70, 60 << 2, 69, ...text(long)], long],
    ['a copy with one byte of distance', [8, 3 << 2, ...text('abcd'), 1, 4], 'abcdabcd'],
    ['a copy with two', [7, 3 << 2, ...text('abcd'), (2 << 2) | 2, 4, 0], 'abcdabc'],
    ['a copy with four', [7, 3 << 2, ...text('abcd'), (2 << 2) | 3, 3, 0, 0, 0], 'abcdbcd'],
    ['a copy of what it makes', [6, 0, ...text('a'), (4 << 2) | 2, 1, 0], 'aaaaaa'],
  ]
  for (const [name, block, expected] of rows) {
    t.equal(Buffer.from(decompressSnappy(Uint8Array.from(block), LIMIT)).toString(), expected, name)
  }
})

t.test('damaged blocks are refused', async (t) => {
  const rows: readonly [string, readonly number[]][] = [
    ['nothing', []],
    ['a length without end', [255, 255, 255, 255, 255]],
    ['more than the limit', [233, 7]],
    ['a literal that is cut off', [3, 2 << 2, 97]],
    ['a literal beyond the end', [1, 2 << 2, ...text('abc')]],
    ['a copy before the start', [8, 3 << 2, ...text('abcd'), (3 << 2) | 2, 5, 0]],
    ['a copy from nowhere', [8, 3 << 2, ...text('abcd'), (3 << 2) | 2, 0, 0]],
    ['a copy that is cut off', [8, 3 << 2, ...text('abcd'), (3 << 2) | 2, 1]],
    ['less than it says', [4, 2 << 2, ...text('abc')]],
  ]
  for (const [name, block] of rows) {
    t.throws(() => decompressSnappy(Uint8Array.from(block), LIMIT), RangeError, name)
  }
})

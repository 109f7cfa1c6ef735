import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSource } from '../../../src/export/byte-source.js'
import { put } from './fixtures.js'

const content = Buffer.from(
  Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7 + (i >> 8)) & 255),
)

t.test('any range of a file is read', async (t) => {
  const source = openSource(put(t.testdir(), 'file', content))
  t.teardown(() => source.close())
  const ranges = [
    [0, 10],
    [5, 5],
    [262_140, 262_150],
    [100, 600_000],
    [699_999, 700_000],
    [3, 9],
  ] as const
  for (const [start, end] of ranges) {
    t.ok(content.subarray(start, end).equals(source.read(start, end)), `${start} to ${end}`)
  }
})

t.test('a view stays valid when the window moves on', async (t) => {
  const source = openSource(put(t.testdir(), 'file', content))
  t.teardown(() => source.close())
  const first = source.read(0, 100)
  source.read(500_000, 500_100)
  t.ok(content.subarray(0, 100).equals(first))
})

t.test('a range is read in pieces', async (t) => {
  const source = openSource(put(t.testdir(), 'file', Buffer.alloc(2_500_000, content)))
  t.teardown(() => source.close())
  const lengths: number[] = []
  for await (const chunk of source.chunks(1, 2_400_001)) lengths.push(chunk.length)
  t.strictSame(lengths, [1_048_576, 1_048_576, 302_848])
  for await (const chunk of source.chunks(7, 7)) t.fail(`read ${chunk.length} bytes of nothing`)
})

t.test('what cannot be read is said with its name', async (t) => {
  const directory = t.testdir()
  t.throws(() => openSource(join(directory, 'none')), /none: cannot open it: there is no such file/)
  t.throws(() => openSource(directory), /is not a regular file/)
  const source = openSource(put(directory, 'file', content))
  t.teardown(() => source.close())
  t.throws(() => source.read(0, 700_001), /file: truncated/)
  truncateSync(join(directory, 'file'), 1000)
  t.throws(() => source.read(2000, 2010), /became shorter/)
  await t.rejects(async () => {
    for await (const chunk of source.chunks(0, 2000)) t.ok(chunk.length <= 1000)
  }, /became shorter/)
})

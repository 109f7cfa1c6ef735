import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSource } from '../../../src/export/byte-source.js'
import { crc32c, maskCrc } from '../../../src/export/crc32c.js'
import { ExportError } from '../../../src/export/export-error.js'
import { toShape } from '../../../src/export/node-builder.js'
import { encodeTable } from '../../../src/export/sstable-writer.js'
import {
  BundleEntryProto,
  BundleHeaderProto,
  type DataTypeCode,
  DataTypeEnum,
} from '../../../src/export/stubs.js'
import { verifyBundle } from '../../../src/export/tensor-bundle-check.js'
import { readBundleIndex } from '../../../src/export/tensor-bundle-reader.js'
import { shardPath, writeTensorBundle } from '../../../src/export/tensor-bundle-writer.js'
import { put } from './fixtures.js'

const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)
const FLOAT = DataTypeEnum.DT_FLOAT

async function putBundle(directory: string): Promise<string> {
  const prefix = join(directory, 'variables', 'variables')
  const file = put(directory, 'weights', Buffer.concat([Buffer.alloc(3), floats]))
  const source = openSource(file)
  await writeTensorBundle(prefix, [
    {
      name: 'b',
      dtype: FLOAT,
      shape: [2, 2],
      size: 16,
      data: () => ({ source, start: 3, end: 19 }),
    },
    { name: 'a', dtype: DataTypeEnum.DT_UINT8, shape: [16], size: 16, data: floats },
    { name: 'none', dtype: FLOAT, shape: [0], size: 0, data: new Uint8Array() },
  ])
  source.close()
  return prefix
}

t.test('variables come back as they were written', async (t) => {
  const prefix = await putBundle(t.testdir())
  const index = readBundleIndex(prefix)
  const rows = [...index.entries.values()].map(({ name, dtype, shape, offset, size }) => [
    name,
    dtype,
    shape,
    offset,
    size,
  ])
  t.strictSame(rows, [
    ['a', 4, [16], 0, 16],
    ['b', 1, [2, 2], 16, 16],
    ['none', 1, [0], 32, 0],
  ])
  t.strictSame(index.shards, [`${prefix}.data-00000-of-00001`])
  let read = 0
  await verifyBundle(index, (count) => {
    read += count
  })
  t.equal(read, 32)
})

t.test('a variable is not written with another length than its shape has', async (t) => {
  const prefix = join(t.testdir(), 'v')
  const tensor = { name: 'a', dtype: FLOAT, shape: [5], size: 20, data: floats }
  await t.rejects(writeTensorBundle(prefix, [tensor]), /variable a has 16 bytes.*\[5\] needs 20/)
  await t.rejects(
    writeTensorBundle(prefix, [
      { ...tensor, size: 16 },
      { ...tensor, size: 16 },
    ]),
    /twice/,
  )
})

t.test('damage of the data is noticed and named', async (t) => {
  const prefix = await putBundle(t.testdir())
  const data = shardPath(prefix, 0, 1)
  const content = readFileSync(data)
  const index = readBundleIndex(prefix)
  const flipped = Buffer.from(content)
  flipped[20]! ^= 1
  writeFileSync(data, flipped)
  await t.rejects(verifyBundle(index), /data-00000-of-00001: .*variable b \(bytes 16 to 32\)/)
  writeFileSync(data, content.subarray(0, 31))
  await t.rejects(verifyBundle(index), /is truncated: it has 31 bytes, .*needs 32/)
  unlinkSync(data)
  await t.rejects(verifyBundle(index), /data-00000-of-00001: is missing/)
  await t.rejects(verifyBundle(index), ExportError)
})

interface Entry {
  readonly name?: string
  readonly dtype?: DataTypeCode
  readonly shape?: readonly number[]
  readonly shard?: number
  readonly size?: number
  readonly crc?: number
}

function putIndex(
  directory: string,
  { name = 'w', dtype = FLOAT, shape = [1], shard = 0, size = 4, crc = 0 }: Entry,
  header: Uint8Array = headerOf(1),
): string {
  const entry = new BundleEntryProto()
  entry.setDtype(dtype)
  entry.setShape(toShape(shape))
  entry.setShardId(shard)
  entry.setSize(size)
  entry.setCrc32c(crc)
  const rows = [
    { key: new Uint8Array(), value: header },
    { key: Buffer.from(name), value: entry.serializeBinary() },
  ]
  put(directory, 'v.index', encodeTable(rows))
  return join(directory, 'v')
}

function headerOf(shards: number, endianness: 0 | 1 = 0): Uint8Array {
  const header = new BundleHeaderProto()
  header.setNumShards(shards)
  header.setEndianness(endianness)
  return header.serializeBinary()
}

t.test('an index that cannot be right is refused', async (t) => {
  const directory = t.testdir({ 't.index': 'text' })
  put(directory, 'h.index', encodeTable([]))
  const rows: readonly [string, () => string, RegExp][] = [
    ['a wrong size', () => putIndex(directory, { size: 5 }), /w has 5 bytes where DT_FLOAT \[1\]/],
    ['a data file too many', () => putIndex(directory, { shard: 1 }), /w lies in data file 1 of 1/],
    ['big-endian', () => putIndex(directory, {}, headerOf(1, 1)), /big-endian/],
    ['a damaged header', () => putIndex(directory, {}, Buffer.of(0xff)), /header is damaged/],
    ['none', () => join(directory, 'none'), /none\.index: cannot open it/],
    ['no header', () => join(directory, 'h'), /header is missing/],
    ['no table', () => join(directory, 't'), /t\.index: is truncated or no index/],
  ]
  for (const [name, make, message] of rows) t.throws(() => readBundleIndex(make()), message, name)
})

t.test('data files are counted and numbered', async (t) => {
  const prefix = putIndex(t.testdir(), { shard: 2 }, headerOf(3))
  const names = readBundleIndex(prefix).shards.map((path) => path.slice(prefix.length))
  t.strictSame(names, ['.data-00000-of-00003', '.data-00001-of-00003', '.data-00002-of-00003'])
})

t.test('texts are checked by the lengths and the characters', async (t) => {
  const directory = t.testdir()
  const words = ['', 'ab', 'c'.repeat(200)].map((word) => Buffer.from(word))
  const lengths = Buffer.of(0, 2, 0xc8, 0x01)
  const numbers = Buffer.alloc(12)
  words.forEach((word, i) => {
    numbers.writeUInt32LE(word.length, 4 * i)
  })
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(maskCrc(crc32c(numbers)))
  const content = Buffer.concat([lengths, sum, ...words])
  const crc = maskCrc(crc32c(Buffer.concat([sum, ...words]), crc32c(numbers)))
  const entry = { dtype: DataTypeEnum.DT_STRING, shape: [3], size: content.length, crc }
  const prefix = putIndex(directory, entry)
  const data = shardPath('v', 0, 1)
  put(directory, data, content)
  await verifyBundle(readBundleIndex(prefix))
  put(directory, data, Buffer.concat([content.subarray(0, -1), Buffer.from('x')]))
  await t.rejects(verifyBundle(readBundleIndex(prefix)), /checksum of the variable w/)
  put(directory, data, Buffer.concat([Buffer.of(1), content.subarray(1)]))
  await t.rejects(verifyBundle(readBundleIndex(prefix)), /texts of w have another length/)
  put(directory, data, Buffer.alloc(content.length, 0xff))
  await t.rejects(verifyBundle(readBundleIndex(prefix)), /texts of w are cut off/)
})

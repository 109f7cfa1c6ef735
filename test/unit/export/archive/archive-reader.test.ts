import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { isArchive, readArchive } from '../../../../src/export/archive/archive-reader.js'
import { type MadeEntry, makeTar, makeTarGz } from './make-archive.js'

function write(t: Test, bytes: Uint8Array, name = 'model.tar.gz'): string {
  const path = join(t.testdir(), name)
  writeFileSync(path, bytes)
  return path
}

async function readAll(path: string): Promise<[path: string, content: string][]> {
  const files: [string, string][] = []
  await readArchive(path, async (entry, content) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    files.push([entry.path, Buffer.concat(chunks).toString()])
  })
  return files.sort(([a], [b]) => (a < b ? -1 : 1))
}

t.test('readArchive()', async (t) => {
  const honest: MadeEntry[] = [
    { path: './', type: 'Directory' },
    { path: './zoo/', type: 'Directory' },
    { path: './zoo/a.pb', content: 'graph' },
    { path: 'zoo/empty' },
    { path: 'zoo/link', type: 'SymbolicLink', linkpath: '/etc/passwd' },
    { path: 'zoo/hard', type: 'Link', linkpath: 'zoo/a.pb' },
    { path: 'zoo/device', type: 'CharacterDevice' },
    { path: 'zoo/b.txt', content: 'x'.repeat(2000) },
  ]
  const files = [
    ['zoo/a.pb', 'graph'],
    ['zoo/b.txt', 'x'.repeat(2000)],
    ['zoo/empty', ''],
  ]

  t.test('gives regular files and skips links and devices', async (t) => {
    t.strictSame(await readAll(write(t, makeTarGz(honest))), files)
  })

  t.test('reads an archive that is not packed', async (t) => {
    t.strictSame(await readAll(write(t, makeTar(honest), 'model.tar')), files)
  })

  t.test('goes on where a visitor leaves the content', async (t) => {
    const seen: string[] = []
    await readArchive(write(t, makeTarGz(honest)), async ({ path }) => {
      seen.push(path)
    })
    t.strictSame(seen, ['zoo/a.pb', 'zoo/empty', 'zoo/b.txt'])
  })

  t.test('passes on what a visitor throws', async (t) => {
    const path = write(t, makeTarGz(honest))
    const visit = async () => {
      throw new Error('disk full')
    }
    await t.rejects(readArchive(path, visit), /disk full/)
  })

  const packed = makeTarGz(honest)
  const random = createHash('shake256', { outputLength: 3000 }).update('seed').digest()
  const long = makeTarGz([{ path: 'a.pb', content: random }])
  const flipped = Buffer.from(long)
  flipped[1000]! ^= 0x10
  const refused: { name: string; bytes: Uint8Array; message: RegExp }[] = [
    {
      name: 'an absolute path',
      bytes: makeTarGz([{ path: '/etc/passwd', content: 'x' }]),
      message: /model\.tar\.gz: holds the path "\/etc\/passwd", which leads out of it/,
    },
    {
      name: 'a path that climbs',
      bytes: makeTarGz([{ path: 'zoo/../../x', content: 'x' }]),
      message: /holds the path "zoo\/\.\.\/\.\.\/x"/,
    },
    {
      name: 'a directory that climbs',
      bytes: makeTarGz([{ path: '../x/', type: 'Directory' }]),
      message: /leads out of it/,
    },
    {
      name: 'a path with a backslash',
      bytes: makeTarGz([{ path: '..\\x', content: 'x' }]),
      message: /leads out of it/,
    },
    {
      name: 'the same file twice',
      bytes: makeTarGz([{ path: 'a.pb' }, { path: './a.pb' }]),
      message: /holds a\.pb twice/,
    },
    {
      name: 'more bytes than any model',
      bytes: makeTarGz([{ path: 'a.pb', claims: 40 * 1024 ** 3 }]),
      message: /unpacks to more than 34359738368 bytes/,
    },
    {
      name: 'more files than any model',
      bytes: makeTarGz(Array.from({ length: 10_001 }, (_, i) => ({ path: `f${i}` }))),
      message: /holds more than 10000 files/,
    },
    {
      name: 'a gzip that is cut off',
      bytes: long.subarray(0, 1500),
      message: /is cut off .*Copy or download it again/,
    },
    {
      name: 'a tar that is cut off',
      bytes: makeTar([{ path: 'a.pb', content: 'y'.repeat(5000) }]).subarray(0, 2000),
      message: /is cut off/,
    },
    { name: 'a flipped byte', bytes: flipped, message: /is (damaged|cut off) / },
    {
      name: 'a gzip of something else',
      bytes: gzipSync('no tar at all '.repeat(100)),
      message: /model\.tar\.gz: is damaged/,
    },
    {
      name: 'a web page',
      bytes: Buffer.from('<!DOCTYPE html><html>Not found</html>'),
      message: /is a web page/,
    },
    { name: 'an empty file', bytes: Buffer.alloc(0), message: /is empty/ },
    { name: 'noise', bytes: random, message: /is no tar archive/ },
  ]
  for (const { name, bytes, message } of refused) {
    t.test(`refuses ${name}`, async (t) => {
      await t.rejects(readAll(write(t, bytes)), { name: 'ExportError', message })
    })
  }

  t.test('isArchive() goes by the content', async (t) => {
    t.equal(isArchive(write(t, packed, 'model.bin')), true)
    t.equal(isArchive(write(t, makeTar(honest), 'model')), true)
    t.equal(isArchive(write(t, random, 'noise.tar.gz')), false)
  })
})

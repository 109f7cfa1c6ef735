import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findKnownArchive, verifyArchive } from '../../../../src/export/archive/known-archives.js'

const LIST = new URL('../../../../assets/zoo-checksums.tsv', import.meta.url)

t.test('the list of known archives is whole', async (t) => {
  const [header, ...rows] = readFileSync(LIST, 'utf8').trim().split('\n')
  t.equal(header, 'name\tsize\tsha256')
  for (const row of rows) t.match(row, /^[a-z0-9_]+\.tar\.gz\t\d+\t[0-9a-f]{64}$/, row)
  t.equal(new Set(rows.map((row) => row.split('\t')[0])).size, rows.length, 'no name twice')
})

t.test('findKnownArchive() knows archives by their file name', async (t) => {
  t.match(findKnownArchive('ssd_mobilenet_v1_coco_2018_01_28.tar.gz'), { size: 76541073 })
  t.equal(findKnownArchive('mine.tar.gz'), undefined)
})

t.test('verifyArchive()', async (t) => {
  const path = join(t.testdir(), 'zoo.tar.gz')
  const bytes = Buffer.from('the published archive')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const known = { name: 'zoo.tar.gz', size: bytes.length, sha256 }

  t.test('takes the published file', async (t) => {
    writeFileSync(path, bytes)
    await t.resolves(verifyArchive(path, known))
  })

  t.test('refuses a flipped byte with both checksums', async (t) => {
    writeFileSync(path, bytes.toString().replace('published', 'publishad'))
    await t.rejects(verifyArchive(path, known), {
      name: 'ExportError',
      message: new RegExp(`its SHA-256 is [0-9a-f]{64}, that of the published .* ${sha256}`),
    })
  })

  t.test('refuses another size without reading it', async (t) => {
    writeFileSync(path, bytes.subarray(0, 5))
    await t.rejects(verifyArchive(path, known), /is cut off: it has 5 bytes, .* has 21/)
    writeFileSync(path, Buffer.concat([bytes, bytes]))
    await t.rejects(verifyArchive(path, known), /is another file: it has 42 bytes/)
  })
})

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { publishVersion } from '../../../../src/export/repository/publish.js'
import { listVersions, parseVersion } from '../../../../src/export/repository/versions.js'
import {
  createWorkDirectory,
  removeLeftovers,
} from '../../../../src/export/repository/work-directory.js'

const HOST = hostname().replace(/[^A-Za-z0-9.]/g, '_')
/** Above Linux' highest process number. */
const DEAD = 4_194_305

async function work(modelDirectory: string, content = 'new') {
  const made = await createWorkDirectory(modelDirectory)
  mkdirSync(made.version)
  writeFileSync(join(made.version, 'saved_model.pb'), content)
  return made
}

function content(modelDirectory: string, version: string): string {
  return readFileSync(join(modelDirectory, version, 'saved_model.pb'), 'utf8')
}

function model(t: Test): string {
  return join(t.testdir({ m: { '1': { 'saved_model.pb': 'old' }, '10': {}, '2x': {} } }), 'm')
}

t.test('publishVersion()', async (t) => {
  t.test('gives the next number, counting as numbers count', async (t) => {
    const modelDirectory = model(t)
    const made = await work(modelDirectory)
    const options = { work: made, modelDirectory, version: undefined, force: false }
    t.strictSame(await publishVersion(options), {
      version: '11',
      directory: join(modelDirectory, '11'),
      replaced: false,
    })
    t.equal(content(modelDirectory, '11'), 'new')
    await made.remove()
    t.strictSame(await listVersions(modelDirectory), [1, 10, 11])
  })

  t.test('never overwrites a version', async (t) => {
    const modelDirectory = model(t)
    const made = await work(modelDirectory)
    await t.rejects(publishVersion({ work: made, modelDirectory, version: '1', force: false }), {
      name: 'ExportError',
      message: /m\/1: is there already\. Leave --version out .* --force/,
    })
    t.equal(content(modelDirectory, '1'), 'old')
  })

  t.test('replaces it where it is told to', async (t) => {
    const modelDirectory = model(t)
    const made = await work(modelDirectory)
    const options = { work: made, modelDirectory, version: '1', force: true }
    t.equal((await publishVersion(options)).replaced, true)
    t.equal(content(modelDirectory, '1'), 'new')
    await made.remove()
    t.strictSame(readdirSync(modelDirectory).sort(), ['1', '10', '2x'])
  })

  t.test('puts the old version back when the new one cannot be placed', async (t) => {
    const modelDirectory = model(t)
    const made = await createWorkDirectory(modelDirectory)
    await t.rejects(publishVersion({ work: made, modelDirectory, version: '1', force: true }))
    t.equal(content(modelDirectory, '1'), 'old')
  })
})

t.test('a work directory', async (t) => {
  t.test('goes with the folders that were made for it', async (t) => {
    const root = t.testdir()
    const made = await createWorkDirectory(join(root, 'models/a/b'))
    await made.remove()
    t.strictSame(readdirSync(root), [])
  })

  t.test('leaves folders that were there, or are in use', async (t) => {
    const root = t.testdir({ models: {} })
    const first = await createWorkDirectory(join(root, 'models/a'))
    const second = await createWorkDirectory(join(root, 'models/a'))
    first.removeNow()
    t.ok(existsSync(second.path))
    second.removeNow()
    t.strictSame(readdirSync(join(root, 'models')), [])
  })
})

t.test('removeLeftovers()', async (t) => {
  const leftover = (owner: string) => `.export-${owner}-abc123`

  t.test('removes what killed exports left, and nothing else', async (t) => {
    const dead = leftover(`${DEAD}-${HOST}`)
    const mine = leftover(`${process.pid}-${HOST}`)
    const alive = leftover(`${process.ppid}-${HOST}`)
    const recent = leftover('7-elsewhere')
    const old = leftover('8-elsewhere')
    const names = [dead, mine, alive, recent, old, '.export-notes', '1']
    const folder = t.testdir(Object.fromEntries(names.map((name) => [name, { file: 'x' }])))
    const longAgo = Date.now() / 1000 - 100_000
    utimesSync(join(folder, old), longAgo, longAgo)
    const own = await createWorkDirectory(folder)
    t.strictSame((await removeLeftovers(folder)).sort(), [dead, mine, old].sort())
    t.ok(existsSync(own.path))
    await own.remove()
    t.strictSame(readdirSync(folder).sort(), [alive, recent, '.export-notes', '1'].sort())
  })

  t.test('gives a version its place back that was moved aside', async (t) => {
    const dead = leftover(`${DEAD}-${HOST}`)
    const folder = t.testdir({
      '2': { 'saved_model.pb': 'replaced' },
      [dead]: {
        'replaced-1': { 'saved_model.pb': 'one' },
        'replaced-2': { 'saved_model.pb': 'old' },
      },
    })
    await removeLeftovers(folder)
    t.equal(content(folder, '1'), 'one')
    t.equal(content(folder, '2'), 'replaced')
  })

  t.test('finds nothing where there is no folder', async (t) => {
    t.strictSame(await removeLeftovers(join(t.testdir(), 'none')), [])
  })
})

t.test('parseVersion()', async (t) => {
  t.equal(parseVersion('007'), '7')
  t.equal(parseVersion('20260101'), '20260101')
  for (const text of ['0', '-1', '1.5', 'x', '', '9007199254740992']) {
    t.throws(() => parseVersion(text), { name: 'ExportError' }, text)
  }
})

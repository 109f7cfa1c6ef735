import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { COCO_LABELS, DEMO_CARD, DEMO_MODEL } from '../../../src/repository/demo-card.js'
import {
  ModelRepository,
  type ModelRepositoryOptions,
} from '../../../src/repository/model-repository.js'

interface Line {
  readonly level: string
  readonly facts: Record<string, unknown>
  readonly message: string
}

/** A log that keeps its lines; `take` returns the new ones of the given levels. */
function makeLog() {
  const lines: Line[] = []
  const write = (level: string) => (facts: object, message: string) => {
    lines.push({ level, facts: { ...facts }, message })
  }
  const log = { info: write('info'), warn: write('warn'), error: write('error') }
  const take = (...levels: string[]) =>
    lines.splice(0).filter(({ level }) => levels.includes(level))
  return { log, take }
}

async function open(t: Test, options: Partial<ModelRepositoryOptions> & { directory: string }) {
  const { log, take } = makeLog()
  const repository = await ModelRepository.open({
    includeDemo: false,
    // Tests look by themselves.
    pollIntervalMs: 3_600_000,
    log,
    ...options,
  })
  t.teardown(() => repository.close())
  return { repository, take }
}

const card = (minScore: number) => JSON.stringify({ defaults: { min_score: minScore } })

t.test('reads the cards and models.config', async (t) => {
  const directory = t.testdir({
    'models.config':
      'model_config_list { config { name: "plain" base_path: "/models/plain" } config { name: "ssd" } }',
    'coco.txt': 'person\nbicycle\n',
    'README.md': 'not a model',
    ssd: { 'model.json': '{"labels": "map.pbtxt"}', 'map.pbtxt': 'item { id: 3 name: "car" }' },
    common: { 'model.json': '{"labels": "../coco.txt"}' },
    'no-card': { 1: { 'saved_model.pb': '' } },
  })
  const { repository, take } = await open(t, { directory })
  t.strictSame(repository.names(), ['common', 'plain', 'ssd'])
  t.strictSame(repository.cards(), ['common', 'ssd'])
  t.equal(repository.configured('plain')?.basePath, '/models/plain')
  t.strictSame(repository.card('ssd')?.labels, new Map([[3, 'car']]))
  t.equal(repository.card('common')?.labels?.get(2), 'bicycle')
  t.equal(repository.card('plain'), undefined)
  t.strictSame(take('warn', 'error'), [])
})

t.test('a missing directory is an empty repository until it appears', async (t) => {
  const directory = join(t.testdir(), 'models')
  const { repository, take } = await open(t, { directory })
  t.strictSame(repository.names(), [])
  await mkdir(join(directory, 'ssd'), { recursive: true })
  await writeFile(join(directory, 'ssd', 'model.json'), card(0.3))
  await repository.rescan()
  t.strictSame(repository.cards(), ['ssd'])
  await rm(directory, { recursive: true })
  await repository.rescan()
  t.strictSame(repository.names(), [])
  t.strictSame(take('warn', 'error'), [])
})

t.test('a directory that is none is reported once', async (t) => {
  const directory = join(t.testdir({ models: 'a file' }), 'models')
  const { repository, take } = await open(t, { directory })
  await repository.rescan()
  t.match(take('error'), [{ facts: { file: directory, reason: /ENOTDIR/ } }])
})

t.test('the demo model', async (t) => {
  t.equal(COCO_LABELS.size, 80)
  t.equal(COCO_LABELS.get(90), 'toothbrush')
  t.equal(COCO_LABELS.get(12), undefined)

  t.test('is listed where it is included, and is nobody’s own card', async (t) => {
    const { repository } = await open(t, { directory: t.testdir({}), includeDemo: true })
    t.strictSame(repository.names(), [DEMO_MODEL])
    t.strictSame(repository.cards(), [])
    t.equal(repository.card(DEMO_MODEL), DEMO_CARD)
  })

  t.test('has its packaged card where it is not listed', async (t) => {
    const { repository } = await open(t, { directory: t.testdir({}) })
    t.strictSame(repository.names(), [])
    t.equal(repository.card(DEMO_MODEL), DEMO_CARD)
  })

  t.test('goes behind a card in the repository', async (t) => {
    const directory = t.testdir({ [DEMO_MODEL]: { 'model.json': card(0.2) } })
    const { repository } = await open(t, { directory, includeDemo: true })
    t.strictSame(repository.names(), [DEMO_MODEL])
    t.strictSame(repository.cards(), [DEMO_MODEL])
    t.equal(repository.card(DEMO_MODEL)?.defaults.minScore, 0.2)
    await rm(join(directory, DEMO_MODEL, 'model.json'))
    await repository.rescan()
    t.equal(repository.card(DEMO_MODEL), DEMO_CARD)
  })
})

t.test('cards that change', async (t) => {
  t.test('are in force at the next look, even with the same size and time', async (t) => {
    const directory = t.testdir({ ssd: { 'model.json': card(0.3) } })
    const file = join(directory, 'ssd', 'model.json')
    const now = new Date()
    await utimes(file, now, now)
    const { repository } = await open(t, { directory })
    await writeFile(file, card(0.4))
    await utimes(file, now, now)
    await repository.rescan()
    t.equal(repository.card('ssd')?.defaults.minScore, 0.4)
  })

  t.test('are noticed by time, by size and by inode', async (t) => {
    const directory = t.testdir({ ssd: { 'model.json': card(0.3) } })
    const file = join(directory, 'ssd', 'model.json')
    const long = new Date('2020-01-01')
    await utimes(file, long, long)
    const { repository } = await open(t, { directory })
    const first = repository.card('ssd')
    await repository.rescan()
    t.equal(repository.card('ssd'), first, 'an unchanged card stays the same object')

    await writeFile(file, card(0.4))
    await repository.rescan()
    t.equal(repository.card('ssd')?.defaults.minScore, 0.4, 'time')
    await writeFile(`${file}.new`, card(0.5))
    await utimes(file, long, long)
    await repository.rescan()
    await utimes(`${file}.new`, long, long)
    await rename(`${file}.new`, file)
    await repository.rescan()
    t.equal(repository.card('ssd')?.defaults.minScore, 0.5, 'inode')
    await writeFile(file, card(0.55))
    await utimes(file, long, long)
    await repository.rescan()
    t.equal(repository.card('ssd')?.defaults.minScore, 0.55, 'size')
  })

  t.test('follow their label file', async (t) => {
    const directory = t.testdir({
      ssd: { 'model.json': '{"labels": "l.txt"}', 'l.txt': 'a' },
    })
    const { repository, take } = await open(t, { directory })
    await writeFile(join(directory, 'ssd', 'l.txt'), 'a\nb')
    await repository.rescan()
    t.equal(repository.card('ssd')?.labels?.get(2), 'b')
    await rm(join(directory, 'ssd', 'l.txt'))
    await repository.rescan()
    t.equal(repository.card('ssd')?.labels?.get(2), 'b')
    t.match(take('error'), [
      { facts: { model: 'ssd', file: /l\.txt$/, reason: /does not exist/, in_force: true } },
    ])
    await writeFile(join(directory, 'ssd', 'l.txt'), 'c')
    await repository.rescan()
    t.strictSame(repository.card('ssd')?.labels, new Map([[1, 'c']]))
  })

  t.test('are logged once a change, and a touch is none', async (t) => {
    const directory = t.testdir({ ssd: { 'model.json': '{"label": {}}' } })
    const file = join(directory, 'ssd', 'model.json')
    const { repository, take } = await open(t, { directory })
    t.match(take('warn', 'error'), [{ level: 'warn', facts: { model: 'ssd', field: 'label' } }])
    await utimes(file, new Date('2021-01-01'), new Date('2021-01-01'))
    await repository.rescan()
    t.strictSame(take('info', 'warn', 'error'), [])
  })
})

t.test('a bad card leaves the last good one in force and is logged once', async (t) => {
  const directory = t.testdir({ ssd: { 'model.json': card(0.3) } })
  const file = join(directory, 'ssd', 'model.json')
  const { repository, take } = await open(t, { directory })
  await writeFile(file, '{"defaults": {"min_score": 30}}')
  await repository.rescan()
  await repository.rescan()
  t.equal(repository.card('ssd')?.defaults.minScore, 0.3)
  t.match(take('error'), [
    { facts: { model: 'ssd', file, field: 'defaults.min_score', reason: /<=1/ } },
  ])
  await writeFile(file, '{"defaults": {"min_score": 31}}')
  await repository.rescan()
  t.equal(take('error').length, 1, 'another change is another line')
  await writeFile(file, card(0.3))
  await repository.rescan()
  t.match(take('info', 'error'), [{ message: 'model card loaded' }])
})

t.test('a card that was never good', async (t) => {
  const directory = t.testdir({ ssd: { 'model.json': '{' } })
  const { repository, take } = await open(t, { directory })
  t.strictSame(repository.names(), ['ssd'])
  t.strictSame(repository.cards(), [])
  t.equal(repository.card('ssd'), undefined)
  t.match(take('error'), [{ facts: { reason: /model\.json:1:2: /, in_force: false } }])
})

t.test('files that are refused', async (t) => {
  const outside = t.testdir({
    'secret.txt': 'secret',
    'card.json': '{}',
    elsewhere: { 'model.json': '{}' },
    models: {
      dots: { 'model.json': '{"labels": "../../secret.txt"}' },
      link: { 'model.json': '{"labels": "l.txt"}' },
      'linked-card': {},
      dangling: {},
      folder: { 'model.json': {} },
      missing: { 'model.json': '{"labels": "none.txt"}' },
      large: { 'model.json': `${' '.repeat(1024 * 1024)}{}` },
      'large-labels': { 'model.json': '{"labels": "l.txt"}', 'l.txt': 'x'.repeat(2 ** 24 + 1) },
      latin1: { 'model.json': '{"labels": "l.txt"}', 'l.txt': Buffer.from([0x63, 0xe9]) },
      good: { 'model.json': '{}' },
    },
  })
  const directory = join(outside, 'models')
  await symlink(join(outside, 'secret.txt'), join(directory, 'link', 'l.txt'))
  await symlink(join(outside, 'card.json'), join(directory, 'linked-card', 'model.json'))
  await symlink('nowhere.json', join(directory, 'dangling', 'model.json'))
  await symlink(join(outside, 'elsewhere'), join(directory, 'linked-folder'))
  const { repository, take } = await open(t, { directory })
  t.strictSame(repository.cards(), ['good'])
  const reasons: Record<string, RegExp> = {
    dangling: /model\.json: the file does not exist/,
    dots: /secret\.txt: the file lies outside the repository/,
    folder: /model\.json: not a regular file/,
    large: /model\.json: the file is larger than 1048576 bytes/,
    'large-labels': /l\.txt: the file is larger than 16777216 bytes/,
    latin1: /l\.txt: the text is not UTF-8/,
    link: /l\.txt: the file lies outside the repository/,
    'linked-card': /model\.json: the file lies outside the repository/,
    'linked-folder': /model\.json: the file lies outside the repository/,
    missing: /none\.txt: the file does not exist/,
  }
  const errors = new Map(take('error').map(({ facts }) => [facts.model, String(facts.reason)]))
  t.strictSame([...errors.keys()].sort(), Object.keys(reasons).sort())
  for (const [model, reason] of Object.entries(reasons)) {
    t.match(errors.get(model), reason, model)
  }
})

t.test('symbolic links inside the repository are followed', async (t) => {
  const directory = t.testdir({ '..data': { ssd: { 'model.json': card(0.3) } } })
  await symlink('..data', join(directory, '..other'))
  await symlink(join('..data', 'ssd'), join(directory, 'ssd'))
  const { repository, take } = await open(t, { directory })
  t.strictSame(repository.names(), ['ssd'])
  t.equal(repository.card('ssd')?.defaults.minScore, 0.3)
  t.strictSame(take('warn', 'error'), [])
})

t.test('names that cannot be a model’s are ignored with one warning', async (t) => {
  const directory = t.testdir({
    'a:b': { 'model.json': '{}' },
    '.hidden': { 'model.json': '{}' },
    '.git': { config: '' },
    'models.config':
      'model_config_list { config { name: "x/y" } config { name: "" } config { name: "a\\nb" } config { name: "z" } }',
  })
  const { repository, take } = await open(t, { directory })
  await repository.rescan()
  t.strictSame(repository.names(), ['z'])
  t.strictSame(
    take('warn', 'error').map(({ facts }) => facts.model),
    ['x/y', '', 'a\nb', '.hidden', 'a:b'],
  )
})

t.test('models.config', async (t) => {
  const config = (name: string) => `model_config_list { config { name: "${name}" } }`
  const directory = t.testdir({ 'models.config': config('a') })
  const file = join(directory, 'models.config')
  const { repository, take } = await open(t, { directory })
  await writeFile(file, 'model_config_list {')
  await repository.rescan()
  await repository.rescan()
  t.strictSame(repository.names(), ['a'], 'the last good one stays in force')
  t.match(take('error'), [{ facts: { file, reason: /models\.config:1:20/ } }])
  await writeFile(file, config('b'))
  await repository.rescan()
  t.strictSame(repository.names(), ['b'])
  await rm(file)
  await repository.rescan()
  t.strictSame(repository.names(), [])
})

t.test('the directory is polled until the repository is closed', async (t) => {
  const directory = t.testdir({})
  let seen = () => {}
  const loaded = new Promise<void>((resolve) => {
    seen = resolve
  })
  const { log } = makeLog()
  const info = (_facts: object, message: string) => {
    if (message === 'model card loaded') seen()
  }
  const { repository } = await open(t, { directory, pollIntervalMs: 1, log: { ...log, info } })
  await mkdir(join(directory, 'ssd'))
  await writeFile(join(directory, 'ssd', 'model.json'), '{}')
  // The repository's own timer does not keep the process alive.
  const alive = setInterval(() => {}, 1_000)
  t.teardown(() => clearInterval(alive))
  await loaded
  t.strictSame(repository.cards(), ['ssd'])

  await repository.close()
  await rm(join(directory, 'ssd'), { recursive: true })
  await repository.rescan()
  t.strictSame(repository.cards(), ['ssd'])
})

t.test('a look that fails unexpectedly is logged, and the next one is taken', async (t) => {
  const directory = t.testdir({})
  const { log } = makeLog()
  let looks = 0
  let failed: (facts: object) => void = () => {}
  const failure = new Promise<object>((resolve) => {
    failed = resolve
  })
  const info = () => {
    looks += 1
    if (looks === 1) throw new Error('the log is full')
  }
  const { repository } = await open(t, {
    directory,
    pollIntervalMs: 1,
    log: { ...log, info, error: failed },
  })
  const alive = setInterval(() => {}, 1_000)
  t.teardown(() => clearInterval(alive))
  await mkdir(join(directory, 'a'))
  await writeFile(join(directory, 'a', 'model.json'), '{}')
  t.match(await failure, { err: { message: 'the log is full' } })
  await repository.rescan()
  t.strictSame(repository.cards(), ['a'])
})

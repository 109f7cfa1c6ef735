import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { writeDemoVersion } from '../../../src/export/demo-version.js'
import { readTfRecords } from '../../../src/export/tf-record.js'
import { ModelRepository } from '../../../src/repository/model-repository.js'
import { type MadeEntry, makeTarGz } from '../../unit/export/archive/make-archive.js'
import { filesIn, run, start } from './cli.js'

const DEMO = 'ssdlite_mobilenet_v2_coco'
const PHOTOS = new URL('../../fixtures/', import.meta.url)

/** Reads a repository as the gateway does; fails the test for anything that it would complain of. */
async function readRepository(t: Test, directory: string): Promise<ModelRepository> {
  const complain = (facts: object) => void t.fail(JSON.stringify(facts))
  const log = { info: () => {}, warn: complain, error: complain }
  const models = await ModelRepository.open({ directory, includeDemo: false, log })
  t.teardown(() => models.close())
  return models
}

/** The demo model's graph, to make other sources of. */
async function demoGraph(t: Test): Promise<Buffer> {
  const folder = t.testdir()
  await writeDemoVersion(folder)
  return readFileSync(join(folder, 'saved_model.pb'))
}

t.test('export demo', async (t) => {
  const cwd = t.testdir()
  const models = join(cwd, 'models')

  t.test('writes version, card and models.config, and tells how to serve them', async (t) => {
    const { code, stdout, stderr } = await run(t, cwd, ['export', 'demo'])
    t.equal(stderr, '')
    t.equal(code, 0)
    t.match(stdout, /^Exported ssdlite_mobilenet_v2_coco, version 1, in /)
    t.match(stdout, /docker run .* -v \S+\/models:\/models tensorflow\/serving/)
    t.match(stdout, /DEFAULT_MODEL=ssdlite_mobilenet_v2_coco npm start/)
    t.strictSame(filesIn(models), [
      'models.config',
      `${DEMO}/1/saved_model.pb`,
      `${DEMO}/model.json`,
    ])
    const repository = await readRepository(t, models)
    t.equal(repository.configured(DEMO)!.basePath, `/models/${DEMO}`)
    const card = repository.card(DEMO)!
    t.match(card.input, { size: [300, 300], fit: 'stretch', kernel: 'lanczos3' })
    t.equal(card.labels!.get(90), 'toothbrush')
  })

  t.test('takes the next number the next time, and leaves the card alone', async (t) => {
    const card = join(models, DEMO, 'model.json')
    writeFileSync(card, readFileSync(card, 'utf8').replace('"person"', '"Mensch"'))
    const args = 'export demo --input encoded --variables --warmup'.split(' ')
    const photos = ['astronaut.jpg', 'coffee.jpg'].map((name) => new URL(name, PHOTOS).pathname)
    const { code, stdout, stderr } = await run(t, cwd, [...args, ...photos])
    t.equal(code, 0, stderr)
    t.match(stdout, /version 2, in .*DT_STRING.*encoded images.*warm-up +2 requests/s)
    t.match(stdout, /kept as it is/)
    t.match(readFileSync(card, 'utf8'), '"Mensch"')
    const warmUp = join(models, DEMO, '2/assets.extra/tf_serving_warmup_requests')
    t.equal([...readTfRecords(readFileSync(warmUp), warmUp)].length, 2)
    t.strictSame(readdirSync(join(models, DEMO)).sort(), ['1', '2', 'model.json'])
  })

  t.test('overwrites a version only with --force', async (t) => {
    const before = readFileSync(join(models, DEMO, '2/saved_model.pb'))
    const refused = await run(t, cwd, ['export', 'demo', '--version', '2'])
    t.equal(refused.code, 1)
    t.match(refused.stderr, /models\/ssdlite_mobilenet_v2_coco\/2: is there already/)
    t.ok(readFileSync(join(models, DEMO, '2/saved_model.pb')).equals(before))
    const forced = await run(t, cwd, ['export', 'demo', '--version', '2', '--force'])
    t.equal(forced.code, 0, forced.stderr)
    t.match(forced.stdout, /! Version 2 was replaced/)
    t.strictSame(filesIn(join(models, DEMO, '2')), ['saved_model.pb'])
    t.strictSame(readdirSync(join(models, DEMO)).sort(), ['1', '2', 'model.json'])
  })

  t.test('does nothing with --if-empty where a model is listed', async (t) => {
    const before = filesIn(models)
    const { code, stdout, stderr } = await run(t, cwd, ['export', 'demo', '--if-empty'])
    t.equal(code, 0, stderr)
    t.equal(stdout, `Nothing to do: models has ${DEMO}\n`)
    t.strictSame(filesIn(models), before)
    const emptied = t.testdir({ models: { 'models.config': 'model_config_list {}\n' } })
    const first = await run(t, emptied, ['export', 'demo', '--if-empty'])
    t.match(first.stdout, /version 1, .*model added/s, first.stderr)
  })
})

t.test('export of an archive', async (t) => {
  const graph = await demoGraph(t)
  const zoo = (more: MadeEntry[] = []): Buffer =>
    makeTarGz([{ path: 'zoo/saved_model/saved_model.pb', content: graph }, ...more])
  const label = (id: number) => `item { id: ${id} name: 'x' display_name: 'thing ${id}' }\n`

  t.test('takes labels and limits from the files beside the model', async (t) => {
    const cwd = t.testdir()
    const pipeline = `model { ssd { num_classes: 2
      image_resizer { keep_aspect_ratio_resizer { min_dimension: 300 max_dimension: 500 } }
      post_processing { batch_non_max_suppression { max_total_detections: 40 } } } }`
    const archive = zoo([
      { path: 'zoo/pipeline.config', content: pipeline },
      { path: 'zoo/label_map.pbtxt', content: label(1) + label(2) },
    ])
    writeFileSync(join(cwd, 'zoo.tar.gz'), archive)
    const { code, stdout, stderr } = await run(t, cwd, ['export', 'zoo.tar.gz', '--name', 'zoo'])
    t.equal(code, 0, stderr)
    t.match(stdout, /source +SavedModel in zoo\.tar\.gz/)
    const card = (await readRepository(t, join(cwd, 'models'))).card('zoo')!
    t.strictSame(
      [...card.labels!],
      [
        [1, 'thing 1'],
        [2, 'thing 2'],
      ],
    )
    t.equal(card.defaults.maxDetections, 40)
    t.match(card.input, { size: [300, 300] }, 'the graph knows better than pipeline.config')
    t.strictSame(filesIn(join(cwd, 'models/zoo')), ['1/saved_model.pb', 'model.json'])
  })

  t.test('knows COCO by its number of classes', async (t) => {
    const cwd = t.testdir()
    const pipeline = 'model { ssd { num_classes: 90 } }'
    writeFileSync(
      join(cwd, 'zoo.tar.gz'),
      zoo([{ path: 'zoo/pipeline.config', content: pipeline }]),
    )
    const { stdout } = await run(t, cwd, ['export', 'zoo.tar.gz', '--name', 'zoo'])
    t.match(stdout, /labels +80 classes, from COCO, taken from the number of classes, 90/)
  })

  t.test('takes the labels that it is given, the next time too', async (t) => {
    const cwd = t.testdir({ 'names.txt': 'cat\ndog\n' })
    writeFileSync(join(cwd, 'zoo.tar.gz'), zoo())
    await run(t, cwd, ['export', 'zoo.tar.gz', '--name', 'zoo'])
    const args = ['export', 'zoo.tar.gz', '--name', 'zoo', '--labels', 'names.txt']
    const { stdout } = await run(t, cwd, args)
    t.match(stdout, /labels +2 classes, from names\.txt/)
    t.match(stdout, /kept, added labels/)
    const card = (await readRepository(t, join(cwd, 'models'))).card('zoo')!
    t.strictSame([...card.labels!.values()], ['cat', 'dog'])
  })
})

t.test('export leaves nothing behind', async (t) => {
  const graph = await demoGraph(t)
  const cut = graph.subarray(0, graph.length / 2)
  const cases: {
    name: string
    args: string[]
    files?: Record<string, string | Buffer>
    message: RegExp
  }[] = [
    {
      name: 'of a source that is not there',
      args: ['nowhere', '--name', 'm'],
      message: /nowhere: there is no such file/,
    },
    {
      name: 'of a graph that is cut off',
      args: ['saved_model.pb', '--name', 'm'],
      files: { 'saved_model.pb': cut },
      message: /saved_model\.pb: .*truncated|cut off/,
    },
    {
      name: 'of an archive that is cut off',
      args: ['a.tgz', '--name', 'm'],
      files: {
        'a.tgz': makeTarGz([{ path: 'saved_model.pb', content: cut }]).subarray(0, 100_000),
      },
      message: /a\.tgz: is cut off/,
    },
    {
      name: 'of a known archive that is another file',
      args: ['ssd_mobilenet_v1_coco_2018_01_28.tar.gz', '--name', 'm'],
      files: { 'ssd_mobilenet_v1_coco_2018_01_28.tar.gz': makeTarGz([{ path: 'x' }]) },
      message: /is cut off: it has \d+ bytes, the published .* has 76541073/,
    },
    {
      name: 'of an address without encryption',
      args: ['http://127.0.0.1:1/mine.tar.gz', '--name', 'm'],
      message: /plain http is taken only for archives whose checksum is known/,
    },
    {
      name: 'with labels that cannot be read',
      args: ['demo', '--labels', 'l.pbtxt'],
      files: { 'l.pbtxt': 'item {' },
      message: /l\.pbtxt:1/,
    },
    {
      name: 'with a photo that is none',
      args: ['demo', '--warmup', 'l.txt'],
      files: { 'l.txt': 'no photo' },
      message: /l\.txt: /,
    },
  ]
  for (const { name, args, files = {}, message } of cases) {
    t.test(name, async (t) => {
      const cwd = t.testdir()
      for (const [path, content] of Object.entries(files)) writeFileSync(join(cwd, path), content)
      const { code, stdout, stderr } = await run(t, cwd, ['export', ...args])
      t.equal(code, 1)
      t.equal(stdout, '')
      t.match(stderr, message)
      t.notMatch(stderr, /\n {4}at /, 'no stack')
      t.strictSame(readdirSync(cwd).sort(), Object.keys(files).sort())
    })
  }

  t.test('with a models.config that nobody can read', async (t) => {
    const cwd = t.testdir({ models: { 'models.config': 'model_config_list {' } })
    const { code, stderr } = await run(t, cwd, ['export', 'demo'])
    t.equal(code, 1)
    t.match(stderr, /models\.config:1/)
    t.strictSame(filesIn(cwd), ['models/models.config'])
  })

  t.test('where a file cannot grow to its size', async (t) => {
    const cwd = t.testdir()
    const root = new URL('../../../', import.meta.url).pathname
    const program = `'${process.execPath}' --import='${root}scripts/typescript.js' '${root}src/cli.ts'`
    // 8 MiB: less than the model, more than the loader of TypeScript writes.
    // What tap preloads dies of the signal that comes with the limit; node by itself ignores it.
    const script = `unset NODE_OPTIONS; ulimit -f 8192; exec ${program} export demo`
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' })
    t.equal(status, 1)
    t.match(stderr, /saved_model\.pb: cannot write it: the file system takes no file of this size/)
    t.strictSame(readdirSync(cwd), [])
  })
})

t.test('exports at the same time get numbers of their own', async (t) => {
  const cwd = t.testdir()
  const commands = [
    ['export', 'demo'],
    ['export', 'demo', '--input', 'encoded'],
    ['export', 'demo', '--name', 'other'],
    ['export', 'demo', '--name', 'third', '--warmup'],
  ]
  const ended = await Promise.all(commands.map((args) => start(t, cwd, args).ended))
  t.strictSame(
    ended.map(({ code }) => code),
    [0, 0, 0, 0],
    ended.map(({ stderr }) => stderr).join(''),
  )
  const models = join(cwd, 'models')
  t.strictSame(readdirSync(join(models, DEMO)).sort(), ['1', '2', 'model.json'])
  t.strictSame(readdirSync(models).sort(), ['models.config', 'other', DEMO, 'third'].sort())
  t.strictSame((await readRepository(t, models)).names(), ['other', DEMO, 'third'].sort())
})

t.test('export keeps out of the way of what is there', async (t) => {
  const cwd = t.testdir({
    models: { mine: { 'model.json': '{"labels": {"1": "x"}, "input": {"max_side": 700}}' } },
  })
  mkdirSync(join(cwd, 'models/mine/00000123'))
  const { stdout } = await run(t, cwd, ['export', 'demo', '--name', 'mine'])
  t.match(stdout, /version 124/)
  t.match(stdout.replace(/\s+/g, ' '), /The card keeps its own input: {"max_side":700}/)
})

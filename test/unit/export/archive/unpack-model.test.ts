import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { unpackModel } from '../../../../src/export/archive/unpack-model.js'
import { type MadeEntry, makeTarGz } from './make-archive.js'

const ZOO: MadeEntry[] = [
  { path: 'ssd/checkpoint', content: 'model_checkpoint_path: "model.ckpt"' },
  { path: 'ssd/frozen_inference_graph.pb', content: 'frozen' },
  { path: 'ssd/model.ckpt.meta', content: 'meta' },
  { path: 'ssd/model.ckpt.index', content: 'index' },
  { path: 'ssd/model.ckpt.data-00000-of-00001', content: 'data' },
  { path: 'ssd/pipeline.config', content: 'model {}' },
  { path: 'ssd/saved_model/saved_model.pb', content: 'saved' },
  { path: 'ssd/saved_model/variables/variables.index', content: 'i' },
  { path: 'ssd/saved_model/variables/notes.txt', content: 'n' },
  { path: 'ssd/saved_model/assets.extra/tf_serving_warmup_requests', content: 'w' },
  { path: 'ssd/._frozen_inference_graph.pb', content: 'finder' },
]

async function unpack(t: Test, entries: readonly MadeEntry[]) {
  const folder = t.testdir({ out: {} })
  const archive = join(folder, 'model.tar.gz')
  writeFileSync(archive, makeTarGz(entries))
  const directory = join(folder, 'out')
  const steps: [number, number][] = []
  const onProgress = (done: number, total: number) => void steps.push([done, total])
  return { ...(await unpackModel({ archive, directory, onProgress })), directory, steps }
}

function without(...patterns: RegExp[]): MadeEntry[] {
  return ZOO.filter(({ path }) => !patterns.some((pattern) => pattern.test(path)))
}

t.test('unpackModel()', async (t) => {
  t.test('takes the SavedModel of a zoo archive, and no more than it needs', async (t) => {
    const { source, companions, directory, steps } = await unpack(t, ZOO)
    t.strictSame(source, { kind: 'saved-model', directory: join(directory, 'ssd/saved_model') })
    t.strictSame(companions, [join(directory, 'ssd')])
    t.strictSame(readdirSync(join(directory, 'ssd')).sort(), ['pipeline.config', 'saved_model'])
    t.strictSame(readdirSync(join(directory, 'ssd/saved_model/variables')), ['variables.index'])
    t.equal(
      readFileSync(
        join(directory, 'ssd/saved_model/assets.extra/tf_serving_warmup_requests'),
        'utf8',
      ),
      'w',
    )
    t.strictSame(steps.at(-1), [15, 15])
  })

  t.test('takes the frozen graph where there is no SavedModel', async (t) => {
    const { source, directory } = await unpack(t, without(/saved_model/))
    const file = join(directory, 'ssd/frozen_inference_graph.pb')
    t.strictSame(source, { kind: 'frozen-graph', file })
    t.equal(readFileSync(file, 'utf8'), 'frozen')
    t.notOk(existsSync(join(directory, 'ssd/model.ckpt.meta')))
  })

  t.test('takes the checkpoint where there is nothing else', async (t) => {
    const { source, directory } = await unpack(t, without(/saved_model/, /\.pb$/))
    t.strictSame(source, { kind: 'checkpoint', prefix: join(directory, 'ssd/model.ckpt') })
    t.strictSame(readdirSync(join(directory, 'ssd')).sort(), [
      'model.ckpt.data-00000-of-00001',
      'model.ckpt.index',
      'model.ckpt.meta',
      'pipeline.config',
    ])
  })

  t.test('takes a SavedModel that lies at the top', async (t) => {
    const { source, directory } = await unpack(t, [
      { path: './saved_model.pb', content: 'saved' },
      { path: './assets/label_map.pbtxt', content: 'item {}' },
    ])
    t.strictSame(source, { kind: 'saved-model', directory })
    t.ok(existsSync(join(directory, 'assets/label_map.pbtxt')))
  })

  t.test('brings the label map along', async (t) => {
    const label = { path: 'train/label_map.pbtxt', content: 'item {}' }
    const { companions, directory } = await unpack(t, [...ZOO, label])
    t.strictSame(companions, [join(directory, 'ssd'), join(directory, 'train')])
  })

  const refused: { name: string; entries: MadeEntry[]; message: RegExp }[] = [
    {
      name: 'an archive without a model, and says what it holds',
      entries: [{ path: 'a/readme.md', content: 'x' }],
      message: /holds no SavedModel .* it holds a\/readme\.md/,
    },
    {
      name: 'an archive without files',
      entries: [{ path: 'a/', type: 'Directory' }],
      message: /it holds no files/,
    },
    {
      name: 'two models, and names them',
      entries: [
        { path: 'a/saved_model.pb', content: 'x' },
        { path: 'b/saved_model.pb', content: 'x' },
      ],
      message: /holds more than one model: a, b\. Unpack it/,
    },
    {
      name: 'an object checkpoint of TensorFlow 2',
      entries: [{ path: 'ckpt-0.index', content: 'x' }],
      message: /holds no SavedModel/,
    },
  ]
  for (const { name, entries, message } of refused) {
    t.test(`refuses ${name}`, async (t) => {
      await t.rejects(unpack(t, entries), { name: 'ExportError', message })
    })
  }
})

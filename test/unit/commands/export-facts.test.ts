import t from 'tap'
import { gatherFacts } from '../../../src/commands/export-facts.js'
import type { ModelSource } from '../../../src/commands/export-source.js'
import type { WrittenVersion } from '../../../src/export/written-version.js'

const INPUT = {
  name: 'inputs',
  tensor: 'image_tensor:0',
  dtype: 'DT_UINT8',
  shape: [-1, -1, -1, 3],
}

function written(change: Partial<WrittenVersion> = {}): WrittenVersion {
  const signature = {
    name: 'serving_default',
    method: 'tensorflow/serving/predict',
    inputs: [INPUT],
    outputs: [],
  }
  return {
    signature,
    input: INPUT,
    resizer: undefined,
    classes: undefined,
    variables: 0,
    bytes: 1,
    ...change,
  }
}

function source(companions: string[], isDemo = false): ModelSource {
  return { description: 'x', isDemo, companions, write: async () => written() }
}

t.test('gatherFacts()', async (t) => {
  t.test('turns the resizer into the size that is sent', async (t) => {
    const cases: { resizer: WrittenVersion['resizer']; input: object | undefined }[] = [
      { resizer: undefined, input: undefined },
      { resizer: { kind: 'fixed', size: [300, 400] }, input: { size: [300, 400], fit: 'stretch' } },
      { resizer: { kind: 'keep-aspect', minSide: 600, maxSide: 1024 }, input: { max_side: 1024 } },
      { resizer: { kind: 'keep-aspect', minSide: 256, maxSide: 512 }, input: { max_side: 640 } },
      { resizer: { kind: 'fixed', size: [9000, 9000] }, input: undefined },
    ]
    for (const { resizer, input } of cases) {
      const facts = await gatherFacts(source([]), written({ resizer }), {})
      t.strictSame(facts.card.input, input, JSON.stringify(resizer))
    }
  })

  t.test('takes the resizer from pipeline.config where the graph does not tell', async (t) => {
    const pipeline = `model { ssd {
      image_resizer { fixed_shape_resizer { height: 320 width: 320 } }
      post_processing { batch_non_max_suppression { max_total_detections: 5000 } } } }`
    const beside = source([t.testdir({ 'pipeline.config': pipeline })])
    const { card } = await gatherFacts(beside, written(), {})
    t.match(card, { input: { size: [320, 320] }, defaults: { max_detections: 1000 } })
    const usual = source([t.testdir({ 'pipeline.config': pipeline.replace('5000', '100') })])
    t.equal((await gatherFacts(usual, written(), {})).card.defaults, undefined)
  })

  t.test('chooses labels', async (t) => {
    const label = (id: number) => `item { id: ${id} name: 'thing' }`
    const folder = t.testdir({
      two: { 'label_map.pbtxt': label(1) + label(2) },
      high: { 'label_map.pbtxt': label(9) },
      asked: { 'names.txt': 'a\nb\nc' },
    })
    const cases: {
      name: string
      folders?: string[]
      classes?: number
      asked?: string
      isDemo?: boolean
      size: number | undefined
      from?: RegExp | string
      note?: RegExp
    }[] = [
      { name: 'the demo’s', isDemo: true, size: 80, from: 'COCO' },
      { name: 'COCO’s, by number', classes: 90, size: 80, from: /number of classes, 90/ },
      { name: 'those beside the model', folders: ['two'], classes: 90, size: 2, from: /two/ },
      {
        name: 'not those of another model',
        folders: ['high'],
        classes: 3,
        size: undefined,
        note: /has the id 9, the model has 3 classes/,
      },
      {
        name: 'those asked for before all others',
        folders: ['two'],
        classes: 90,
        asked: `${folder}/asked/names.txt`,
        size: 3,
        from: /names\.txt/,
      },
      { name: 'none', classes: 7, size: undefined, from: 'none' },
    ]
    for (const {
      name,
      folders = [],
      classes,
      asked,
      isDemo = false,
      size,
      from = /./,
      note,
    } of cases) {
      const from_ = source(
        folders.map((path) => `${folder}/${path}`),
        isDemo,
      )
      const facts = await gatherFacts(from_, written({ classes }), { labelsFile: asked })
      t.equal(facts.card.labels?.size, size, name)
      t.match(facts.labelsFrom, from, name)
      if (note) t.match(facts.notes.join(), note, name)
    }
  })

  t.test('says what to do where there are none', async (t) => {
    const advice = async (classes: number | undefined) =>
      (await gatherFacts(source([]), written({ classes }), {})).labelsAdvice
    t.match(await advice(601), /601 classes are those of Open Images.*oid_v4_label_map\.pbtxt/)
    t.match(await advice(545), /oid_bbox_trainable_label_map\.pbtxt/)
    t.match(await advice(1), /No labels \(1 class\):/)
    t.match(await advice(undefined), /No labels: /)
  })

  t.test('names the signature only where it is not the usual one', async (t) => {
    const { signature } = written()
    const other = written({ signature: { ...signature, name: 'detect' } })
    t.equal((await gatherFacts(source([]), other, {})).card.signature, 'detect')
    t.equal((await gatherFacts(source([]), written(), {})).card.signature, undefined)
  })

  await t.rejects(gatherFacts(source([]), written(), { labelsFile: '/nowhere.txt' }), {
    name: 'ExportError',
  })
})

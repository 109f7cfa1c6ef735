import t from 'tap'
import { type ClassifyItem, DetectionClient, type RegressItem } from '../../../src/client/client.js'
import { scriptedModel } from '../../../src/embedded/scripted-model.js'
import { photo, start } from '../gateway/harness.js'

/** A model of pixels that gives the same numbers for every image. */
function model(name: string, row: readonly number[]) {
  return scriptedModel({
    name,
    inputs: { keras_tensor: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } },
    outputs: { output_0: { dtype: 'DT_FLOAT', shape: [-1, row.length] } },
    predict: ({ inputs }) => {
      const count = Object.values(inputs)[0]!.shape[0] ?? 1
      const data = Float32Array.from(Array.from({ length: count }, () => row).flat())
      return { output_0: { dtype: 'DT_FLOAT', shape: [count, row.length], data } }
    },
  })
}

t.test('a client of classifiers and regressions', async (t) => {
  const labels = ['circle', 'a "star", large', 'square']
  const { url } = await start(t, {
    models: [model('shapes', [0.125, 0.25, 0.625]), model('height', [1.75])],
    repository: {
      'shapes/model.json': JSON.stringify({ task: 'image-classification', labels }),
      'height/model.json': JSON.stringify({ task: 'image-regression' }),
    },
    env: { DEFAULT_MODEL: 'shapes' },
  })
  const client = new DetectionClient(url)
  const chelsea = await photo('chelsea')
  const images = [new File([chelsea], 'a.jpg'), new Blob(['no picture']), chelsea]

  t.test('classify gives the classes that are asked for', async (t) => {
    const { classifications, model } = await client.classify(chelsea, { top_k: 2 })
    t.equal(model.name, 'shapes')
    t.strictSame(classifications, [
      { label: 'square', class_id: 2, score: 0.625 },
      { label: 'a "star", large', class_id: 1, score: 0.25 },
    ])
    const star = await client.classify(chelsea, { labels: ['a "star", large'] })
    t.match(star.classifications, [{ class_id: 1 }])
    t.equal(star.classifications.length, 1)
    await t.rejects(client.classify(chelsea, { model: 'height' }), { code: 'task_mismatch' })
  })

  t.test('classifyBatch gives each result; one bad image fails alone', async (t) => {
    const items: ClassifyItem[] = []
    for await (const item of client.classifyBatch(images, { top_k: 1 })) items.push(item)
    items.sort((a, b) => a.index - b.index)
    t.match(items, [
      { index: 0, filename: 'a.jpg', classifications: [{ label: 'square' }] },
      { index: 1, status: 415, error: { code: 'unsupported_media_type' } },
      { index: 2, classifications: [{ label: 'square' }] },
    ])
    t.equal(items.length, 3)
  })

  t.test('regress and regressBatch give numbers', async (t) => {
    const { regressions } = await client.regress(chelsea, { model: 'height' })
    t.strictSame(regressions, [{ value: 1.75 }])
    const items: RegressItem[] = []
    for await (const item of client.regressBatch(images, { model: 'height' })) items.push(item)
    items.sort((a, b) => a.index - b.index)
    t.match(items, [
      { regressions: [{ value: 1.75 }] },
      { error: { code: 'unsupported_media_type' } },
      { regressions: [{ value: 1.75 }] },
    ])
  })
})

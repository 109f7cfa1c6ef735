import t from 'tap'
import { scriptedModel } from '../../../src/embedded/scripted-model.js'
import { form, photo, post, start } from './harness.js'

let calls = 0

/** A model of no task that the gateway knows: a map of heat for each image. */
const heat = scriptedModel({
  name: 'heat',
  inputs: { pixels: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } },
  outputs: { heat: { dtype: 'DT_FLOAT', shape: [-1, 2, 2, 3] } },
  predict: ({ inputs }) => {
    calls += 1
    const count = Object.values(inputs)[0]!.shape[0] ?? 1
    return {
      heat: { dtype: 'DT_FLOAT', shape: [count, 2, 2, 3], data: new Float32Array(12 * count) },
    }
  },
})

/** A model that takes no image. */
const words = scriptedModel({
  name: 'words',
  inputs: { ids: { dtype: 'DT_INT64', shape: [-1, 16] } },
  outputs: { next: { dtype: 'DT_FLOAT', shape: [-1, 2, 2, 3] } },
  predict: () => ({}),
})

async function readiness(url: string, until: (body: { models: { reason: string }[] }) => boolean) {
  for (;;) {
    const response = await fetch(`${url}/readyz`)
    const body = await response.json()
    if (response.ok || until(body)) return { status: response.status, body }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

t.test('a default model that only gives its bare outputs is warmed up and ready', async (t) => {
  const { url } = await start(t, { models: [heat], env: { DEFAULT_MODEL: 'heat' } })
  t.match(await readiness(url, () => false), { status: 200 })
  t.equal(calls, 1)
  const image = await photo('coffee')
  t.match(await post(`${url}/v1/predict`, form([image])), {
    status: 200,
    body: { outputs: { heat: { shape: [1, 2, 2, 3] } } },
  })
  t.match(await post(`${url}/v1/detect`, form([image])), {
    status: 502,
    body: { code: 'signature_mismatch' },
  })
})

t.test('what takes no image, or has another task on its card, is not ready', async (t) => {
  const rows = [
    { models: [words], env: { DEFAULT_MODEL: 'words' } },
    {
      models: [heat],
      repository: { 'heat/model.json': '{"task":"object-detection"}' },
      env: { DEFAULT_MODEL: 'heat' },
    },
  ]
  for (const row of rows) {
    const { url } = await start(t, row)
    const isMismatch = ({ models }: { models: { reason: string }[] }) =>
      models.some(({ reason }) => /object detection/.test(reason))
    t.match(await readiness(url, isMismatch), { status: 503 })
  }
})

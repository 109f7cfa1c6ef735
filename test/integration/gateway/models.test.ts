import t from 'tap'
import {
  LabelsResponse,
  ModelResponse,
  ModelsResponse,
} from '../../../src/schemas/model-responses.js'
import { detector, form, photo, ready, start } from './harness.js'

const card = (labels: Record<string, string>) =>
  JSON.stringify({ card_version: 1, task: 'object-detection', labels })

async function get(url: string) {
  const response = await fetch(url)
  return { status: response.status, body: await response.json() }
}

t.test('GET /v1/models', async (t) => {
  t.test('lists the default model, cards and models.config, and nothing asked for', async (t) => {
    const config = 'model_config_list { config { name: "listed" base_path: "/models/listed" } }'
    const { url } = await start(t, {
      models: [
        detector({ name: 'carded' }),
        detector({ name: 'listed', versions: [{ version: '2', state: 'LOADING' }] }),
        detector({ name: 'plain' }),
      ],
      repository: { 'carded/model.json': card({ 1: 'ape', 7: 'owl' }), 'models.config': config },
      env: { DEFAULT_MODEL: 'carded' },
    })
    t.match(await get(`${url}/v1/models/plain`), { status: 200, body: { state: 'AVAILABLE' } })
    const { status, body } = await get(`${url}/v1/models`)
    t.equal(status, 200)
    t.ok(ModelsResponse.safeParse(body).success)
    t.strictSame(
      body.models.map(({ name }: { name: string }) => name),
      ['carded', 'listed'],
    )
    t.match(body.models, [
      {
        default: true,
        state: 'AVAILABLE',
        reason: null,
        versions: [{ version: '1', state: 'AVAILABLE' }],
        input: { name: 'input_tensor', dtype: 'DT_UINT8', shape: [-1, -1, -1, 3], kind: 'pixels' },
        label_count: 2,
      },
      {
        default: false,
        state: 'LOADING',
        reason: /LOADING/,
        versions: [{ version: '2', state: 'LOADING' }],
        input: null,
        label_count: 0,
      },
    ])
  })

  t.test('tells of one model, its signature and its labels', async (t) => {
    const repository = { 'carded/model.json': card({ 7: 'owl', 1: 'ape' }) }
    const { url } = await start(t, { models: [detector({ name: 'carded' })], repository })
    const one = await get(`${url}/v1/models/carded`)
    t.ok(ModelResponse.safeParse(one.body).success)
    t.match(one.body.signature, {
      name: 'serving_default',
      method: 'tensorflow/serving/predict',
      inputs: { input_tensor: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
      outputs: { detection_boxes: { dtype: 'DT_FLOAT', shape: [-1, -1, 4] } },
    })
    const labels = await get(`${url}/v1/models/carded/labels`)
    t.ok(LabelsResponse.safeParse(labels.body).success)
    t.strictSame(labels.body, {
      labels: [
        { id: 1, name: 'ape' },
        { id: 7, name: 'owl' },
      ],
    })
  })

  t.test('names what a model that serves lacks for detection', async (t) => {
    const inputs = { x: { dtype: 'DT_INT64', shape: [-1] } }
    const { url } = await start(t, { models: [detector({ name: 'text', inputs })] })
    t.match(await get(`${url}/v1/models/text`), {
      status: 200,
      body: { state: 'AVAILABLE', reason: /DT_INT64/, signature: null, input: null },
    })
  })

  t.test('refuses a model that nobody knows', async (t) => {
    const { url } = await start(t)
    for (const path of ['nope', 'nope/labels']) {
      const answer = await get(`${url}/v1/models/${path}`)
      t.match(answer, { status: 404, body: { code: 'model_not_found' } }, path)
    }
    t.match(await get(`${url}/v1/models/a:b`), { status: 400, body: { code: 'invalid_parameter' } })
  })

  t.test('while the model server is away, knows only what it knows by itself', async (t) => {
    const env = { TF_SERVING_TARGET: '127.0.0.1:1', DEFAULT_MODEL: 'carded' }
    const { url } = await start(t, { env, repository: { 'carded/model.json': card({ 1: 'ape' }) } })
    t.match(await get(`${url}/v1/models`), {
      status: 200,
      body: { models: [{ name: 'carded', state: 'UNKNOWN', reason: /cannot be reached/ }] },
    })
    t.match(await get(`${url}/v1/models/carded/labels`), { body: { labels: [{ name: 'ape' }] } })
    for (const path of ['nope', 'nope/labels']) {
      const answer = await get(`${url}/v1/models/${path}`)
      t.match(answer, { status: 503, body: { code: 'upstream_unavailable' } }, path)
    }
  })
})

t.test('GET /readyz', async (t) => {
  t.test('is 503 with a reason until the default model is available', async (t) => {
    const model = detector({ versions: [{ version: '1', state: 'LOADING' }] })
    const { url } = await start(t, { models: [model] })
    const reason = async () => (await get(`${url}/readyz`)).body.models[0].reason
    while (!/LOADING/.test(await reason())) await new Promise((resolve) => setTimeout(resolve, 20))
    t.match(await get(`${url}/readyz`), {
      status: 503,
      body: { status: 'not_ready', models: [{ name: 'ssdlite_mobilenet_v2_coco', ready: false }] },
    })
    model.versions = [{ version: '1', state: 'AVAILABLE' }]
    await ready(url)
    t.match(await get(`${url}/readyz`), {
      status: 200,
      body: { status: 'ready', models: [{ ready: true, reason: null }] },
    })
  })
})

t.test('GET /readyz knows a version whose number no request can name', async (t) => {
  const versions = [{ version: '20261125163611123', state: 'AVAILABLE' }] as const
  const { url } = await start(t, { models: [detector({ versions })] })
  await ready(url)
  t.match(await get(`${url}/readyz`), { status: 200 })
})

t.test('GET /metrics', async (t) => {
  t.test('has every stage of an image, and names that exist only', async (t) => {
    const { url } = await start(t, { models: [detector(), detector({ name: 'plain' })] })
    const image = await photo('chelsea')
    const ask = (fields: Record<string, string>) =>
      fetch(`${url}/v1/detect`, { method: 'POST', body: form([image], fields) })
    for (const fields of [{ format: 'jpeg' }, { model: 'plain' }, { model: 'made-up' }])
      await (await ask(fields)).arrayBuffer()
    const metrics = await (await fetch(`${url}/metrics`)).text()
    for (const stage of ['queue', 'decode', 'predict', 'postprocess', 'annotate']) {
      const series = `_stage_duration_seconds_count{stage="${stage}",model="ssdlite_mobilenet_v2_coco"}`
      t.match(metrics, series, stage)
    }
    t.match(metrics, '{stage="predict",model="other"} 1')
    t.notMatch(metrics, /plain|made-up/)
  })
})

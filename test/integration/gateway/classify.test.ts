import t, { type Test } from 'tap'
import { type Script, scriptedModel } from '../../../src/embedded/scripted-model.js'
import type { ExampleContext, ServedModel } from '../../../src/embedded/served-model.js'
import {
  ClassifyBatchResponse,
  ClassifyResponse,
  PredictResponse,
  RegressResponse,
} from '../../../src/schemas/classify-responses.js'
import { detector, form, photo, post, ready, start } from './harness.js'

const PIXELS: Script['inputs'] = { keras_tensor: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } }
const BYTES: Script['inputs'] = { inputs: { dtype: 'DT_STRING', shape: [-1] } }

function float(shape: number[], values: readonly number[]) {
  return { dtype: 'DT_FLOAT', shape, data: Float32Array.from(values) } as const
}

/** A classifier of pixels that gives the same row for every image. */
function pixels(name: string, row: readonly number[], change: Partial<Script> = {}) {
  return scriptedModel({
    name,
    inputs: PIXELS,
    outputs: { output_0: { dtype: 'DT_FLOAT', shape: [-1, row.length] } },
    predict: ({ inputs }) => {
      const [count] = Object.values(inputs)[0]!.shape as [number]
      const rows = Array.from({ length: count }, () => row).flat()
      return { output_0: float([count, row.length], rows) }
    },
    ...change,
  })
}

/** Whether each Example has a JPEG in the feature and nothing else. */
function jpegs({ examples }: ExampleContext, feature: string): boolean[] {
  return examples.map((it) => it.size === 1 && it.get(feature)?.[0]?.[0] === 0xff)
}

const examples: ServedModel = {
  ...scriptedModel({
    name: 'examples',
    version: '3',
    method: 'tensorflow/serving/classify',
    inputs: BYTES,
    outputs: {
      classes: { dtype: 'DT_STRING', shape: [-1, 3] },
      scores: { dtype: 'DT_FLOAT', shape: [-1, 3] },
    },
    predict: {},
  }),
  classify: (context) =>
    jpegs(context, 'image/encoded').map((isJpeg) => [
      { label: 'owl', score: isJpeg ? 0.25 : 0 },
      { label: 'ape', score: isJpeg ? 0.75 : 0 },
      { label: 'elk', score: 0 },
    ]),
}
const age: ServedModel = {
  ...scriptedModel({
    name: 'age',
    method: 'tensorflow/serving/regress',
    inputs: BYTES,
    outputs: { outputs: { dtype: 'DT_FLOAT', shape: [-1, 1] } },
    predict: {},
  }),
  regress: (context) => jpegs(context, 'picture').map((isJpeg, at) => (isJpeg ? 41.5 + at : -1)),
}

const MODELS = [
  pixels('shapes', [0.125, 0.5, 0.375]),
  pixels('logits', [1, 3, 2]),
  pixels('slim', [0.5, 0.125, 0.375]),
  pixels('broken', [0.5, Number.NaN, 0.5]),
  pixels('height', [1.75]),
  pixels('moods', [0, 0.5, 0.125, 0.125, 0.125, 0.125, 0]),
  pixels('spatial', [0, 0.5, 0.125, 0.125, 0.125, 0.125, 0], {
    outputs: { output_0: { dtype: 'DT_FLOAT', shape: [-1, 1, 1, 7] } },
  }),
  pixels('ranked', [], {
    inputs: { image_bytes: { dtype: 'DT_STRING', shape: [-1] } },
    outputs: {
      classes: { dtype: 'DT_INT64', shape: [-1, 2] },
      probabilities: { dtype: 'DT_FLOAT', shape: [-1, 2] },
      pooled: { dtype: 'DT_FLOAT', shape: [-1, 1024, 4096] },
    },
    predict: {
      classes: { dtype: 'DT_INT64', shape: [1, 2], data: BigInt64Array.of(2n, 0n) },
      probabilities: float([1, 2], [0.75, 0.125]),
      pooled: float([1, 1, 1], [0]),
    },
  }),
  pixels('best', [], {
    outputs: {
      classes: { dtype: 'DT_INT64', shape: [-1, 3] },
      scores: { dtype: 'DT_FLOAT', shape: [-1, 3] },
    },
    predict: {
      classes: { dtype: 'DT_INT64', shape: [1, 3], data: BigInt64Array.of(0n, 2n, 1n) },
      scores: float([1, 3], [0.5, 0.375, 0.125]),
    },
  }),
  pixels('wild', [], {
    outputs: {
      classes: { dtype: 'DT_INT64', shape: [-1, 2] },
      scores: { dtype: 'DT_FLOAT', shape: [-1, 2] },
    },
    predict: {
      classes: { dtype: 'DT_INT64', shape: [1, 2], data: BigInt64Array.of(1n, 2n ** 62n) },
      scores: float([1, 2], [0.5, 0.375]),
    },
  }),
  examples,
  age,
  detector(),
]
const card = (json: object) => JSON.stringify({ card_version: 1, ...json })
const CARDS = {
  'shapes/model.json': card({ task: 'image-classification', labels: 'labels.txt' }),
  'shapes/labels.txt': 'circle\nsquare\nstar\n',
  'logits/model.json': card({
    task: 'image-classification',
    labels: ['circle', 'square', 'star'],
    activation: 'softmax',
    defaults: { top_k: 2, min_score: 0.1 },
  }),
  'slim/model.json': card({
    task: 'image-classification',
    labels: ['square', 'star'],
    label_offset: 1,
  }),
  'best/model.json': card({
    task: 'image-classification',
    labels: ['square', 'star'],
    label_offset: 1,
  }),
  'broken/model.json': card({ task: 'image-classification' }),
  'height/model.json': card({ task: 'image-regression' }),
  'ranked/model.json': card({ task: 'image-classification', labels: { 0: 'cat', 2: 'dog' } }),
  'age/model.json': card({ example_feature: 'picture' }),
}

t.test('POST /v1/classify', async (t) => {
  const env = { DEFAULT_MODEL: 'shapes' }
  const { url } = await start(t, { models: MODELS, repository: CARDS, env })
  const image = await photo('coffee')
  const classify = (fields: Record<string, string> = {}) =>
    post(`${url}/v1/classify`, form([image], fields))

  t.test(
    'answers the classes, best first, and a classifier is a ready default model',
    async (t) => {
      await ready(url)
      const { status, body } = await classify()
      t.equal(status, 200)
      t.ok(ClassifyResponse.safeParse(body).success)
      t.match(body, {
        model: { name: 'shapes', version: '1', signature: 'serving_default' },
        image: { width: 600, height: 400, format: 'jpeg', orientation: 1 },
        timings_ms: { total: Number },
      })
      t.strictSame(body.classifications, [
        { label: 'square', class_id: 1, score: 0.5 },
        { label: 'star', class_id: 2, score: 0.375 },
        { label: 'circle', class_id: 0, score: 0.125 },
      ])
    },
  )

  t.test('takes bytes and JSON too', async (t) => {
    const raw = await post(`${url}/v1/classify?top_k=1`, image, { 'content-type': 'image/jpeg' })
    t.match(raw, { status: 200, body: { classifications: { length: 1 } } })
    const json = { image: { b64: image.toString('base64') }, labels: ['star', 0] }
    const typed = await post(`${url}/v1/classify`, JSON.stringify(json), {
      'content-type': 'application/json',
    })
    t.match(typed.body.classifications, [{ label: 'star' }, { label: 'circle' }])
  })

  t.test('keeps what the request wants', async (t) => {
    const names = async (fields: Record<string, string>) =>
      (await classify(fields)).body.classifications.map((it: { label: string }) => it.label)
    t.strictSame(await names({ top_k: '2' }), ['square', 'star'])
    t.strictSame(await names({ min_score: '0.2' }), ['square', 'star'])
    t.strictSame(await names({ labels: 'Circle' }), ['circle'])
    t.strictSame(await names({ exclude_labels: '1' }), ['star', 'circle'])
    t.match(await classify({ labels: 'cirkle' }), {
      status: 400,
      body: { code: 'invalid_parameter', detail: /did you mean "circle"/ },
    })
    t.match(await classify({ max_detections: '3', top_k: '0' }), {
      status: 400,
      body: { errors: [{ field: 'max_detections' }, { field: 'top_k' }] },
    })
  })

  t.test('makes probabilities of logits, as the card says, and takes its defaults', async (t) => {
    const { body } = await classify({ model: 'logits' })
    const sum = Math.exp(1) + Math.exp(2) + Math.exp(3)
    const score = (logit: number) => Math.round((Math.exp(logit) / sum) * 1e6) / 1e6
    t.strictSame(body.classifications, [
      { label: 'square', class_id: 1, score: score(3) },
      { label: 'star', class_id: 2, score: score(2) },
    ])
  })

  t.test('leaves the background out, and names the classes after it', async (t) => {
    const { body } = await classify({ model: 'slim' })
    t.strictSame(body.classifications, [
      { label: 'star', class_id: 2, score: 0.375 },
      { label: 'square', class_id: 1, score: 0.125 },
    ])
  })

  t.test('leaves the background out also where the model names it', async (t) => {
    const { body } = await classify({ model: 'best' })
    t.strictSame(body.classifications, [
      { label: 'star', class_id: 2, score: 0.375 },
      { label: 'square', class_id: 1, score: 0.125 },
    ])
  })

  t.test('lists labels by the class ids of the answers', async (t) => {
    const { labels } = await (await fetch(`${url}/v1/models/slim/labels`)).json()
    t.strictSame(labels, [
      { id: 1, name: 'square' },
      { id: 2, name: 'star' },
    ])
  })

  t.test('names the batch of its own task where there are too many images', async (t) => {
    const detail = async (route: string) =>
      (await post(`${url}/v1/${route}`, form([image, image]))).body.detail
    t.match(await detail('classify'), /\/v1\/classify\/batch/)
    t.match(await detail('regress'), /\/v1\/regress\/batch/)
    t.equal(await detail('predict'), 'Expected one image')
    t.match(await detail('detect'), /\/v1\/detect\/batch/)
  })

  t.test('reads classes beside their scores', async (t) => {
    const { body } = await classify({ model: 'ranked' })
    t.strictSame(body.classifications, [
      { label: 'dog', class_id: 2, score: 0.75 },
      { label: 'cat', class_id: 0, score: 0.125 },
    ])
  })

  t.test('asks a signature of the method classify in tf.Examples', async (t) => {
    const { body } = await classify({ model: 'examples', labels: 'ape,OWL' })
    t.equal(body.model.version, '3')
    t.strictSame(body.classifications, [
      { label: 'ape', class_id: null, score: 0.75 },
      { label: 'owl', class_id: null, score: 0.25 },
    ])
  })

  t.test('refuses scores that are none', async (t) => {
    t.match(await classify({ model: 'broken' }), {
      status: 502,
      body: { code: 'upstream_invalid_response', detail: /NaN/ },
    })
  })

  t.test('refuses classes that are none', async (t) => {
    t.match(await classify({ model: 'wild' }), {
      status: 502,
      body: {
        code: 'upstream_invalid_response',
        detail: /"classes".*4611686018427388000.*no class/,
      },
    })
  })

  t.test('names the right route for a model of another task', async (t) => {
    const mismatch = (route: RegExp) => ({
      status: 400,
      body: { code: 'task_mismatch', detail: route },
    })
    t.match(await classify({ model: 'ssdlite_mobilenet_v2_coco' }), mismatch(/\/v1\/detect,/))
    t.match(await classify({ model: 'height' }), mismatch(/\/v1\/regress,/))
    const detect = await post(`${url}/v1/detect`, form([image], { model: 'examples' }))
    t.match(detect, mismatch(/\/v1\/classify,/))
    const carded = await post(`${url}/v1/detect`, form([image], { model: 'shapes' }))
    t.match(carded, mismatch(/\/v1\/classify,/))
    t.match(await classify({ model: 'nope' }), { status: 404, body: { code: 'model_not_found' } })
  })

  t.test('takes seven classes for no rows of objects', async (t) => {
    for (const model of ['moods', 'spatial']) {
      const detect = await post(`${url}/v1/detect`, form([image], { model }))
      t.match(detect, { status: 400, body: { code: 'task_mismatch' } }, model)
      const { task } = await (await fetch(`${url}/v1/models/${model}`)).json()
      t.equal(task, 'image-classification', model)
    }
  })

  t.test('answers a batch in order, and one bad image fails alone', async (t) => {
    const body = form([image, Buffer.from('no picture'), image], { top_k: '1' })
    const { status, body: answer } = await post(`${url}/v1/classify/batch`, body)
    t.equal(status, 200)
    t.ok(ClassifyBatchResponse.safeParse(answer).success)
    t.match(answer.results, [
      { index: 0, filename: 'photo-0.jpg', status: 200, classifications: [{ label: 'square' }] },
      { index: 1, status: 415, error: { code: 'unsupported_media_type' } },
      { index: 2, status: 200 },
    ])
    const lines = await fetch(`${url}/v1/classify/batch`, {
      method: 'POST',
      headers: { accept: 'application/x-ndjson' },
      body: form([image, image]),
    })
    t.equal(lines.headers.get('content-type'), 'application/x-ndjson')
    const items = (await lines.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    t.strictSame(items.map(({ index }) => index).sort(), [0, 1])
  })

  t.test('answers nothing but JSON', async (t) => {
    const answer = await post(`${url}/v1/classify`, form([image]), { accept: 'image/png' })
    t.match(answer, { status: 406, body: { code: 'not_acceptable' } })
  })

  t.test('lists the task of each model', async (t) => {
    const { models } = await (await fetch(`${url}/v1/models`)).json()
    const tasks = models.map((it: { name: string; task: string }) => [it.name, it.task])
    t.strictSame(tasks, [
      ['age', 'image-regression'],
      ['best', 'image-classification'],
      ['broken', 'image-classification'],
      ['height', 'image-regression'],
      ['logits', 'image-classification'],
      ['ranked', 'image-classification'],
      ['shapes', 'image-classification'],
      ['slim', 'image-classification'],
    ])
    const shapes = models.find((it: { name: string }) => it.name === 'shapes')
    t.match(shapes, { label_count: 3, input: { name: 'keras_tensor', kind: 'pixels' } })
  })

  t.test('POST /v1/regress', async (t) => {
    const regress = (model: string) => post(`${url}/v1/regress`, form([image], { model }))
    const height = await regress('height')
    t.ok(RegressResponse.safeParse(height.body).success)
    t.strictSame(height.body.regressions, [{ value: 1.75 }])
    t.strictSame((await regress('age')).body.regressions, [{ value: 41.5 }])
    t.match(await regress('shapes'), { status: 400, body: { code: 'task_mismatch' } })
    const batch = await post(`${url}/v1/regress/batch`, form([image, image], { model: 'age' }))
    const values = batch.body.results.map(
      (it: { regressions: [{ value: number }] }) => it.regressions[0].value,
    )
    t.strictSame(values, [41.5, 42.5])
  })

  t.test('POST /v1/predict', async (t) => {
    const predict = (fields: Record<string, string>) =>
      post(`${url}/v1/predict`, form([image], fields))
    const { status, body } = await predict({ model: 'shapes' })
    t.equal(status, 200)
    t.ok(PredictResponse.safeParse(body).success)
    t.strictSame(body.outputs, {
      output_0: { dtype: 'DT_FLOAT', shape: [1, 3], values: [0.125, 0.5, 0.375] },
    })
    const some = await predict({ model: 'ranked', outputs: 'classes' })
    t.strictSame(some.body.outputs, {
      classes: { dtype: 'DT_INT64', shape: [1, 2], values: [2, 0] },
    })
    t.match(await predict({ model: 'ranked' }), {
      status: 422,
      body: { code: 'answer_too_large', detail: /PREDICT_MAX_BYTES/ },
    })
    t.match(await predict({ model: 'shapes', outputs: 'nope' }), {
      status: 400,
      body: { code: 'invalid_parameter', errors: [{ field: 'outputs', message: /output_0/ }] },
    })
    t.match(await predict({ model: 'examples' }), {
      status: 502,
      body: { code: 'signature_mismatch', detail: /tf\.Examples/ },
    })
    t.match(
      await post(
        `${url}/v1/predict`,
        JSON.stringify({ image: { b64: image.toString('base64') }, outputs: [] }),
        { 'content-type': 'application/json' },
      ),
      { status: 400, body: { errors: [{ field: 'outputs', message: /names no output/ }] } },
    )
    // JSON has no form for one of the numbers.
    const { output_0: broken } = (await predict({ model: 'broken' })).body.outputs
    t.strictSame(
      [...new Float32Array(new Uint8Array(Buffer.from(broken.b64, 'base64')).buffer)],
      [0.5, Number.NaN, 0.5],
    )
  })
})

t.test('labels that do not fit the scores are told', async (t: Test) => {
  const models = [pixels('a', [0.5, 0.25, 0.25]), pixels('b', [0.5, 0.25, 0.25])]
  const repository = {
    'a/model.json': card({ task: 'image-classification', labels: ['one', 'two'] }),
    'b/model.json': card({ labels: ['one', 'two', 'three'] }),
  }
  const { url } = await start(t, { models, repository, env: { DEFAULT_MODEL: 'a' } })
  const image = await photo('coffee')
  const detail = async (model: string) =>
    (await post(`${url}/v1/classify`, form([image], { model }))).body
  t.match(await detail('a'), { code: 'signature_mismatch', detail: /label_offset 1/ })
  t.match(await detail('b'), { code: 'signature_mismatch', detail: /label_offset -1/ })
})

import { createHash } from 'node:crypto'
import sharp from 'sharp'
import t from 'tap'
import { DOG, detector, form, PERSON, photo, post, ready, start } from './harness.js'

const MODEL = 'ssdlite_mobilenet_v2_coco'
const JSON_TYPE = { 'content-type': 'application/json' }
const ALL = 'deepstack,doods,max,tfserving,oip'

async function get(url: string) {
  const response = await fetch(url)
  return { status: response.status, body: await response.json() }
}

t.test('every door', async (t) => {
  const image = await photo('chelsea')
  const { width, height } = await sharp(image).metadata()
  const { url } = await start(t, {
    env: { COMPAT: ALL, MAX_JSON_BYTES: '1000000' },
    models: [
      detector(),
      detector({
        name: 'fixed',
        inputs: { images: { dtype: 'DT_UINT8', shape: [-1, 300, 200, 3] } },
      }),
    ],
  })
  await ready(url)
  const [top, left, bottom, right] = DOG.box

  t.test('DeepStack', async (t) => {
    const detect = (fields: Record<string, string>, model = 'detection') =>
      post(`${url}/v1/vision/${model}`, form([image], fields))
    const { status, body } = await detect({ api_key: '', something: 'else' })
    t.equal(status, 200)
    t.match(body, { success: true, count: 2, moduleId: MODEL, inferenceMs: Number })
    t.strictSame(body.predictions, [
      {
        label: 'dog',
        confidence: 0.9,
        x_min: Math.round(left * width),
        y_min: Math.round(top * height),
        x_max: Math.round(right * width),
        y_max: Math.round(bottom * height),
      },
      { label: 'person', confidence: 0.6, x_min: 0, y_min: 0, x_max: width, y_max: height },
    ])
    const sure = await detect({ min_confidence: '0.7' })
    t.equal(sure.body.count, 1, 'min_confidence')
    t.equal((await detect({ min_confidence: '' })).body.count, 2, 'an empty one is 0.4')
    t.equal((await detect({}, `custom/${MODEL}`)).body.count, 2, 'a model by name')
    const list = await post(`${url}/v1/vision/custom/list`, new FormData())
    t.match(list.body, { success: true, models: [MODEL] })

    const wrong = await detect({ min_confidence: '40' })
    t.equal(wrong.status, 400)
    t.match(wrong.body, { success: false, code: 400, error: /min_confidence.*0\.4/ })
    const missing = await detect({}, 'custom/nothing')
    t.match(missing, { status: 404, body: { success: false, error: /nothing/ } })
    const text = await post(`${url}/v1/vision/detection`, form([Buffer.from('no picture')]))
    t.match(text, { status: 400, body: { success: false, code: 400 } }, 'not a 415')
    const empty = await post(`${url}/v1/vision/detection`, form([]))
    t.match(empty, { status: 400, body: { success: false } })
  })

  t.test('DOODS2', async (t) => {
    const data = image.toString('base64')
    const ask = (question: object, path = 'detect') =>
      fetch(`${url}/${path}`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ data, ...question }),
      })
    const detect = async (question: object) => {
      const response = await ask(question)
      return { status: response.status, body: await response.json() }
    }
    const { body: list } = await get(`${url}/detectors`)
    t.match(list.detectors[0], { name: 'default', type: 'tensorflow', model: MODEL, width: 0 })
    t.ok(list.detectors[0].labels.includes('dog'))
    t.ok(list.detectors.some(({ name }: { name: string }) => name === MODEL))

    const all = await detect({ id: 'x', detector_name: 'default', detect: { '*': 50 } })
    t.strictSame(all, {
      status: 200,
      body: {
        id: 'x',
        detections: [
          { top, left, bottom, right, label: 'dog', confidence: 90 },
          { top: 0, left: 0, bottom: 1, right: 1, label: 'person', confidence: 60 },
        ],
      },
    })
    const labels = async (question: object) =>
      (await detect(question)).body.detections.map((it: { label: string }) => it.label)
    t.strictSame(await labels({ detect: { person: 50 } }), ['person'], 'by label')
    t.strictSame(await labels({ detect: { '*': 10, person: 70 } }), ['dog'], 'a label before *')
    t.strictSame(await labels({}), [], 'nothing is asked for')
    t.strictSame(await labels({ detect: { constructor: 1 } }), [])
    const half = { top: 0, left: 0, bottom: 0.7, right: 0.7, detect: { '*': 50 }, id: 'half' }
    t.strictSame(await labels({ regions: [{ ...half, covers: true }] }), ['dog'], 'all in a region')
    const touched = await detect({ regions: [half] })
    t.match(touched.body.detections, [{ region_id: 'half' }, { region_id: 'half' }])
    t.strictSame(await labels({ detect: { person: 1 }, regions: [{ ...half, covers: true }] }), [
      'dog',
      'person',
    ])

    const drawn = await ask({ detect: { dog: 1 } }, 'image')
    t.equal(drawn.headers.get('content-type'), 'image/jpeg')
    const picture = await sharp(Buffer.from(await drawn.arrayBuffer())).metadata()
    t.match(picture, { format: 'jpeg', width, height })
    const png = await ask({ detect: { dog: 1 }, image: '.png' }, 'image')
    t.equal(png.headers.get('content-type'), 'image/png')
    const both = await detect({ detect: { '*': 1 }, image: 'jpg' })
    t.equal((await sharp(Buffer.from(both.body.image, 'base64')).metadata()).format, 'jpeg')

    const remote = await detect({ data: 'http://127.0.0.1/x.jpg' })
    t.match(remote, { status: 400, body: { error: /URL/, detections: [] } })
    const unknown = await detect({ detector_name: 'nothing', detect: { '*': 1 } })
    t.match(unknown, { status: 404, body: { error: /nothing/ } })
    t.match(await detect({ detect: { '*': 101 } }), { status: 400, body: { error: /detect/ } })
    t.match(await detect({ data: '%' }), { status: 400, body: { error: String } })
    t.match(await detect({ preprocess: ['grayscale'] }), { status: 400 })
    const large = await detect({ data: 'A'.repeat(1_000_001) })
    t.match(large, { status: 413, body: { error: /MAX_JSON_BYTES/ } })
  })

  t.test('MAX', async (t) => {
    const predict = (fields: Record<string, string>, query = '') =>
      post(`${url}/model/predict${query}`, form([image], fields))
    const { status, body } = await predict({})
    t.strictSame(
      { status, body },
      {
        status: 200,
        body: {
          status: 'ok',
          predictions: [
            {
              label_id: '18',
              label: 'dog',
              probability: 0.9,
              detection_box: [top, left, bottom, right],
            },
          ],
        },
      },
      'above 0.7',
    )
    t.equal((await predict({ threshold: '0.5' })).body.predictions.length, 2)
    t.equal((await predict({}, '?threshold=0.5')).body.predictions.length, 2)
    const { body: labels } = await get(`${url}/model/labels`)
    t.equal(labels.count, labels.labels.length)
    t.strictSame(labels.labels[0], { id: '1', name: 'person' })
    t.match((await get(`${url}/model/metadata`)).body, { id: MODEL, type: 'Object Detection' })
    const wrong = await predict({ threshold: 'high' })
    t.match(wrong, { status: 400, body: { status: 'error', message: /threshold/ } })
  })

  t.test('TensorFlow Serving', async (t) => {
    const b64 = image.toString('base64')
    const predict = (body: unknown, path = `models/${MODEL}`, headers = JSON_TYPE) =>
      post(`${url}/v1/${path}:predict`, JSON.stringify(body), headers)
    const expected = {
      detection_boxes: [[...DOG.box], [...PERSON.box]],
      detection_scores: [0.9, 0.6],
      detection_classes: [18, 1],
      num_detections: 2,
    }
    const rows = await predict({ instances: [{ b64 }, { input_tensor: { b64 } }] })
    t.strictSame(rows.body, { predictions: [expected, expected] }, 'rows')
    const columns = await predict({ inputs: { input_tensor: [{ b64 }] } })
    t.strictSame(
      columns.body,
      {
        outputs: {
          detection_boxes: [expected.detection_boxes],
          detection_scores: [expected.detection_scores],
          detection_classes: [expected.detection_classes],
          num_detections: [2],
        },
      },
      'columns',
    )
    for (const inputs of [{ b64 }, [{ b64 }], { input_tensor: { b64 } }]) {
      t.strictSame((await predict({ inputs })).body, columns.body)
    }
    const ask = (path: string) => predict({ instances: [{ b64 }] }, path)
    t.equal((await ask(`models/${MODEL}/versions/1`)).status, 200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const curl = await predict({ instances: [{ b64 }] }, undefined, form)
    t.equal(curl.status, 200, 'curl -d gives JSON a type of its own')

    const problems = [
      { got: await ask('models/nothing'), status: 404, error: /nothing/ },
      { got: await ask(`models/${MODEL}/versions/7`), status: 404, error: /7/ },
      { got: await ask(`models/${MODEL}/labels/stable`), status: /4\d\d/, error: /stable/ },
      { got: await predict({ instances: [[1, 2]] }), status: 400, error: /b64/ },
      { got: await predict({ instances: [{ b64: 'bm9uZQ==' }] }), status: 400, error: String },
      { got: await predict({}), status: 400, error: /instances/ },
      { got: await predict({ instances: [{ b64 }], inputs: { b64 } }), status: 400, error: /both/ },
      {
        got: await predict({ instances: [{ b64 }], signature_name: 'other' }),
        status: 400,
        error: /serving_default/,
      },
    ]
    for (const { got, status, error } of problems) {
      t.match(String(got.status), typeof status === 'number' ? String(status) : status)
      t.strictSame(Object.keys(got.body), ['error'])
      t.match(got.body, { error })
    }

    const one = {
      version: '1',
      state: 'AVAILABLE',
      status: { error_code: 'OK', error_message: '' },
    }
    const own = await get(`${url}/v1/models/${MODEL}`)
    t.match(own.body, { name: MODEL, state: 'AVAILABLE', model_version_status: [one] })
    const version = await get(`${url}/v1/models/${MODEL}/versions/1`)
    t.strictSame(version.body, { model_version_status: [one] })
    t.match(await get(`${url}/v1/models/${MODEL}/versions/9`), {
      status: 404,
      body: { error: /9/ },
    })
    for (const path of ['metadata', 'versions/1/metadata']) {
      const { body } = await get(`${url}/v1/models/${MODEL}/${path}`)
      t.strictSame(body.model_spec, { name: MODEL, signature_name: '', version: '1' })
      const { inputs, method_name } = body.metadata.signature_def.signature_def.serving_default
      t.equal(method_name, 'tensorflow/serving/predict')
      t.strictSame(inputs.input_tensor, {
        dtype: 'DT_UINT8',
        tensor_shape: {
          dim: ['-1', '-1', '-1', '3'].map((size) => ({ size, name: '' })),
          unknown_rank: false,
        },
        name: '',
      })
    }
    const wrongMethod = await get(`${url}/v1/models/${MODEL}:predict`)
    t.match(wrongMethod, { status: 405, body: { code: 'method_not_allowed' } })
  })

  t.test('Open Inference Protocol', async (t) => {
    t.match(await get(`${url}/v2`), { status: 200, body: { name: 'detection-gateway' } })
    t.match(await get(`${url}/v2/health/live`), { status: 200, body: { live: true } })
    t.match(await get(`${url}/v2/health/ready`), { status: 200, body: { ready: true } })
    const { body } = await get(`${url}/v2/models/${MODEL}`)
    t.match(body, {
      name: MODEL,
      versions: ['1'],
      platform: 'tensorflow_savedmodel',
      inputs: [{ name: 'input_tensor', datatype: 'UINT8', shape: [-1, -1, -1, 3] }],
    })
    t.ok(body.outputs.some((it: object) => t.match(it, { datatype: 'FP32' })))
    t.strictSame((await get(`${url}/v2/models/${MODEL}/versions/1`)).body, body)
    t.match(await get(`${url}/v2/models/${MODEL}/ready`), { status: 200, body: { ready: true } })
    t.match(await get(`${url}/v2/models/${MODEL}/versions/1/ready`), { status: 200 })
    t.match(await get(`${url}/v2/models/${MODEL}/versions/8/ready`), { status: 503 })
    t.match(await get(`${url}/v2/models/${MODEL}/versions/8`), { status: 404 })
    t.match(await get(`${url}/v2/models/nothing`), { status: 404, body: { error: /nothing/ } })
    t.match(await get(`${url}/v2/models/nothing/ready`), {
      status: 404,
      body: { error: /nothing/ },
    })
  })

  t.test('are counted, documented and told by method', async (t) => {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    t.match(metrics, /route="\/v1\/models\/:model:predict"/)
    t.match(metrics, /route="\/v1\/vision\/detection",status_code="200"/)
    const { paths } = (await get(`${url}/openapi.json`)).body
    t.ok(paths['/v1/models/{model}:predict']?.post, 'the path of a prediction')
    t.ok(paths['/detect']?.post && paths['/model/predict']?.post && paths['/v2']?.get)
    const wrong = await fetch(`${url}/v1/vision/detection`)
    t.equal(wrong.status, 405)
    t.equal(wrong.headers.get('allow'), 'POST')
  })
})

t.test('what stands before every route stands before a door', async (t) => {
  const key = 'open sesame'
  const hash = createHash('sha256').update(key).digest('hex')
  const { url } = await start(t, {
    env: { COMPAT: ALL, API_KEYS: `camera:${hash}`, REQUEST_TIMEOUT_MS: '300' },
    // Answers what the gateway asks of a model, but no prediction.
    intercept: ({ method }) =>
      method === 'Predict' ? new Promise<void>(() => undefined) : undefined,
  })
  const doods = (headers: object) =>
    fetch(`${url}/detectors`, { headers: { ...headers } }).then((it) => it.status)
  t.equal(await doods({}), 401)
  t.equal(await doods({ 'doods-auth-key': key }), 200, "DOODS' own header")
  t.equal(await doods({ 'x-api-key': key }), 200)
  const image = await photo('coffee')
  const bodies = {
    '/v1/vision/detection': { success: false, error: String },
    '/model/predict': { status: 'error', message: String },
  }
  for (const [path, body] of Object.entries(bodies)) {
    const closed = await post(`${url}${path}`, form([image]))
    t.match(closed, { status: 401, body }, `${path}: no key`)
    const late = await post(`${url}${path}`, form([image]), { 'x-api-key': key })
    t.match(late, { status: 504, body }, `${path}: the deadline`)
  }
})

t.test('doors are closed unless they are named', async (t) => {
  const { url } = await start(t, { env: { COMPAT: 'max' } })
  t.equal((await get(`${url}/model/metadata`)).status, 200)
  for (const path of ['/detectors', '/v2', `/v1/models/${MODEL}/metadata`]) {
    const { status, body } = await get(`${url}${path}`)
    t.match({ status, code: body.code }, { status: 404, code: 'route_not_found' }, path)
  }
  await ready(url)
  t.notOk('model_version_status' in (await get(`${url}/v1/models/${MODEL}`)).body)
  const { paths } = (await get(`${url}/openapi.json`)).body
  t.ok(paths['/model/predict'])
  t.notOk(paths['/detectors'])
})

t.test('a door has no more room than the gateway', async (t) => {
  const { url } = await start(t, {
    env: { COMPAT: 'deepstack', SLOTS: '1', MAX_IMAGE_BYTES: '1000' },
  })
  const { status, body } = await post(`${url}/v1/vision/detection`, form([await photo('coffee')]))
  t.match({ status, body }, { status: 413, body: { success: false, error: /MAX_IMAGE_BYTES/ } })
})

import sharp from 'sharp'
import t from 'tap'
import { BatchResponse, DetectResponse } from '../../../src/schemas/responses.js'
import {
  DOG,
  detections,
  detector,
  form,
  OUTPUTS,
  PERSON,
  photo,
  post,
  ready,
  start,
} from './harness.js'

t.test('POST /v1/detect', async (t) => {
  t.test('answers exactly what the API promises', async (t) => {
    const { url } = await start(t)
    const { status, body, headers } = await post(`${url}/v1/detect`, form([await photo('coffee')]))
    t.equal(status, 200)
    const { timings_ms, ...rest } = body
    t.strictSame(rest, {
      model: { name: 'ssdlite_mobilenet_v2_coco', version: '1', signature: 'serving_default' },
      image: { width: 600, height: 400, format: 'jpeg', orientation: 1 },
      detections: [
        {
          label: 'dog',
          class_id: 18,
          score: 0.9,
          box: { x_min: 120, y_min: 40, x_max: 360, y_max: 200 },
          box_normalized: { x_min: 0.2, y_min: 0.1, x_max: 0.6, y_max: 0.5 },
        },
        {
          label: 'person',
          class_id: 1,
          score: 0.6,
          box: { x_min: 0, y_min: 0, x_max: 600, y_max: 400 },
          box_normalized: { x_min: 0, y_min: 0, x_max: 1, y_max: 1 },
        },
      ],
    })
    t.strictSame(Object.keys(timings_ms), ['queue', 'decode', 'predict', 'postprocess', 'total'])
    t.ok(DetectResponse.safeParse(body).success)
    t.match(headers.get('content-type'), 'application/json')
    t.match(headers.get('x-request-id'), /^[0-9a-f-]{36}$/)
    t.equal(headers.get('x-detections-count'), '2')
  })

  t.test('counts the wait for the model server as predict, not as queue', async (t) => {
    const waitMs = 300
    const intercept = () => new Promise<void>((resolve) => setTimeout(resolve, waitMs))
    const { url } = await start(t, { intercept, env: { DEFAULT_MODEL: 'other' } })
    const body = form([await photo('coffee')], { model: 'ssdlite_mobilenet_v2_coco' })
    const { timings_ms: timings } = (await post(`${url}/v1/detect`, body)).body
    t.ok(timings.predict >= 1.9 * waitMs, 'the signature and the prediction')
    t.ok(timings.queue + timings.decode + timings.predict <= timings.total + 1)
  })

  t.test('takes an image in every form of body', async (t) => {
    const { url } = await start(t)
    const bytes = await photo('chelsea')
    const b64 = bytes.toString('base64')
    const named = (name: string) => {
      const data = new FormData()
      data.append(name, new Blob([new Uint8Array(bytes)]), 'cat.jpg')
      return data
    }
    const json = { 'content-type': 'application/json' }
    const cases: [string, BodyInit, Record<string, string>?][] = [
      ['form part image', named('image')],
      ['form part file', named('file')],
      ['form part data', named('data')],
      ['image/jpeg', bytes, { 'content-type': 'image/jpeg' }],
      ['image/png that is a JPEG', bytes, { 'content-type': 'image/png' }],
      ['application/octet-stream', bytes, { 'content-type': 'application/octet-stream' }],
      ['curl --data-binary', bytes, { 'content-type': 'application/x-www-form-urlencoded' }],
      ['JSON', JSON.stringify({ image: { b64 } }), json],
      [
        'JSON with a data: URI',
        JSON.stringify({ image: { b64: `data:image/jpeg;base64,${b64}` } }),
        json,
      ],
    ]
    for (const [name, body, headers] of cases) {
      const answer = await post(`${url}/v1/detect`, body, headers)
      t.equal(answer.status, 200, name)
      t.match(answer.body, { image: { width: 451, height: 300 }, detections: { length: 2 } }, name)
    }
  })

  t.test('takes parameters from the form, the query and JSON', async (t) => {
    const { url } = await start(t)
    const bytes = await photo('chelsea')
    const scores = (body: { detections: { score: number }[] }) =>
      body.detections.map((it) => it.score)
    const inForm = await post(`${url}/v1/detect`, form([bytes], { min_score: '0.7' }))
    t.strictSame(scores(inForm.body), [0.9])
    const inQuery = await post(`${url}/v1/detect?labels=person&min_score=0.1`, form([bytes]))
    t.strictSame(scores(inQuery.body), [0.6])
    const json = JSON.stringify({
      image: { b64: bytes.toString('base64') },
      thresholds: { dog: 0.95 },
    })
    const inJson = await post(`${url}/v1/detect`, json, { 'content-type': 'application/json' })
    t.strictSame(scores(inJson.body), [0.6])
    const region = '[{"x_min":0.3,"y_min":0.2,"x_max":0.45,"y_max":0.4,"unit":"fraction"}]'
    const inRegion = await post(`${url}/v1/detect`, form([bytes], { regions: region }))
    t.strictSame(scores(inRegion.body), [0.9])
  })

  t.test('answers an empty list where nothing is found', async (t) => {
    const { url } = await start(t, { models: [detector({ predict: () => detections([]) })] })
    const { status, body } = await post(`${url}/v1/detect`, form([await photo('chelsea')]))
    t.equal(status, 200)
    t.strictSame(body.detections, [])
  })

  t.test('keeps a class without a name', async (t) => {
    const unnamed = { ...DOG, classId: 12 }
    const { url } = await start(t, { models: [detector({ predict: () => detections([unnamed]) })] })
    const { body } = await post(`${url}/v1/detect`, form([await photo('chelsea')]))
    t.match(body.detections, [{ label: null, class_id: 12 }])
  })

  t.test('serves a model whose name is no header value as it stands', async (t) => {
    const name = 'Модель 100%'
    const { url } = await start(t, { models: [detector({ name })] })
    const fields = { model: name, format: 'jpeg' }
    const body = form([await photo('chelsea')], fields)
    const response = await fetch(`${url}/v1/detect`, { method: 'POST', body })
    await response.arrayBuffer()
    t.equal(response.status, 200)
    t.equal(decodeURIComponent(response.headers.get('x-model-name') ?? ''), name)
    t.match(response.headers.get('x-model-name'), /100%25/)
  })

  t.test('serves a model without a card, and versions by number and label', async (t) => {
    const models = [
      detector({
        name: 'plain',
        versions: [
          { version: '3', state: 'AVAILABLE' },
          { version: '7', state: 'AVAILABLE' },
        ],
        labels: { stable: '3' },
      }),
    ]
    const { url } = await start(t, { models })
    const bytes = await photo('chelsea')
    const ask = async (fields: Record<string, string>) =>
      (await post(`${url}/v1/detect`, form([bytes], { model: 'plain', ...fields }))).body
    t.match(await ask({}), {
      model: { name: 'plain', version: '7' },
      detections: [{ label: null, class_id: 18 }, {}],
    })
    t.match(await ask({ version: '3' }), { model: { version: '3' } })
    t.match(await ask({ version_label: 'stable' }), { model: { version: '3' } })
  })

  t.test(
    'asks for the outputs it reads and sends pixels as the signature and the card say',
    async (t) => {
      const seen: [string, string, number[]][] = []
      const sees = (shape: number[], dtype: string, name: string) =>
        detector({
          name,
          inputs: { inputs: { dtype, shape } },
          outputs: { ...OUTPUTS, detection_masks: { dtype: 'DT_FLOAT', shape: null } },
          predict: ({ inputs }) => {
            const { dtype: type, shape: sent } = inputs.inputs!
            seen.push([name, type, [...sent]])
            return {
              ...detections([DOG], sent.length === 3 ? 1 : (sent[0] ?? 1)),
              detection_masks: detections([PERSON]).detection_boxes!,
            }
          },
        })
      const models = [
        sees([-1, -1, -1, 3], 'DT_UINT8', 'free'),
        sees([1, 200, 100, 3], 'DT_UINT8', 'fixed'),
        sees([-1, -1, 3], 'DT_UINT8', 'single'),
        sees([-1, -1, -1, 3], 'DT_FLOAT', 'float'),
        sees([-1], 'DT_STRING', 'encoded'),
        sees([-1, -1, -1, 3], 'DT_UINT8', 'sized'),
        sees([-1, -1, -1, 3], 'DT_UINT8', 'small'),
      ]
      const card = (input: object) =>
        JSON.stringify({ task: 'object-detection', card_version: 1, input })
      const repository = {
        'sized/model.json': card({ size: [32, 48], fit: 'pad' }),
        'small/model.json': card({ max_side: 30 }),
      }
      const { url } = await start(t, {
        models,
        repository,
        env: { WIRE_MAX_SIDE_PIXELS: '451', DEFAULT_MODEL: 'free' },
      })
      const bytes = await photo('chelsea')
      for (const { name } of models) {
        const { status } = await post(`${url}/v1/detect`, form([bytes], { model: name }))
        t.equal(status, 200, name)
      }
      // The first one also warms the default model up.
      t.strictSame(
        seen.filter(([name, , shape]) => name !== 'free' || shape[1] === 300),
        [
          ['free', 'DT_UINT8', [1, 300, 451, 3]],
          ['fixed', 'DT_UINT8', [1, 200, 100, 3]],
          ['single', 'DT_UINT8', [300, 451, 3]],
          ['float', 'DT_FLOAT', [1, 300, 451, 3]],
          ['encoded', 'DT_STRING', [1]],
          ['sized', 'DT_UINT8', [1, 32, 48, 3]],
          ['small', 'DT_UINT8', [1, 20, 30, 3]],
        ],
      )
    },
  )

  t.test('normalises floats as the card says', async (t) => {
    let sent: ArrayLike<number> = []
    const float = detector({
      name: 'float',
      inputs: { inputs: { dtype: 'DT_FLOAT', shape: [-1, -1, -1, 3] } },
      predict: ({ inputs }) => {
        sent = inputs.inputs!.data as Float32Array
        return detections([DOG])
      },
    })
    const card = {
      task: 'object-detection',
      card_version: 1,
      input: { mean: [100, 50, 0], scale: [0.5, 1, 2] },
    }
    const { url } = await start(t, {
      models: [float],
      repository: { 'float/model.json': JSON.stringify(card) },
    })
    await ready(url)
    const grey = await sharp({
      create: { width: 8, height: 8, channels: 3, background: '#646464' },
    })
      .png()
      .toBuffer()
    await post(`${url}/v1/detect`, form([grey]))
    t.strictSame([...Array.from(sent).slice(0, 3)], [0, 50, 200])
  })

  t.test(
    'sends channels first, blue first and a grey border where the model wants that',
    async (t) => {
      let sent: readonly [readonly number[], Float32Array] | undefined
      const planes = detector({
        name: 'planes',
        inputs: { images: { dtype: 'DT_FLOAT', shape: [1, 3, 4, 4] } },
        predict: ({ inputs }) => {
          sent = [inputs.images!.shape, inputs.images!.data as Float32Array]
          return detections([{ ...DOG, box: [0.25, 0, 0.75, 1] }])
        },
      })
      const input = { size: [4, 4], fit: 'pad', fill: 114, channels: 'bgr', scale: 2 }
      const { url } = await start(t, {
        models: [planes],
        repository: { 'planes/model.json': JSON.stringify({ input }) },
      })
      await ready(url)
      const colour = { width: 40, height: 20, channels: 3, background: '#0a1e32' } as const
      const upload = await sharp({ create: colour }).png().toBuffer()
      const { body } = await post(`${url}/v1/detect`, form([upload]))
      const plane = (byte: number) => [114, byte, byte, 114].flatMap((it) => Array(4).fill(2 * it))
      t.strictSame(sent![0], [1, 3, 4, 4])
      t.strictSame([...sent![1]], [0x32, 0x1e, 0x0a].flatMap(plane))
      const whole = { x_min: 0, y_min: 0, x_max: 40, y_max: 20 }
      t.strictSame(body.detections[0].box, whole, 'the box inside the border is the whole image')
    },
  )

  t.test('reads answers that come as tensor_content', async (t) => {
    const { url } = await start(t, { tensorContent: true })
    const { body } = await post(`${url}/v1/detect`, form([await photo('chelsea')]))
    t.match(body.detections, [{ label: 'dog', score: 0.9 }, { label: 'person' }])
  })

  t.test('survives a roll-out from pixels to encoded input', async (t) => {
    const encoded = detector({ inputs: { image_bytes: { dtype: 'DT_STRING', shape: [-1] } } })
    const models = [detector()]
    const { url } = await start(t, { models })
    const bytes = await photo('chelsea')
    t.equal((await post(`${url}/v1/detect`, form([bytes]))).status, 200)
    models[0] = encoded
    t.equal((await post(`${url}/v1/detect`, form([bytes]))).status, 200, 'one image')
    models[0] = detector()
    const batch = await post(`${url}/v1/detect/batch`, form([bytes, bytes, bytes]))
    t.strictSame(
      batch.body.results.map((it: { status: number }) => it.status),
      [200, 200, 200],
      'a batch',
    )
  })
})

t.test('POST /v1/detect/batch', async (t) => {
  t.test('answers in upload order, and one bad image fails alone', async (t) => {
    const { url } = await start(t)
    const images = [await photo('chelsea'), Buffer.from('%PDF-1.4'), await photo('coffee')]
    const { status, body } = await post(`${url}/v1/detect/batch`, form(images))
    t.equal(status, 200)
    t.ok(BatchResponse.safeParse(body).success)
    t.match(body.results, [
      { index: 0, filename: 'photo-0.jpg', status: 200, image: { width: 451 } },
      {
        index: 1,
        filename: 'photo-1.jpg',
        status: 415,
        error: { code: 'unsupported_media_type', detail: /PDF/ },
      },
      { index: 2, filename: 'photo-2.jpg', status: 200, image: { width: 600 } },
    ])
  })

  t.test('sends images of one size in one call where the model takes batches', async (t) => {
    const batches: number[] = []
    const counting = (first: number) =>
      detector({
        inputs: { inputs: { dtype: 'DT_UINT8', shape: [first, -1, -1, 3] } },
        predict: ({ inputs }) => {
          const [batch = 1, height] = inputs.inputs!.shape
          // The image that warms the model up is 64 pixels high before it is resized.
          if (height !== undefined) batches.push(batch)
          return detections([DOG], batch)
        },
      })
    const image = await photo('chelsea')
    const many = await start(t, { models: [counting(-1)] })
    await post(`${many.url}/v1/detect/batch`, form(Array.from({ length: 5 }, () => image)))
    t.ok(batches.includes(5), 'one call for all five')
    batches.length = 0
    const one = await start(t, { models: [counting(1)] })
    const { body } = await post(
      `${one.url}/v1/detect/batch`,
      form(Array.from({ length: 5 }, () => image)),
    )
    t.strictSame(new Set(batches), new Set([1]), 'a call for each')
    t.equal(body.results.length, 5)
  })

  t.test('asks a model that takes one image a call for several at once', async (t) => {
    const together = 2
    const waiting: (() => void)[] = []
    const model = detector({
      inputs: { inputs: { dtype: 'DT_UINT8', shape: [1, -1, -1, 3] } },
      predict: async ({ inputs }) => {
        const { shape } = inputs.inputs!
        // The images that warm the model up are square.
        if (shape[1] !== shape[2]) {
          await new Promise<void>((resolve) => {
            waiting.push(resolve)
            // One call alone is never answered.
            if (waiting.length >= together) for (const settle of waiting.splice(0)) settle()
          })
        }
        return detections([DOG])
      },
    })
    const { url } = await start(t, { models: [model] })
    const images = [await photo('chelsea'), await photo('coffee'), await photo('chelsea')]
    const { body } = await post(`${url}/v1/detect/batch`, form([...images, await photo('coffee')]))
    t.strictSame(
      body.results.map((it: { status: number }) => it.status),
      [200, 200, 200, 200],
    )
  })

  t.test('streams lines when asked to', async (t) => {
    const { url } = await start(t)
    const images = [await photo('chelsea'), Buffer.from('nothing'), await photo('coffee')]
    const headers = { accept: 'application/x-ndjson' }
    const response = await fetch(`${url}/v1/detect/batch`, {
      method: 'POST',
      body: form(images),
      headers,
    })
    t.match(response.headers.get('content-type'), 'application/x-ndjson')
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    lines.sort((a, b) => a.index - b.index)
    t.match(lines, [
      { index: 0, status: 200 },
      { index: 1, status: 415 },
      { index: 2, status: 200 },
    ])
  })

  t.test('fails as a whole where all of it is wrong, streamed or not', async (t) => {
    const { url } = await start(t)
    const images = [await photo('chelsea')]
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const unknown = await post(`${url}/v1/detect/batch?labels=dgo`, form(images), { accept })
      t.match(unknown, {
        status: 400,
        body: { code: 'invalid_parameter', detail: /did you mean "dog"/ },
      })
      const missing = await post(`${url}/v1/detect/batch?model=nope`, form(images), { accept })
      t.match(missing, { status: 404, body: { code: 'model_not_found' } })
    }
  })

  t.test('tries each image alone where the server refuses them together', async (t) => {
    const picky = detector({
      inputs: { image_bytes: { dtype: 'DT_STRING', shape: [-1] } },
      predict: ({ inputs }) => {
        const bytes = inputs.image_bytes!.data as readonly Uint8Array[]
        if (bytes.some((it) => it[0] === 0x89)) throw new Error('cannot decode')
        return detections([DOG], bytes.length)
      },
    })
    const { url } = await start(t, { models: [picky] })
    const jpeg = await photo('chelsea')
    const png = await sharp(jpeg).png().toBuffer()
    const { body } = await post(`${url}/v1/detect/batch`, form([jpeg, png, jpeg]))
    t.match(body.results, [
      { status: 200 },
      { status: 502, error: { code: 'upstream_rejected' } },
      { status: 200 },
    ])
  })
})

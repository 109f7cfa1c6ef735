import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { buildEcho, LIMITS, listen } from './echo-app.js'

type Part = [name: string, value: string | Blob, filename?: string]

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(996)])
const image = new Blob([new Uint8Array(JPEG)], { type: 'image/jpeg' })
const big = new Blob([new Uint8Array(LIMITS.maxImageBytes + 1)])
const largest = new Blob([new Uint8Array(LIMITS.maxImageBytes)])

async function encode(parts: Part[]) {
  const form = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, filename ?? 'a.jpg')
  }
  const { headers, body } = new Response(form)
  const chunks: Uint8Array[] = []
  for await (const chunk of body!) chunks.push(chunk as Uint8Array)
  return {
    headers: { 'content-type': headers.get('content-type')! },
    payload: Buffer.concat(chunks),
  }
}

async function post(app: FastifyInstance, parts: Part[], url = '/v1/detect') {
  return app.inject({ method: 'POST', url, ...(await encode(parts)) })
}

function postBytes(app: FastifyInstance, type: string | undefined, payload: Buffer | string) {
  const headers = type === undefined ? {} : { 'content-type': type }
  return app.inject({ method: 'POST', url: '/v1/detect?min_score=0.4', headers, payload })
}

function postJson(app: FastifyInstance, body: unknown, url = '/v1/detect') {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  return app.inject({ method: 'POST', url, headers, payload })
}

const upload = (filename: string | null) => ({ filename, bytes: JPEG.length, problem: null })

t.test('a form', async (t) => {
  const app = await buildEcho(t)

  for (const head of ['', 'content-disposition: attachment']) {
    t.test(`is read past a part with the head "${head}", which is no field`, async (t) => {
      const payload = Buffer.concat([
        Buffer.from(`--x\r\n${head}\r\n\r\n`),
        Buffer.alloc(60_000, 'A'),
        Buffer.from(
          '\r\n--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n',
        ),
        JPEG,
        Buffer.from('\r\n--x--\r\n'),
      ])
      const response = await postBytes(app, 'multipart/form-data; boundary=x', payload)
      t.equal(response.statusCode, 200)
      t.match(response.json(), { uploads: [upload('a')] })
    })
  }

  for (const name of ['image', 'file', 'data']) {
    t.test(`has its image in the part "${name}"`, async (t) => {
      const response = await post(app, [
        ['labels', '"a,b",c'],
        [name, image, 'photo.jpg'],
        ['min_score', '0.4'],
        ['model', ''],
      ])
      t.equal(response.statusCode, 200)
      t.match(response.json(), { uploads: [upload('photo.jpg')] })
      t.same(response.json().parameters, { labels: ['a,b', 'c'], minScore: 0.4 })
    })
  }

  t.test('takes a part with the type of a picture and no name for an image', async (t) => {
    const payload = Buffer.concat([
      Buffer.from(
        '--x\r\ncontent-disposition: form-data; name="image"\r\ncontent-type: image/jpeg\r\n\r\n',
      ),
      JPEG,
      Buffer.from('\r\n--x--\r\n'),
    ])
    const response = await postBytes(app, 'multipart/form-data; boundary=x', payload)
    t.match(response.json(), { uploads: [upload(null)] })
  })

  t.test('takes typed values in parts that are JSON', async (t) => {
    const json = '--x\r\ncontent-disposition: form-data; name="thresholds"\r\n'
    const payload = Buffer.concat([
      Buffer.from(`${json}content-type: application/json\r\n\r\n{"dog": 0.5}\r\n`),
      Buffer.from('--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n'),
      JPEG,
      Buffer.from('\r\n--x--\r\n'),
    ])
    const response = await postBytes(app, 'multipart/form-data; boundary=x', payload)
    t.match(response.json(), { parameters: { thresholds: { dog: 0.5 } } })
  })

  t.test('may have a file input that nobody filled in', async (t) => {
    const response = await post(app, [
      ['file', new Blob([]), ''],
      ['image', image],
    ])
    t.match(response.json(), { uploads: [upload('a.jpg')] })
  })

  t.test('takes an image of exactly the limit', async (t) => {
    const response = await post(app, [['image', largest]])
    t.match(response.json(), { uploads: [{ bytes: LIMITS.maxImageBytes }] })
  })

  const fields = (count: number): Part[] => Array.from({ length: count }, () => ['labels', 'a'])
  const cases: { name: string; parts: Part[]; code: string; detail: RegExp }[] = [
    {
      name: 'no image',
      parts: [['model', 'a']],
      code: 'missing_image',
      detail: /no file part "image".*-F image=@/,
    },
    { name: 'nothing', parts: [], code: 'missing_image', detail: /no file part/ },
    {
      name: 'an empty image',
      parts: [['image', new Blob([])]],
      code: 'missing_image',
      detail: /0 bytes/,
    },
    {
      name: 'an image as text',
      parts: [['image', 'photo.jpg']],
      code: 'missing_image',
      detail: /sent as text.*-F image=@/,
    },
    {
      name: 'an unknown file part',
      parts: [['photo', image]],
      code: 'invalid_parameter',
      detail: /"photo" .*expected "image", "file", "data"/,
    },
    {
      name: 'a parameter as a file',
      parts: [['regions', image]],
      code: 'invalid_parameter',
      detail: /sent as a file, expected text/,
    },
    {
      name: 'two images',
      parts: [
        ['image', image],
        ['file', image],
      ],
      code: 'too_many_images',
      detail: /\/v1\/detect\/batch/,
    },
    {
      name: 'an image that is too large',
      parts: [['image', big]],
      code: 'image_too_large',
      detail: /100000.*MAX_IMAGE_BYTES/,
    },
    {
      name: 'a field that is too large',
      parts: [['labels', 'x'.repeat(101)]],
      code: 'body_too_large',
      detail: /"labels".*MAX_FIELD_BYTES/,
    },
    {
      name: 'too many fields',
      parts: [...fields(6), ['image', image]],
      code: 'body_too_large',
      detail: /MAX_FORM_FIELDS/,
    },
    {
      name: 'far too many fields',
      parts: [...fields(60), ['image', image]],
      code: 'body_too_large',
      detail: /MAX_FORM_FIELDS/,
    },
    {
      name: 'a reserved name',
      parts: [
        ['constructor', 'x'],
        ['image', image],
      ],
      code: 'invalid_parameter',
      detail: /reserved name/,
    },
    {
      name: 'a wrong parameter',
      parts: [
        ['image', image],
        ['min_scroe', '1'],
      ],
      code: 'invalid_parameter',
      detail: /did you mean "min_score"/,
    },
  ]
  for (const { name, parts, code, detail } of cases) {
    t.test(`is refused with ${name}`, async (t) => {
      const response = await post(app, parts)
      t.match(response.json(), { code, detail })
      t.equal(response.statusCode, response.json().status)
      t.equal(response.headers['content-type'], 'application/problem+json')
    })
  }

  const malformed = [
    { name: 'no boundary', type: 'multipart/form-data', payload: 'x' },
    { name: 'another boundary', type: 'multipart/form-data; boundary=y', payload: '--x\r\n' },
    {
      name: 'an early end in a file',
      type: 'multipart/form-data; boundary=x',
      payload:
        '--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\nhalf a file',
    },
    {
      name: 'an early end in a field',
      type: 'multipart/form-data; boundary=x',
      payload: '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nhalf',
    },
  ]
  for (const { name, type, payload } of malformed) {
    t.test(`is malformed with ${name}`, async (t) => {
      t.match((await postBytes(app, type, payload)).json(), { code: 'malformed_request' })
    })
  }
})

t.test('bare bytes', async (t) => {
  const app = await buildEcho(t)
  const types = [
    'image/jpeg',
    'IMAGE/x-unheard-of',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    undefined,
  ]
  for (const type of types) {
    t.test(`are an image with the type ${type}`, async (t) => {
      const response = await postBytes(app, type, JPEG)
      t.match(response.json(), { uploads: [upload(null)], parameters: { minScore: 0.4 } })
    })
  }

  const cases: { name: string; response: () => Promise<LightMyRequestResponse>; code: string }[] = [
    {
      name: 'of another type',
      response: () => postBytes(app, 'text/plain', JPEG),
      code: 'unsupported_media_type',
    },
    {
      name: 'that are a form of text',
      response: () => postBytes(app, 'application/x-www-form-urlencoded', 'image=a&min_score=1'),
      code: 'unsupported_media_type',
    },
    {
      name: 'of no valid type',
      response: () => postBytes(app, 'what is this', JPEG),
      code: 'unsupported_media_type',
    },
    {
      name: 'of too many',
      response: () => postBytes(app, 'image/png', Buffer.alloc(LIMITS.maxImageBytes + 1)),
      code: 'image_too_large',
    },
    { name: 'of none', response: () => postBytes(app, 'image/png', ''), code: 'missing_image' },
    {
      name: 'in a batch',
      response: () =>
        app.inject({
          method: 'POST',
          url: '/v1/detect/batch',
          headers: { 'content-type': 'image/png' },
          payload: JPEG,
        }),
      code: 'unsupported_media_type',
    },
    {
      name: 'compressed',
      response: () =>
        app.inject({
          method: 'POST',
          url: '/v1/detect',
          headers: { 'content-type': 'image/png', 'content-encoding': 'gzip' },
          payload: JPEG,
        }),
      code: 'unsupported_media_type',
    },
    {
      name: 'no body at all',
      response: () => app.inject({ method: 'POST', url: '/v1/detect' }),
      code: 'missing_image',
    },
  ]
  for (const { name, response, code } of cases) {
    t.test(`are refused: ${name}`, async (t) => {
      t.match((await response()).json(), { code })
    })
  }
})

t.test('JSON', async (t) => {
  const app = await buildEcho(t)
  const b64 = JPEG.toString('base64')
  const images = [
    { name: 'base64', image: { b64 } },
    { name: 'a data: URI', image: { b64: `data:image/jpeg;base64,${b64}` } },
    { name: 'a data: URI by itself', image: `data:image/jpeg;base64,${b64}` },
  ]
  for (const { name, image } of images) {
    t.test(`holds an image as ${name}`, async (t) => {
      const response = await postJson(app, { image, min_score: 0.3, labels: ['a,b', 18] })
      t.match(response.json(), {
        uploads: [upload(null)],
        parameters: { minScore: 0.3, labels: ['a,b', '18'] },
      })
    })
  }

  const cases = [
    { name: 'no image', body: { model: 'a' }, code: 'missing_image' },
    { name: 'null', body: { image: null }, code: 'missing_image' },
    { name: 'an empty image', body: { image: { b64: '' } }, code: 'missing_image' },
    { name: 'no body', body: '', code: 'missing_image' },
    { name: 'no base64', body: { image: { b64: 'a$b' } }, code: 'invalid_base64' },
    { name: 'an image of another shape', body: { image: [1] }, code: 'invalid_parameter' },
    { name: 'an unknown key', body: { image: { b64 }, url: 'x' }, code: 'invalid_parameter' },
    {
      name: '__proto__',
      body: `{"image":{"b64":"${b64}"},"__proto__":{}}`,
      code: 'invalid_parameter',
    },
    { name: 'broken syntax', body: '{"image": ', code: 'malformed_request' },
    { name: 'a list', body: [], code: 'malformed_request' },
    {
      name: 'too large an image',
      body: { image: { b64: 'A'.repeat(140_000) } },
      code: 'image_too_large',
    },
    {
      name: 'too large a body',
      body: { image: { b64: 'A'.repeat(300_000) } },
      code: 'body_too_large',
    },
  ]
  for (const { name, body, code } of cases) {
    t.test(`is refused with ${name}`, async (t) => {
      t.match((await postJson(app, body)).json(), { code })
    })
  }

  t.test('is refused with bytes that are no UTF-8', async (t) => {
    const response = await postBytes(app, 'application/json', Buffer.from([0x7b, 0xff, 0x7d]))
    t.match(response.json(), { code: 'malformed_request' })
  })
})

t.test('a batch', async (t) => {
  const app = await buildEcho(t)
  const url = '/v1/detect/batch'
  const b64 = JPEG.toString('base64')

  t.test('has its images in the order of the parts', async (t) => {
    const response = await post(
      app,
      [
        ['image', image, '1.jpg'],
        ['quality', '50'],
        ['data', image, '2.jpg'],
        ['file', image, '3.jpg'],
      ],
      url,
    )
    t.match(response.json(), {
      uploads: [upload('1.jpg'), upload('2.jpg'), upload('3.jpg')],
      parameters: { quality: 50 },
    })
  })

  t.test('has a problem for each image of a form that cannot be used', async (t) => {
    const response = await post(
      app,
      [
        ['image', big],
        ['image', new Blob([]), 'empty.jpg'],
        ['image', image],
      ],
      url,
    )
    t.match(response.json(), {
      uploads: [
        { bytes: 0, problem: 'image_too_large' },
        { bytes: 0, problem: 'missing_image' },
        { bytes: JPEG.length, problem: null },
      ],
    })
  })

  t.test('has a problem for each image of a JSON body that cannot be used', async (t) => {
    const images = [{ b64: '$', filename: 'a.jpg' }, { b64: 'A'.repeat(140_000) }, { b64 }]
    t.match((await postJson(app, { images }, url)).json(), {
      uploads: [
        { filename: 'a.jpg', problem: 'invalid_base64' },
        { problem: 'image_too_large' },
        { bytes: JPEG.length, problem: null },
      ],
    })
  })

  const two: Part[] = [
    ['image', largest],
    ['image', largest],
  ]
  const cases = [
    { name: 'no images', response: () => post(app, [['model', 'a']], url), code: 'missing_image' },
    {
      name: 'too many',
      response: () => post(app, Array<Part>(4).fill(['image', image]), url),
      code: 'too_many_images',
    },
    { name: 'too many bytes', response: () => post(app, two, url), code: 'body_too_large' },
    {
      name: 'an empty JSON list',
      response: () => postJson(app, { images: [] }, url),
      code: 'missing_image',
    },
    {
      name: 'no JSON list',
      response: () => postJson(app, { images: { b64 } }, url),
      code: 'invalid_parameter',
    },
    {
      name: 'a single JSON image',
      response: () => postJson(app, { image: { b64 } }, url),
      code: 'missing_image',
    },
    {
      name: 'too many JSON images',
      response: () => postJson(app, { images: Array(4).fill({ b64 }) }, url),
      code: 'too_many_images',
    },
  ]
  for (const { name, response, code } of cases) {
    t.test(`is refused with ${name}`, async (t) => {
      t.match((await response()).json(), { code })
    })
  }

  t.test('of JSON is bounded in bytes', async (t) => {
    const app = await buildEcho(t, { limits: { maxBatchBytes: 1500 } })
    const response = await postJson(app, { images: [{ b64 }, { b64 }] }, url)
    t.match(response.json(), { code: 'body_too_large', detail: /MAX_BATCH_BYTES/ })
  })
})

t.test('a value that query and body give differently is a conflict', async (t) => {
  const app = await buildEcho(t)
  const response = await post(
    app,
    [
      ['image', image],
      ['min_score', '0.5'],
    ],
    '/v1/detect?min_score=0.6',
  )
  t.match(response.json(), {
    code: 'parameter_conflict',
    errors: [{ field: 'min_score', message: /"0.6" in the query and "0.5" in the form/ }],
  })
})

t.test('over a real socket, a form of fetch is read', async (t) => {
  const app = await buildEcho(t)
  const port = await listen(app)
  const { headers, payload } = await encode([
    ['image', largest, 'photo.jpg'],
    ['labels', 'dog'],
  ])
  const response = await fetch(`http://127.0.0.1:${port}/v1/detect`, {
    method: 'POST',
    headers: { ...headers, connection: 'close' },
    body: new Uint8Array(payload),
  })
  t.match(await response.json(), {
    uploads: [{ filename: 'photo.jpg', bytes: LIMITS.maxImageBytes }],
    parameters: { labels: ['dog'] },
  })
})

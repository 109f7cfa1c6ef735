import { status } from '@grpc/grpc-js'
import { strFromU8, unzipSync } from 'fflate'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { type ScriptedModel, scriptedModel } from '../../../src/embedded/scripted-model.js'
import { StatusError } from '../../../src/embedded/status-error.js'
import type { Tensor } from '../../../src/embedded/tensor.js'
import { form, OUTPUTS, photo, post, ready, start, startOn, untilGauge } from './harness.js'

/** A rectangle in pixels: left, top, right, bottom. */
type Rectangle = readonly [number, number, number, number]

interface Answer {
  readonly image: { width: number; height: number; orientation: number }
  readonly detections: readonly {
    label: string
    score: number
    box: { x_min: number; y_min: number; x_max: number; y_max: number }
  }[]
  readonly timings_ms: Record<string, number>
}

/**
 * With tiles of 600 x 400 pixels (2x2, overlap 0.2), a pixel of the tensor of 100 x 100 is 6 x 4 in a tile, and 10.8 x 7.2 in
 * the whole: rectangles on these lines are seen to the pixel.
 */
const WIDTH = 1080
const HEIGHT = 720
const SIDE = 100

/** In the part that the upper tiles share, and too small to be seen in the whole. */
const SMALL: Rectangle = [504, 40, 546, 72]
/** Cut off by both upper tiles, complete in the whole alone. */
const LARGE: Rectangle = [432, 72, 648, 144]
/** In the tile at the bottom right alone. */
const CORNER: Rectangle = [1020, 680, 1080, 720]

function draw(rectangles: readonly Rectangle[], width = WIDTH, height = HEIGHT) {
  const shapes = rectangles.map(([left, top, right, bottom]) => ({
    input: {
      create: {
        width: right - left,
        height: bottom - top,
        channels: 3 as const,
        background: '#ff0000',
      },
    },
    left,
    top,
  }))
  const canvas = { width, height, channels: 3, background: '#000000' } as const
  return sharp({ create: canvas }).composite(shapes)
}

const drawPng = (rectangles: readonly Rectangle[]) => draw(rectangles).png().toBuffer()

/** The corners of the one red rectangle of an image in fractions, where it has five pixels a side. */
function look(pixels: Uint8Array, width: number, height: number): Rectangle | undefined {
  const red: number[] = []
  for (let pixel = 0; pixel < width * height; pixel++) if (pixels[pixel * 3]! > 127) red.push(pixel)
  if (red.length === 0) return undefined
  const columns = red.map((pixel) => pixel % width)
  const [left, right] = [Math.min(...columns), Math.max(...columns) + 1]
  const [top, bottom] = [Math.floor(red[0]! / width), Math.floor(red.at(-1)! / width) + 1]
  if (Math.min(right - left, bottom - top) < 5) return undefined
  return [left / width, top / height, right / width, bottom / height]
}

const float = (shape: readonly number[], data: readonly number[]): Tensor => ({
  dtype: 'DT_FLOAT',
  shape,
  data: Float32Array.from(data),
})

/** One row for each image: a dog where the red rectangle is. */
function toAnswer(seen: readonly (Rectangle | undefined)[]) {
  const count = seen.length
  return {
    detection_boxes: float(
      [count, 1, 4],
      seen.flatMap((it) => (it ? [it[1], it[0], it[3], it[2]] : [0, 0, 0, 0])),
    ),
    // Surer of what is larger in its view.
    detection_scores: float(
      [count, 1],
      seen.map((it) => (it ? 0.6 + 0.3 * (it[2] - it[0]) : 0)),
    ),
    detection_classes: float(
      [count, 1],
      seen.map(() => 18),
    ),
    num_detections: float(
      [count],
      seen.map(() => 1),
    ),
  }
}

/** A network that finds the red rectangle by looking, and keeps the shapes of its calls. */
function looking(batch: number, shapes: number[][], side: number = SIDE): ScriptedModel {
  return scriptedModel({
    name: 'ssdlite_mobilenet_v2_coco',
    inputs: { input_tensor: { dtype: 'DT_UINT8', shape: [batch, side, side, 3] } },
    outputs: OUTPUTS,
    predict: ({ inputs }) => {
      const { shape, data } = Object.values(inputs)[0]!
      shapes.push([...shape])
      const [count, height, width] = shape as [number, number, number]
      const bytes = height * width * 3
      const pixels = data as Uint8Array
      return toAnswer(
        Array.from({ length: count }, (_, image) =>
          look(pixels.subarray(image * bytes, (image + 1) * bytes), width, height),
        ),
      )
    },
  })
}

/** The same of encoded pictures. */
function decoding(sizes: string[]): ScriptedModel {
  return scriptedModel({
    name: 'ssdlite_mobilenet_v2_coco',
    inputs: { image_bytes: { dtype: 'DT_STRING', shape: [-1] } },
    outputs: OUTPUTS,
    predict: async ({ inputs }) => {
      const pictures = Object.values(inputs)[0]!.data as unknown as Uint8Array[]
      const seen = await Promise.all(
        pictures.map(async (picture) => {
          const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
          sizes.push(`${info.width}x${info.height}`)
          return look(data, info.width, info.height)
        }),
      )
      return toAnswer(seen)
    },
  })
}

async function ask(url: string, image: Buffer, query: string): Promise<Answer> {
  const { status, body } = await post(`${url}/v1/detect?${query}`, form([image]))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body as Answer
}

function boxes({ detections }: Answer): Rectangle[] {
  return detections.map(({ box }) => [box.x_min, box.y_min, box.x_max, box.y_max])
}

/** Whether each box is where a rectangle is, to a fraction of a pixel that floats account for. */
function areAt(t: Test, found: readonly Rectangle[], expected: readonly Rectangle[], name: string) {
  const rounded = found.map((box) => box.map(Math.round))
  t.strictSame(rounded, expected, name)
  const exact = found.every((box) => box.every((edge) => Math.abs(edge - Math.round(edge)) < 0.02))
  t.ok(exact, `${name}: to the pixel`)
}

/** Waits for the call that a new version is warmed up with, and forgets it. */
async function untilWarm(calls: unknown[]): Promise<void> {
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  calls.length = 0
}

t.test('tiles of an image', async (t) => {
  const shapes: number[][] = []
  const { url } = await start(t, { models: [looking(-1, shapes)] })
  await untilWarm(shapes)
  const calls = async (image: Buffer, query: string) => {
    shapes.length = 0
    const answer = await ask(url, image, query)
    return { answer, counts: shapes.map(([count]) => count).sort() }
  }

  t.test('an object that two tiles show is answered once', async (t) => {
    const image = await drawPng([SMALL])
    const alone = await calls(image, '')
    t.strictSame(boxes(alone.answer), [], 'the whole does not show it')
    const { answer, counts } = await calls(image, 'tiles=2x2&overlap=0.2')
    areAt(t, boxes(answer), [SMALL], 'in the upper tiles')
    t.equal(answer.detections[0]?.label, 'dog')
    t.strictSame(counts, [5], 'the whole and its tiles ride in one call')
    t.strictSame(Object.keys(answer.timings_ms), [
      'queue',
      'decode',
      'predict',
      'postprocess',
      'total',
    ])
  })

  t.test('a tile at the edge of the image cuts nothing there', async (t) => {
    const { answer } = await calls(await drawPng([CORNER]), 'tiles=2x2')
    areAt(t, boxes(answer), [CORNER], 'at the bottom right')
  })

  t.test('an object that inner edges cut is left to the whole', async (t) => {
    const { answer } = await calls(await drawPng([LARGE]), 'tiles=2x2')
    areAt(t, boxes(answer), [LARGE], 'once')
    t.equal(answer.detections[0]?.score, 0.66, 'as the whole shows it')
  })

  t.test('an image that EXIF turns is cut upright', async (t) => {
    const turned = await sharp(await drawPng([SMALL]))
      .rotate(-90)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer()
    const { answer } = await calls(turned, 'tiles=2x2')
    t.match(answer.image, { width: WIDTH, height: HEIGHT, orientation: 6 })
    areAt(t, boxes(answer), [SMALL], 'in the upright image')
  })

  t.test('many tiles go in calls of eight', async (t) => {
    const { counts } = await calls(await drawPng([SMALL]), 'tiles=4x4')
    t.strictSame(counts, [1, 8, 8])
  })

  t.test('columns come first', async (t) => {
    const { counts } = await calls(await draw([], 1000, 40).png().toBuffer(), 'tiles=5x1')
    t.strictSame(counts, [6], 'five side by side and the whole')
    const low = await calls(await draw([], 1000, 40).png().toBuffer(), 'tiles=1X5')
    t.strictSame(low.counts, [1], 'no tile is lower than 32 pixels')
  })

  t.test('auto cuts what would be shrunk by more than two', async (t) => {
    const size = async (width: number, height: number, query = 'tiles=auto') =>
      (await calls(await draw([], width, height).png().toBuffer(), query)).counts
    t.strictSame(await size(8, 5), [1], 'a tiny image is seen whole')
    t.strictSame(await size(8, 5, 'tiles=8x8'), [1], 'whatever the grid')
    t.strictSame(await size(200, 200), [1], 'shrunk by two')
    t.strictSame(await size(300, 200), [3], 'two tiles and the whole')
    t.strictSame(await size(3000, 3000), [1, 8, 8], 'sixteen tiles and the whole')
  })

  t.test('pictures, crops and data sets are of the whole image', async (t) => {
    const image = await drawPng([SMALL])
    const fetched = async (format: string) => {
      const response = await fetch(`${url}/v1/detect?tiles=2x2&format=${format}`, {
        method: 'POST',
        body: form([image]),
      })
      t.equal(response.status, 200, format)
      return Buffer.from(await response.arrayBuffer())
    }
    const { width, height } = await sharp(await fetched('png')).metadata()
    t.strictSame([width, height], [WIDTH, HEIGHT])
    const files = unzipSync(await fetched('crops'))
    const cut = await sharp(files['0001-dog.jpg']).metadata()
    // A crop shows every pixel that its box touches.
    t.ok(Math.abs(cut.width - 42) <= 1 && Math.abs(cut.height - 32) <= 1, 'a crop of the object')
    t.match(JSON.parse(strFromU8(files['detections.json']!)), { detections: [{ label: 'dog' }] })
    const coco = JSON.parse((await fetched('coco')).toString())
    t.strictSame(coco.annotations[0].bbox.map(Math.round), [504, 40, 42, 32])
  })

  t.test('what is cut in every view is not counted, but redacted', async (t) => {
    // Too wide for the part that tiles share, too low to be seen in the whole.
    const wide: Rectangle = [432, 40, 648, 64]
    const image = await drawPng([wide])
    t.strictSame(boxes(await ask(url, image, 'tiles=2x2')), [])
    const response = await fetch(`${url}/v1/detect?tiles=2x2&redact=dog:fill&format=png`, {
      method: 'POST',
      body: form([image]),
    })
    t.equal(response.headers.get('x-detections-count'), '0')
    const picture = sharp(Buffer.from(await response.arrayBuffer()))
    const { channels } = await picture.stats()
    t.equal(channels[0]!.max, 0, 'no red is left')
  })

  t.test('each image of a batch is cut, and one that fails fails alone', async (t) => {
    const images = [await drawPng([SMALL]), Buffer.from('no picture'), await drawPng([CORNER])]
    const { body } = await post(`${url}/v1/detect/batch?tiles=2x2`, form(images))
    const results = (body as { results: (Answer & { error?: unknown })[] }).results
    areAt(t, boxes(results[0]!), [SMALL], 'the first')
    t.match(results[1], { error: { code: 'unsupported_media_type' } })
    areAt(t, boxes(results[2]!), [CORNER], 'the last')
  })

  t.test('what makes no sense is refused in words', async (t) => {
    const cases: [string, string, RegExp][] = [
      ['tiles=9x1', 'invalid_parameter', /must be "auto" or columns x rows such as "2x2", 8x8/],
      ['tiles=0x1', 'invalid_parameter', /must be "auto"/],
      ['tiles=2', 'invalid_parameter', /must be "auto"/],
      ['tiles=2x2&overlap=0.6', 'invalid_parameter', /must be a number from 0 to 0.5/],
      ['overlap=0.2', 'parameter_conflict', /give tiles too/],
    ]
    for (const [query, code, detail] of cases) {
      const { status, body } = await post(`${url}/v1/detect?${query}`, form([await drawPng([])]))
      t.equal(status, 400, query)
      t.match(body, { code, detail }, query)
    }
  })

  t.test('nothing is held afterwards', async () => {
    for (const name of ['upload_bytes_reserved', 'call_bytes_reserved']) {
      await untilGauge(url, name, 0)
    }
  })
})

t.test('a model that takes one image a call is asked about each view by itself', async (t) => {
  const shapes: number[][] = []
  const { url } = await start(t, { models: [looking(1, shapes)] })
  await untilWarm(shapes)
  const answer = await ask(url, await drawPng([SMALL]), 'tiles=2x2')
  areAt(t, boxes(answer), [SMALL], 'once')
  t.strictSame(
    shapes.map(([count]) => count),
    [1, 1, 1, 1, 1],
  )
})

t.test('a model that decodes by itself is sent tiles encoded anew', async (t) => {
  const sizes: string[] = []
  const { url } = await start(t, { models: [decoding(sizes)] })
  await untilWarm(sizes)
  const answer = await ask(url, await drawPng([SMALL]), 'tiles=2x2')
  t.strictSame(sizes.sort(), ['1024x683', '600x400', '600x400', '600x400', '600x400'])
  const [found, ...others] = boxes(answer)
  t.strictSame(others, [])
  const apart = found?.map((edge, index) => Math.abs(edge - SMALL[index]!)) ?? [Number.NaN]
  t.ok(Math.max(...apart) < 1.2, `within a pixel, for all that JPEG changes: ${found}`)
})

t.test('time that is up says that it went to tiles', async (t) => {
  const shapes: number[][] = []
  const model = looking(-1, shapes)
  const predict: typeof model.predict = async (...args) => {
    const answer = await model.predict(...args)
    if (shapes.at(-1)![0]! > 1) throw new StatusError(status.DEADLINE_EXCEEDED, 'too slow')
    return answer
  }
  const { url } = await start(t, { models: [{ ...model, predict }] })
  await untilWarm(shapes)
  const image = form([await drawPng([SMALL])])
  const answer = await post(`${url}/v1/detect?tiles=2x2`, image)
  t.match(answer, {
    status: 504,
    body: { code: 'deadline_exceeded', detail: /in 5 views \(fewer tiles take less/ },
  })
})

t.test('tiles that there is no memory for', async (t) => {
  const shapes: number[][] = []
  // A fifth of 64 MiB is for calls: a tile of 640 x 640 takes 4.9 MB of it.
  const own = 128 * 2 ** 20 + 64 * 2 ** 20
  const env = {
    UPSTREAM_IN_FLIGHT: '1',
    UPSTREAM_RESPONSE_MAX_BYTES: `${2 ** 20}`,
    MEMORY_LIMIT_BYTES: `${own + 2 ** 20}`,
  }
  const { url } = await start(t, { models: [looking(-1, shapes, 640)], env })
  await untilWarm(shapes)
  const image = await draw([], 2600, 2600).png().toBuffer()
  const { status, body } = await post(`${url}/v1/detect?tiles=2x2`, form([image]))
  t.equal(status, 422)
  t.match(body, { code: 'too_many_pixels', detail: /in 5 views \(fewer tiles take less\)/ })
  await ask(url, image, 'tiles=auto')
  t.strictSame(
    shapes.map(([count]) => count),
    [1],
    'auto takes what there is memory for',
  )
})

t.test('the demo model finds in tiles what is too small in the whole', async (t) => {
  const { url } = await startOn(t, {})
  await ready(url)
  // The cat at a quarter of its size in a corner of a large white photo.
  const cat = await sharp(await photo('chelsea'))
    .resize(113, 75)
    .toBuffer()
  const image = await sharp({
    create: { width: 1350, height: 900, channels: 3, background: '#ffffff' },
  })
    .composite([{ input: cat, left: 1100, top: 700 }])
    .jpeg({ quality: 95 })
    .toBuffer()
  const cats = async (query: string) => {
    const { detections } = await ask(url, image, `${query}&labels=cat&min_score=0.4`)
    return detections.map(({ box }) => box)
  }
  t.strictSame(await cats(''), [], 'the whole does not show it')
  const found = await cats('tiles=4x4')
  t.equal(found.length, 1)
  t.ok(found[0]!.x_min > 1080 && found[0]!.y_min > 680, 'it is where it was put')
})

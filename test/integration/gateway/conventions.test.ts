import sharp from 'sharp'
import t from 'tap'
import { type ScriptedModel, scriptedModel } from '../../../src/embedded/scripted-model.js'
import type { Tensor, Tensors } from '../../../src/embedded/tensor.js'
import { form, post, start } from './harness.js'

/** A rectangle of one colour in an image, in pixels. */
interface Rectangle {
  readonly classId: number
  readonly box: { x_min: number; y_min: number; x_max: number; y_max: number }
}

/** A picture of 400 x 200 pixels: four of them are one in a tensor of 100 x 100, with a border above and below. */
const RED: Rectangle = { classId: 0, box: { x_min: 40, y_min: 20, x_max: 160, y_max: 100 } }
const BLUE: Rectangle = { classId: 1, box: { x_min: 240, y_min: 80, x_max: 360, y_max: 180 } }
const COLOURS = ['#ff0000', '#0000ff']

function draw(rectangles: readonly Rectangle[]): Promise<Buffer> {
  const shapes = rectangles.map(({ classId, box: { x_min, y_min, x_max, y_max } }) => ({
    input: {
      create: {
        width: x_max - x_min,
        height: y_max - y_min,
        channels: 3 as const,
        background: COLOURS[classId]!,
      },
    },
    left: x_min,
    top: y_min,
  }))
  const canvas = { width: 400, height: 200, channels: 3, background: '#808080' } as const
  return sharp({ create: canvas }).composite(shapes).png().toBuffer()
}

/** What a network sees of a tensor: an object of each colour, its corners in pixels of the tensor. */
interface Seen {
  readonly classId: number
  readonly corners: readonly [number, number, number, number]
}

/** How a scripted network takes its input. */
interface Input {
  readonly layout: 'nhwc' | 'nchw'
  readonly blueFirst?: boolean
  /** The value of a full channel. */
  readonly full: number
}

const SIDE = 100
const PLANE = SIDE * SIDE

/** Finds the red and the blue rectangle of one image by looking at its pixels. */
function look(data: ArrayLike<number>, image: number, input: Input): Seen[] {
  const { layout, blueFirst = false, full } = input
  const base = image * 3 * PLANE
  const value = (pixel: number, channel: number) =>
    layout === 'nchw' ? data[base + channel * PLANE + pixel]! : data[base + pixel * 3 + channel]!
  return [0, 1].flatMap((classId) => {
    const channel = (classId === 0) === blueFirst ? 2 : 0
    const found: number[] = []
    for (let pixel = 0; pixel < PLANE; pixel++) {
      if (value(pixel, channel) > 0.9 * full && value(pixel, 2 - channel) < 0.1 * full) {
        found.push(pixel)
      }
    }
    if (found.length === 0) return []
    const columns = found.map((pixel) => pixel % SIDE)
    const [x1, x2] = [Math.min(...columns), Math.max(...columns) + 1]
    const [y1, y2] = [Math.floor(found[0]! / SIDE), Math.floor(found.at(-1)! / SIDE) + 1]
    return [{ classId, corners: [x1, y1, x2, y2] as const }]
  })
}

const float = (shape: readonly number[], data: readonly number[]): Tensor => ({
  dtype: 'DT_FLOAT',
  shape,
  data: Float32Array.from(data),
})
const cxcywh = ([x1, y1, x2, y2]: Seen['corners']) => [
  (x1 + x2) / 2,
  (y1 + y2) / 2,
  x2 - x1,
  y2 - y1,
]
const scoresOf = (classId: number, score: number) => (classId === 0 ? [score, 0.01] : [0.01, score])

/** Each object three times, as networks that do not suppress find it: the best score is the true box. */
function repeated(seen: readonly Seen[]): (Seen & { score: number })[] {
  return seen.flatMap(({ classId, corners: [x1, y1, x2, y2] }) => [
    { classId, corners: [x1 + 1, y1, x2, y2], score: 0.6 },
    { classId, corners: [x1, y1, x2, y2], score: 0.8 },
    { classId, corners: [x1, y1 + 1, x2 + 1, y2], score: 0.7 },
  ])
}

/** A grid of rows: those given, then nothing all over the tensor. */
function grid(rows: readonly number[][], count: number, columns: number): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const nothing = [(row * 7) % SIDE, (row * 11) % SIDE, 8, 8, ...Array(columns - 4).fill(0.02)]
    return rows[row] ?? nothing
  })
}

const transpose = (rows: readonly number[][]) =>
  rows[0]!.map((_, column) => rows.map((row) => row[column]!))

/** One image's answer: the numbers of each output. */
type Answer = (seen: readonly Seen[], image: number) => Record<string, number[]>

/** A network that answers by a convention. */
interface Network {
  readonly name: string
  readonly input: Input
  /** Batch, where it is not one image a call. */
  readonly batch?: number
  readonly outputs: Readonly<Record<string, { dtype?: string; shape: readonly number[] }>>
  readonly answer: Answer
  readonly card: object
}

const LABELS = { 0: 'red', 1: 'blue' }
const PADDED = { size: [SIDE, SIDE], fit: 'pad', fill: 114, kernel: 'nearest' }
const ULTRALYTICS = { labels: LABELS, input: { ...PADDED, std: 255 } }
const TORCH: Input = { layout: 'nchw', full: 1 }

const yolov8: Answer = (seen) => {
  const rows = repeated(seen).map((it) => [
    ...cxcywh(it.corners),
    ...scoresOf(it.classId, it.score),
  ])
  return { output0: transpose(grid(rows, 1200, 6)).flat() }
}

const NETWORKS: readonly Network[] = [
  {
    name: 'yolov5',
    input: TORCH,
    outputs: { output0: { shape: [1, 1200, 7] } },
    answer: (seen) => {
      const rows = repeated(seen).map((it) => {
        return [...cxcywh(it.corners), 0.8, ...scoresOf(it.classId, it.score / 0.8)]
      })
      return { output0: grid(rows, 1200, 7).flat() }
    },
    card: ULTRALYTICS,
  },
  {
    name: 'yolov5-tensorflow',
    input: { layout: 'nhwc', full: 1 },
    outputs: { output_0: { shape: [1, 1200, 7] } },
    answer: (seen) => {
      const rows = repeated(seen).map((it) => {
        return [...cxcywh(it.corners), 1, ...scoresOf(it.classId, it.score)]
      })
      const inFractions = grid(rows, 1200, 7).map((row) =>
        row.map((it, at) => (at < 4 ? it / SIDE : it)),
      )
      return { output_0: inFractions.flat() }
    },
    card: ULTRALYTICS,
  },
  {
    name: 'yolov8',
    input: TORCH,
    outputs: { output0: { shape: [1, 6, 1200] } },
    answer: yolov8,
    card: ULTRALYTICS,
  },
  {
    name: 'yolov8-batch',
    input: TORCH,
    batch: -1,
    outputs: { output0: { shape: [-1, 6, 1200] } },
    answer: yolov8,
    card: ULTRALYTICS,
  },
  {
    name: 'yolo26',
    input: TORCH,
    outputs: { output0: { shape: [1, 300, 6] } },
    answer: (seen) => {
      const rows = seen.map(({ classId, corners }) => [...corners, 0.8, classId])
      const nothing = Array.from({ length: 300 - rows.length }, () => [0, 0, 0, 0, 0, 0])
      return { output0: [...rows, ...nothing].flat() }
    },
    card: ULTRALYTICS,
  },
  {
    name: 'yolox',
    input: { layout: 'nchw', blueFirst: true, full: 255 },
    outputs: { output: { shape: [1, 125, 7] } },
    answer: (seen) => {
      const rows = Array.from({ length: 125 }, () => [0.5, 0.5, 0, 0, 0.01, 0.5, 0.5])
      for (const { classId, corners } of seen) {
        const [x, y, width, height] = cxcywh(corners) as [number, number, number, number]
        const [column, line] = [Math.floor(x / 20), Math.floor(y / 20)]
        const cell = [x / 20 - column, y / 20 - line, Math.log(width / 20), Math.log(height / 20)]
        rows[100 + line * 5 + column] = [...cell, 1, ...scoresOf(classId, 0.8)]
      }
      return { output: rows.flat() }
    },
    card: {
      labels: LABELS,
      input: { ...PADDED, align: 'top-left', channels: 'bgr' },
      columns: ['box', 'objectness', 'scores'],
      boxes: { strides: [10, 20] },
    },
  },
  {
    name: 'detection-output',
    input: { layout: 'nchw', blueFirst: true, full: 255 },
    outputs: { detection_out: { shape: [1, 1, 4, 7] } },
    answer: (seen) => {
      const rows = seen.map((it) => [0, it.classId + 1, 0.8, ...it.corners.map((at) => at / SIDE)])
      const end = Array.from({ length: 4 - rows.length }, () => [-1, 0, 0, 0, 0, 0, 0])
      return { detection_out: [...rows, ...end].flat() }
    },
    card: { labels: { 1: 'red', 2: 'blue' }, input: { ...PADDED, channels: 'bgr' } },
  },
  {
    name: 'efficient-nms',
    input: TORCH,
    outputs: {
      num_dets: { dtype: 'DT_INT32', shape: [1, 1] },
      det_boxes: { shape: [1, 5, 4] },
      det_scores: { shape: [1, 5] },
      det_classes: { dtype: 'DT_INT32', shape: [1, 5] },
    },
    answer: (seen) => {
      const fill = (values: readonly number[], length: number) =>
        [...values, ...Array(length).fill(1)].slice(0, length)
      return {
        num_dets: [seen.length],
        det_boxes: fill(
          seen.flatMap(({ corners }) => [...corners]),
          20,
        ),
        det_scores: fill(
          seen.map(() => 0.8),
          5,
        ),
        det_classes: fill(
          seen.map(({ classId }) => classId),
          5,
        ),
      }
    },
    card: {
      ...ULTRALYTICS,
      outputs: {
        num_detections: 'num_dets',
        detection_boxes: 'det_boxes',
        detection_scores: 'det_scores',
        detection_classes: 'det_classes',
      },
      boxes: { format: 'xyxy', unit: 'pixel' },
    },
  },
  {
    name: 'detr',
    input: { layout: 'nchw', full: 2 },
    outputs: { logits: { shape: [1, 4, 3] }, pred_boxes: { shape: [1, 4, 4] } },
    answer: (seen) => {
      // Shares of .8, .1 and .1; what finds nothing says so.
      const found = seen.map(({ classId }) =>
        [0, 1, 2].map((at) => Math.log(at === classId ? 8 : 1)),
      )
      const queries = Array.from({ length: 4 }, (_, at) => found[at] ?? [0, 0, 9])
      const boxes = Array.from({ length: 4 }, (_, at) => cxcywh(seen[at]?.corners ?? [0, 0, 9, 9]))
      return { logits: queries.flat(), pred_boxes: boxes.flat().map((it) => it / SIDE) }
    },
    card: {
      labels: LABELS,
      input: { ...PADDED, mean: [0, 0, 0], std: [127.5, 127.5, 127.5] },
      outputs: { detection_boxes: 'pred_boxes', detection_scores: 'logits' },
      boxes: { format: 'cxcywh', unit: 'fraction' },
      scores: { activation: 'softmax', background: 'last' },
      defaults: { iou_threshold: 1 },
    },
  },
]

function model({ name, input, batch = 1, outputs, answer }: Network): ScriptedModel {
  const { layout } = input
  const inner = layout === 'nchw' ? [3, SIDE, SIDE] : [SIDE, SIDE, 3]
  return scriptedModel({
    name,
    inputs: { images: { dtype: 'DT_FLOAT', shape: [batch, ...inner] } },
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([wire, { dtype = 'DT_FLOAT', shape }]) => [
        wire,
        { dtype, shape },
      ]),
    ),
    predict: ({ inputs }) => {
      const images = inputs.images!
      const data = images.data as Float32Array
      const answers = Array.from({ length: images.shape[0]! }, (_, image) =>
        answer(look(data, image, input), image),
      )
      const toTensor = ([wire, { dtype, shape }]: [
        string,
        { dtype?: string; shape: readonly number[] },
      ]) => {
        const values = answers.flatMap((it) => it[wire]!)
        const given = shape[0] === -1 ? [answers.length, ...shape.slice(1)] : shape
        if (dtype === 'DT_INT32')
          return [wire, { dtype, shape: given, data: Int32Array.from(values) }]
        return [wire, float(given, values)]
      }
      return Object.fromEntries(Object.entries(outputs).map(toTensor)) as Tensors
    },
  })
}

function setup(env: NodeJS.ProcessEnv = {}) {
  const cards = NETWORKS.map(({ name, card }) => [`${name}/model.json`, JSON.stringify(card)])
  return {
    models: NETWORKS.map(model),
    repository: Object.fromEntries(cards),
    env: { DEFAULT_MODEL: 'yolov8', ...env },
  }
}

interface Found {
  readonly label: string
  readonly score: number
  readonly box: Rectangle['box']
}

const byLabel = (found: readonly Found[]) => found.toSorted((a, b) => (a.label < b.label ? 1 : -1))

t.test('rectangles are found where they are', async (t) => {
  const { url } = await start(t, setup())
  const picture = await draw([RED, BLUE])
  const detect = async (query: string) => {
    const { status, body } = await post(`${url}/v1/detect?${query}`, form([picture]))
    t.equal(status, 200, query)
    return body.detections as Found[]
  }

  for (const { name } of NETWORKS) {
    t.test(`as ${name} tells them`, async (t) => {
      const found = byLabel(await detect(`model=${name}`))
      t.match(found, [
        { label: 'red', box: RED.box },
        { label: 'blue', box: BLUE.box },
      ])
      t.equal(found.length, 2, 'each once')
      for (const { score } of found) t.ok(Math.abs(score - 0.8) < 1e-6, `score ${score}`)
    })
  }

  t.test('requests choose how much may overlap, what scores and where', async (t) => {
    t.equal((await detect('model=yolov8&iou_threshold=1')).length, 6)
    t.equal((await detect('model=yolov8&iou_threshold=0.96')).length, 4)
    t.equal((await detect('model=yolov8&min_score=0.85')).length, 0)
    const thresholds = await detect('model=yolov8&min_score=0.9&thresholds=blue:0.7')
    t.match(thresholds, [{ label: 'blue' }])
    t.equal(thresholds.length, 1)
    const region = encodeURIComponent(
      '[{"x_min": 0, "y_min": 0, "x_max": 0.5, "y_max": 1, "unit": "fraction"}]',
    )
    t.match(await detect(`model=yolov8&regions=${region}`), [{ label: 'red' }])
  })

  t.test('each image of a batch gets its own', async (t) => {
    const images = [await draw([BLUE]), picture, await draw([RED]), await draw([])]
    const answer = await post(`${url}/v1/detect/batch?model=yolov8-batch`, form(images))
    t.match(
      answer.body.results.map(({ detections }: { detections: Found[] }) => byLabel(detections)),
      [[{ box: BLUE.box }], [{ box: RED.box }, { box: BLUE.box }], [{ box: RED.box }], []],
    )
  })

  t.test('what is found is redacted', async (t) => {
    const path = '/v1/detect?model=yolov5&format=png&redact=red:fill'
    const answer = await fetch(url + path, { method: 'POST', body: form([picture]) })
    const { data, info } = await sharp(await answer.arrayBuffer())
      .raw()
      .toBuffer({ resolveWithObject: true })
    const pixel = (x: number, y: number) => {
      const at = (y * info.width + x) * info.channels
      return [...data.subarray(at, at + 3)]
    }
    t.strictSame(pixel(100, 60), [0, 0, 0])
    t.strictSame(pixel(300, 130), [0, 0, 255])
    t.strictSame(pixel(30, 60), [128, 128, 128])
  })
})

t.test('images whose answers are too large together are sent one by one', async (t) => {
  // An answer takes 6 x 1200 floats.
  const { url } = await start(t, setup({ UPSTREAM_RESPONSE_MAX_BYTES: '60000' }))
  const images = [await draw([BLUE]), await draw([RED]), await draw([RED, BLUE])]
  const { body } = await post(`${url}/v1/detect/batch?model=yolov8-batch`, form(images))
  t.strictSame(
    body.results.map(({ status, detections }: { status: number; detections: Found[] }) => [
      status,
      detections?.length,
    ]),
    [
      [200, 1],
      [200, 1],
      [200, 2],
    ],
  )
})

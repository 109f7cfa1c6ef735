import t from 'tap'
import type { ModelCard } from '../../../../src/repository/model-card.js'
import type { Signature, Tensor, Tensors } from '../../../../src/serving/model-server.js'
import { describeFormat } from '../../../../src/tasks/detection/answer-format.js'
import {
  type DetectionSignature,
  readDetectionSignature,
} from '../../../../src/tasks/detection/detection-signature.js'
import { readCandidates } from '../../../../src/tasks/detection/postprocess.js'

/** An image of 200 x 100 pixels in the middle of a square tensor: two of its pixels are one, 25 rows of border above. */
const FRAME = {
  size: { width: 200, height: 100 },
  tensor: { width: 100, height: 100 },
  transform: { scaleX: 2, scaleY: 2, offsetX: 0, offsetY: -50 },
}

/** Two objects in pixels of the tensor: corners, class and score. */
const OBJECTS = [
  { corners: [10, 30, 40, 60], classId: 2, score: 0.75 },
  { corners: [50, 25, 100, 75], classId: 0, score: 0.5 },
] as const

/** The same in pixels of the image: x by two; y by two less the border's 50. */
const EXPECTED = [
  { classId: 2, score: 0.75, box: { xMin: 20, yMin: 10, xMax: 80, yMax: 70 } },
  { classId: 0, score: 0.5, box: { xMin: 100, yMin: 0, xMax: 200, yMax: 100 } },
]

const CLASSES = 3

/** Rows of boxes that nothing is in, all over the tensor, of the same columns as `make` gives for objects. */
type Row = (corners: readonly number[], classId: number, score: number) => number[]

function rowsOf(make: Row, others = 0): number[][] {
  const rows = OBJECTS.map(({ corners, classId, score }) => make(corners, classId, score))
  for (let i = 0; i < others; i++) {
    const [x, y] = [i % 40, Math.floor(i / 40)].map((cell) => cell * 2.5) as [number, number]
    rows.push(make([x - 3, y - 2, x + 3, y + 2], 1, 0.0625))
  }
  return rows
}

const xyxy = (corners: readonly number[]) => [...corners]
const yxyx = ([x1, y1, x2, y2]: readonly number[]) => [y1!, x1!, y2!, x2!]
const xywh = ([x1, y1, x2, y2]: readonly number[]) => [x1!, y1!, x2! - x1!, y2! - y1!]
const cxcywh = ([x1, y1, x2, y2]: readonly number[]) => {
  return [(x1! + x2!) / 2, (y1! + y2!) / 2, x2! - x1!, y2! - y1!]
}
const fractions = (numbers: readonly number[]) => numbers.map((it) => it / 100)
const byClass = (classId: number, score: number, other = score / 8) =>
  Array.from({ length: CLASSES }, (_, at) => (at === classId ? score : other))

function tensor(shape: number[], data: number[]): Tensor {
  return { dtype: 'DT_FLOAT', shape, data: Float64Array.from(data) }
}

/** A table as a tensor of one image. */
function table(rows: readonly number[][]): Tensor {
  return tensor([1, rows.length, rows[0]!.length], rows.flat())
}

/** The same with rows and columns exchanged. */
function transposed(rows: readonly number[][]): Tensor {
  const columns = rows[0]!.map((_, at) => rows.map((row) => row[at]!))
  return tensor([1, columns.length, rows.length], columns.flat())
}

function card(change: Partial<ModelCard> = {}): ModelCard {
  const empty = { labels: null, defaults: {}, input: {}, inputs: {}, outputs: {} }
  return { task: 'object-detection', ...empty, ...change }
}

const LABELS = new Map([
  [0, 'cat'],
  [1, 'dog'],
  [2, 'bird'],
])

/** Reads what a signature of these outputs tells; a batch that is free has -1. */
function signatureOf(outputs: Tensors, given?: ModelCard, free = false): DetectionSignature {
  const told = Object.entries(outputs).map(([name, { dtype, shape }]) => {
    return [name, { dtype, shape: free ? [-1, ...shape.slice(1)] : shape }]
  })
  const signature: Signature = {
    name: 'serving_default',
    method: 'tensorflow/serving/predict',
    inputs: { images: { dtype: 'DT_FLOAT', shape: [free ? -1 : 1, 3, 100, 100] } },
    outputs: Object.fromEntries(told),
  }
  return readDetectionSignature('m', new Map([[signature.name, signature]]), given)
}

function detect(outputs: Tensors, given?: ModelCard, minScore = 0.25) {
  const signature = signatureOf(outputs, given)
  const found = readCandidates(outputs, signature, { index: 0, count: 1 }, FRAME, minScore)
  const round = (value: number) => Math.round(value * 1e6) / 1e6
  return found.map(({ classId, score, box: { xMin, yMin, xMax, yMax } }) => ({
    classId,
    score,
    box: { xMin: round(xMin), yMin: round(yMin), xMax: round(xMax), yMax: round(yMax) },
  }))
}

const GRID = 1198

t.test('a joined output is told by its shape', async (t) => {
  const endToEnd: Row = (corners, classId, score) => [...xyxy(corners), score, classId]
  const grid: Row = (corners, classId, score) => [...cxcywh(corners), ...byClass(classId, score)]
  const objectness: Row = (corners, classId, score) => {
    const object = score === 0.75 ? 1 : 0.5
    return [...cxcywh(corners), object, ...byClass(classId, score / object)]
  }
  const single: Row = (corners, _, score) => [...cxcywh(corners), score]
  const inFractions =
    (make: Row): Row =>
    (corners, classId, score) =>
      make(fractions(corners), classId, score)
  const cases: [string, Tensor, ModelCard | undefined, RegExp][] = [
    ['YOLO26', table(rowsOf(endToEnd, 298)), undefined, /rows of a box, its score and its class/],
    ['YOLOv8', transposed(rowsOf(grid, GRID)), undefined, /a grid of boxes with a score for each/],
    ['YOLOv8 upright, told by labels', table(rowsOf(grid, GRID)), card({ labels: LABELS }), /grid/],
    [
      'YOLOv8 in fractions',
      transposed(rowsOf(inFractions(grid), GRID)),
      undefined,
      /by their size/,
    ],
    ['YOLOv5', table(rowsOf(objectness, GRID)), undefined, /with objectness/],
    [
      'YOLOv5 in fractions',
      table(rowsOf(inFractions(objectness), GRID)),
      undefined,
      /with objectness/,
    ],
    [
      'YOLOv5 turned, told by labels',
      transposed(rowsOf(objectness, GRID)),
      card({ labels: LABELS }),
      /with objectness/,
    ],
  ]
  for (const [name, output, given, convention] of cases) {
    const found = detect({ output0: output }, given)
    t.match(describeFormat(signatureOf({ output0: output }, given).format), convention, name)
    t.strictSame(found, EXPECTED, name)
  }

  for (const output of [transposed(rowsOf(single, GRID)), table(rowsOf(single, GRID))]) {
    const found = detect({ output0: output })
    t.strictSame(
      found,
      EXPECTED.map((it) => ({ ...it, classId: 0 })),
      'YOLOv8 of one class',
    )
  }
  const v7: Row = (corners, classId, score) => [0, ...corners, classId, score]
  const rows = rowsOf(v7)
  const outputs = { output: tensor([2, 7], rows.flat()) }
  t.strictSame(detect(outputs), EXPECTED, 'YOLOv7 with its own suppression')
  const openvino: Row = (corners, classId, score) => [0, classId, score, ...fractions(corners)]
  const rest = [-1, 5, 1, 0, 0, 1, 1, 0, 5, 1, 0, 0, 1, 1]
  const detectionOutput = tensor([1, 1, 4, 7], [...rowsOf(openvino).flat(), ...rest])
  t.strictSame(detect({ detection_out: detectionOutput }), EXPECTED, 'DetectionOutput')
})

t.test('what a shape does not tell is for the card', async (t) => {
  const cases: [string, Tensor][] = [
    ['six columns of any number of rows', tensor([1, -1, 6], [])],
    ['a few rows with many columns', tensor([1, 300, 84], [])],
    ['a few rows with a box and a score', tensor([1, 300, 5], [])],
    ['a vector', tensor([1, 1001], [])],
  ]
  for (const [name, output] of cases) {
    t.throws(() => signatureOf({ output0: output }), { code: 'signature_mismatch' }, name)
    t.ok(signatureOf({ output0: output }, card({ columns: ['box', 'scores'] })), `${name}, told`)
  }
  t.throws(
    () => signatureOf({ x: tensor([1, 300, 84], []) }, card({ outputs: { detections: 'x' } })),
    {
      message: /an output x whose shape tells its columns \(write "columns" on the card\)/,
    },
  )
  t.throws(
    () =>
      signatureOf(
        { x: tensor([1, 2], []), y: tensor([1, 2], []) },
        card({ columns: ['box', 'scores'] }),
      ),
    { message: /expected an output detections or output0 or output; found x, y/ },
  )
})

t.test("the card's columns and boxes go before what a shape tells", async (t) => {
  const joined = (columns: ModelCard['columns'], boxes?: ModelCard['boxes']) =>
    card({ columns, boxes, outputs: { detections: 'out' } })
  const detr: Row = (corners, classId, score) => {
    return [...fractions(cxcywh(corners)), ...byClass(classId, score)]
  }
  const made: [string, Row, ModelCard][] = [
    [
      'corners in fractions',
      (corners, classId, score) => [score, classId, ...fractions(corners)],
      joined(['score', 'class', 'box'], { unit: 'fraction' }),
    ],
    [
      'y before x',
      (corners, classId, score) => [...yxyx(corners), classId, score, 7],
      joined(['box', 'class', 'score'], { format: 'yxyx' }),
    ],
    [
      'a corner and a size',
      (corners, classId, score) => [...xywh(corners), score, classId],
      joined(['box', 'score', 'class'], { format: 'xywh', unit: 'pixel' }),
    ],
    ['a few queries', detr, joined(['box', 'scores'], { unit: 'fraction' })],
  ]
  for (const [name, row, given] of made) {
    t.strictSame(detect({ out: table(rowsOf(row, 8)) }, given), EXPECTED, name)
  }
  const masks: Row = (corners, classId, score) => {
    return [...cxcywh(corners), ...byClass(classId, score), 9, 9]
  }
  const counted = { ...joined(['box', 'scores']), scores: { classes: CLASSES } }
  t.strictSame(detect({ out: transposed(rowsOf(masks, GRID)) }, counted), EXPECTED, 'mask weights')
  const single: Row = (corners, _, score) => [...corners, score]
  t.strictSame(
    detect({ out: table(rowsOf(single)) }, joined(['box', 'score'])).map((it) => it.classId),
    [0, 0],
    'no class at all',
  )
})

t.test('outputs apart', async (t) => {
  const boxes = (make: (corners: readonly number[]) => number[]) => table(rowsOf(make, 0))
  const classes = tensor([1, 2], [2, 0])
  const scores = tensor([1, 2], [0.75, 0.5])
  const forms: [ModelCard['boxes'], (corners: readonly number[]) => number[]][] = [
    [{ format: 'xyxy', unit: 'pixel' }, xyxy],
    [{ format: 'xyxy' }, (corners) => fractions(corners)],
    [{ unit: 'pixel' }, yxyx],
    [{ format: 'cxcywh', unit: 'fraction' }, (corners) => fractions(cxcywh(corners))],
    [{ format: 'xywh', unit: 'pixel' }, xywh],
  ]
  for (const [form, make] of forms) {
    const outputs = {
      detection_boxes: boxes(make),
      detection_scores: scores,
      detection_classes: classes,
    }
    t.strictSame(detect(outputs, card({ boxes: form })), EXPECTED, JSON.stringify(form))
  }

  const nas = {
    boxes: boxes(xyxy),
    scores: table(OBJECTS.map(({ classId, score }) => byClass(classId, score))),
  }
  const names = { detection_boxes: 'boxes', detection_scores: 'scores' }
  const given = card({ outputs: names, boxes: { format: 'xyxy' } })
  t.strictSame(detect(nas, given), EXPECTED, 'YOLO-NAS: pixels, a score for each class')
  t.throws(
    () => signatureOf({ ...nas, scores }, given),
    { message: /expected an output detection_classes; found boxes, scores/ },
    'scores that are not for each class need the classes',
  )
})

t.test('scores become probabilities as the card says', async (t) => {
  const boxes = table(rowsOf(yxyx).map((row) => fractions(row)))
  const logit = (p: number) => Math.log(p / (1 - p))
  const read = (rows: number[][], scores: ModelCard['scores']) => {
    const outputs = { detection_boxes: boxes, detection_scores: table(rows) }
    return detect(outputs, card({ scores })).map(({ classId, score }) => [
      classId,
      Math.round(score * 1e9) / 1e9,
    ])
  }
  const sigmoid = [
    [logit(0.01), logit(0.1), logit(0.75)],
    [logit(0.5), logit(0.4), logit(0.2)],
  ]
  t.strictSame(read(sigmoid, { activation: 'sigmoid' }), [
    [2, 0.75],
    [0, 0.5],
  ])
  // Shares of 1:2:9, and 6:1:1 of which the last is nothing.
  const softmax = [
    [0, Math.log(2), Math.log(9)],
    [Math.log(6), 0, 0],
  ]
  t.strictSame(read(softmax, { activation: 'softmax' }), [
    [2, 0.75],
    [0, 0.75],
  ])
  t.strictSame(
    read(softmax, { activation: 'softmax', background: 'first' }),
    [[2, 0.75]],
    'background first: ids count from 1, and what is background most is nothing',
  )
  t.strictSame(
    read(softmax, { activation: 'softmax', background: 'last' }),
    [[0, 0.75]],
    'background last',
  )
  t.strictSame(
    read([[1000, 0, 0]].concat([[0, 0, 999]]), { activation: 'softmax', background: 'last' }),
    [[0, 1]],
    'large numbers do not overflow',
  )
  t.throws(() => read([[1], [1]], { background: 'last' }), {
    message: /no class but the background/,
  })
})

t.test('YOLOX: boxes are decoded by their cells', async (t) => {
  // Strides of 25 and 50 in 100 x 100 pixels: 4 x 4 cells, then 2 x 2.
  const rows = Array.from({ length: 20 }, () => [0, 0, 0, 0, 0.5, 0, 0, 0])
  // Cell (1, 1) of the first grid: centre (25, 45), 30 pixels a side.
  rows[5] = [0, 0.8, Math.log(30 / 25), Math.log(30 / 25), 1, 0, 0.25, 0.75]
  // Cell (1, 0) of the second: centre (75, 50), 50 a side.
  rows[17] = [0.5, 1, 0, 0, 0.5, 1, 0, 0]
  const given = card({
    columns: ['box', 'objectness', 'scores'],
    boxes: { strides: [25, 50] },
  })
  const found = detect({ output: table(rows) }, given)
  t.strictSame(found, EXPECTED)
  t.throws(() => detect({ output: table(rows.slice(1)) }, given), {
    code: 'upstream_invalid_response',
    message: /holds 19 boxes; strides of 25, 50 give 20 in 100 x 100 pixels/,
  })
})

t.test('each image of a batch gets its own rows', async (t) => {
  const grid = (score: number): number[][] =>
    Array.from({ length: 1100 }, (_, i) => [50, 50, 10, 10, i === 3 ? score : 0, 0, 0])
  const columns = [0.9, 0.8].map((score) => {
    const rows = grid(score)
    return rows[0]!.flatMap((_, at) => rows.map((row) => row[at]!))
  })
  const outputs = { output0: tensor([2, 7, 1100], columns.flat()) }
  const signature = signatureOf(outputs, undefined, true)
  for (const [index, score] of [0.9, 0.8].entries()) {
    const found = readCandidates(outputs, signature, { index, count: 2 }, FRAME, 0.5)
    t.match(found, [{ classId: 0, score, box: { xMin: 90, yMin: 40, xMax: 110, yMax: 60 } }])
    t.equal(found.length, 1)
  }
  const rows = [
    [0, 10, 30, 40, 60, 2, 0.75],
    [1, 50, 25, 100, 75, 0, 0.5],
    [0, 50, 25, 100, 75, 0, 0.5],
  ]
  const shared = { output: tensor([3, 7], rows.flat()) }
  const read = (index: number) =>
    readCandidates(shared, signatureOf(shared), { index, count: 2 }, FRAME)
  t.strictSame(read(0), EXPECTED)
  t.strictSame(read(1), [EXPECTED[1]])
})

t.test('answers that make no sense are refused', async (t) => {
  const grid = Array.from({ length: 1100 }, () => [50, 50, 10, 10, 0.5, 0.1, 0.1])
  const broken = (row: number, column: number, value: number) => {
    const rows = grid.map((it) => [...it])
    rows[row]![column] = value
    return rows
  }
  const cases: [string, Tensor, RegExp, ModelCard?][] = [
    ['a score that is NaN', transposed(broken(7, 5, Number.NaN)), /score that is NaN/],
    ['a best score that is infinite', transposed(broken(7, 5, 1 / 0)), /detection 7 .*infinite/],
    ['a box that is NaN', transposed(broken(9, 2, Number.NaN)), /detection 9 .*NaN/],
    [
      'too few columns',
      table(grid.map((row) => row.slice(0, 5))),
      /rows of box, objectness, scores/,
      card({ columns: ['box', 'objectness', 'scores'] }),
    ],
    [
      'more classes on the card',
      table(grid),
      /scores of 3 classes; the card counts 80/,
      card({ columns: ['box', 'scores'], scores: { classes: 80 } }),
    ],
  ]
  for (const [name, output, message, given] of cases) {
    t.throws(
      () => detect({ output0: output }, given),
      { code: 'upstream_invalid_response', message },
      name,
    )
  }
  t.equal(detect({ output0: transposed(broken(9, 2, Number.NaN)) }, undefined, 0.6).length, 0)
})

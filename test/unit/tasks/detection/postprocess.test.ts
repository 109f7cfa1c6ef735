import t from 'tap'
import type { Tensor, Tensors } from '../../../../src/serving/model-server.js'
import type { DetectionSignature } from '../../../../src/tasks/detection/detection-signature.js'
import { readCandidates } from '../../../../src/tasks/detection/postprocess.js'

const signature: DetectionSignature = {
  name: 'serving_default',
  input: 'inputs',
  dtype: 'DT_UINT8',
  batched: true,
  maxBatch: Number.POSITIVE_INFINITY,
  layout: 'nhwc',
  size: undefined,
  format: { boxes: { format: 'yxyx', unit: 'fraction' }, scores: { byClass: false } },
  outputs: {
    detection_boxes: 'detection_boxes',
    detection_scores: 'detection_scores',
    detection_classes: 'detection_classes',
    num_detections: 'num_detections',
  },
}

const image = {
  size: { width: 200, height: 100 },
  tensor: { width: 100, height: 50 },
  transform: { scaleX: 2, scaleY: 2, offsetX: 0, offsetY: 0 },
}

function tensor(shape: number[], data: number[]): Tensor {
  return { dtype: 'DT_FLOAT', shape, data: Float64Array.from(data) }
}

/** Outputs of `batch` images with two rows each; the second row is padding. */
function outputs(batch: number, change: Record<string, Tensor> = {}): Tensors {
  const all = <T>(rows: (index: number) => T[]) =>
    Array.from({ length: batch }, (_, i) => rows(i)).flat()
  return {
    detection_boxes: tensor(
      [batch, 2, 4],
      all((i) => [0.1, 0.2, 0.5, 0.6 + i / 10, 0, 0, 0, 0]),
    ),
    detection_scores: tensor(
      [batch, 2],
      all(() => [0.75, 0]),
    ),
    detection_classes: tensor(
      [batch, 2],
      all((i) => [18 + i, 1]),
    ),
    num_detections: tensor(
      [batch],
      all(() => [1]),
    ),
    ...change,
  }
}

t.test('readCandidates()', async (t) => {
  const expected = [{ classId: 18, score: 0.75, box: { xMin: 40, yMin: 10, xMax: 120, yMax: 50 } }]
  const read = (given: Tensors, index = 0, count = 1) =>
    readCandidates(given, signature, { index, count }, image)

  t.test('reads outputs with a batch dimension and without', async (t) => {
    t.strictSame(read(outputs(1)), expected)
    const flat = {
      detection_boxes: tensor([2, 4], [0.1, 0.2, 0.5, 0.6, 0, 0, 0, 0]),
      detection_scores: tensor([2], [0.75, 0]),
      detection_classes: tensor([2], [18, 1]),
      num_detections: tensor([], [1]),
    }
    t.strictSame(read(flat), expected)
  })

  t.test('takes each image of a batch its own rows', async (t) => {
    const [second] = read(outputs(3), 1, 3)
    t.match(second, { classId: 19, box: { xMax: 140 } })
  })

  t.test('takes columns for the rows that they are', async (t) => {
    const column = ({ shape, data }: Tensor) => tensor([...shape, 1], Array.from(data, Number))
    const columns = (given: Tensors, ...names: string[]) =>
      Object.fromEntries(
        Object.entries(given).map(([name, it]) => [name, names.includes(name) ? column(it) : it]),
      )
    const scores = ['detection_scores', 'detection_classes']
    t.strictSame(read(columns(outputs(1), 'num_detections', ...scores)), expected)
    const batch = columns(outputs(3), 'num_detections', ...scores)
    t.match(read(batch, 1, 3)[0], { classId: 19, box: { xMax: 140 } })
    const flat = {
      detection_boxes: tensor([2, 4], [0.1, 0.2, 0.5, 0.6, 0, 0, 0, 0]),
      detection_scores: tensor([2, 1], [0.75, 0]),
      detection_classes: tensor([2, 1], [18, 1]),
      num_detections: tensor([1, 1], [1]),
    }
    t.strictSame(read(flat), expected)
    t.throws(() => read(flat, 0, 2), { message: /holds 1 results for 2|expected rank/ })
  })

  t.test('reads every row where nothing counts them', async (t) => {
    const { num_detections: _, ...names } = signature.outputs
    const found = readCandidates(
      outputs(1),
      { ...signature, outputs: names },
      { index: 0, count: 1 },
      image,
    )
    t.equal(found.length, 2)
  })

  t.test('reads whole-number classes of any type', async (t) => {
    const classes: Tensor = {
      dtype: 'DT_INT64',
      shape: [1, 2],
      data: BigInt64Array.from([18n, 1n]),
    }
    t.strictSame(read(outputs(1, { detection_classes: classes })), expected)
  })

  t.test('keeps boxes inside the image', async (t) => {
    const boxes = tensor([1, 2, 4], [-0.5, -0.1, 1.5, 2, 0, 0, 0, 0])
    t.strictSame(read(outputs(1, { detection_boxes: boxes }))[0]!.box, {
      xMin: 0,
      yMin: 0,
      xMax: 200,
      yMax: 100,
    })
  })

  t.test('follows the transform of a padded tensor', async (t) => {
    const padded = {
      ...image,
      tensor: { width: 100, height: 100 },
      transform: { scaleX: 2, scaleY: 2, offsetX: 0, offsetY: -50 },
    }
    const boxes = tensor([1, 2, 4], [0.25, 0, 0.75, 1, 0, 0, 0, 0])
    const [found] = readCandidates(
      outputs(1, { detection_boxes: boxes }),
      signature,
      { index: 0, count: 1 },
      padded,
    )
    t.strictSame(found!.box, { xMin: 0, yMin: 0, xMax: 200, yMax: 100 })
  })

  t.test('refuses answers that make no sense', async (t) => {
    const cases: [string, Record<string, Tensor>, RegExp][] = [
      ['a class beyond all', { detection_classes: tensor([1, 2], [1e20, 1]) }, /has the class 1/],
      ['NaN score', { detection_scores: tensor([1, 2], [Number.NaN, 0]) }, /NaN or infinite/],
      [
        'infinite box',
        { detection_boxes: tensor([1, 2, 4], [0, 0, Number.POSITIVE_INFINITY, 1, 0, 0, 0, 0]) },
        /NaN or infinite/,
      ],
      [
        'fewer scores than boxes',
        { detection_scores: tensor([1, 1], [1]) },
        /8 box coordinates, 1 scores and 2 classes/,
      ],
      [
        'wrong rank',
        { detection_boxes: tensor([8], [1, 2, 3, 4, 5, 6, 7, 8]) },
        /detection_boxes has shape \[8\]; expected rank 3 or 2/,
      ],
      [
        'another batch',
        { detection_scores: tensor([3, 2], [1, 1, 1, 1, 1, 1]) },
        /3 results for 1 images/,
      ],
      [
        'strings',
        { detection_classes: { dtype: 'DT_STRING', shape: [1, 2], data: [] } },
        /DT_STRING; expected numbers/,
      ],
      [
        'a count that is NaN',
        { num_detections: tensor([1], [Number.NaN]) },
        /num_detections is NaN/,
      ],
      ['a negative count', { num_detections: tensor([1], [-1]) }, /num_detections is -1/],
    ]
    for (const [name, change, message] of cases) {
      t.throws(() => read(outputs(1, change)), { code: 'upstream_invalid_response', message }, name)
    }
    const { detection_scores: _, ...rest } = outputs(1)
    t.throws(() => read(rest), { message: /detection_scores is missing/ })
  })
})

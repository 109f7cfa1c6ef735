import t from 'tap'
import { CLASS_COLUMNS } from '../../../src/embedded/network.js'
import {
  decodeBoxes,
  intersectionOverUnion,
  MAX_DETECTIONS,
  toDetections,
} from '../../../src/embedded/postprocess.js'

interface Guess {
  readonly box: readonly number[]
  readonly classId: number
  readonly logit: number
}

const sigmoid = (logit: number) => Math.fround(1 / (1 + Math.exp(-logit)))

/** Runs the guesses through: each gets an anchor of its own that is its box already. */
function detect(guesses: readonly Guess[]) {
  const logits = new Float32Array(guesses.length * CLASS_COLUMNS).fill(-100)
  guesses.forEach(({ classId, logit }, i) => {
    logits[i * CLASS_COLUMNS + classId] = logit
  })
  const anchors = Float32Array.from(guesses.flatMap(({ box }) => [...box]))
  return toDetections({ encodings: new Float32Array(anchors.length), logits }, anchors)
}

const BOX = [0.1, 0.1, 0.5, 0.5]

t.test('decodeBoxes() moves and scales anchors', async (t) => {
  const anchor = Float32Array.of(0.2, 0.4, 0.6, 0.6)
  const close = (actual: Float32Array, expected: readonly number[], name: string) =>
    t.ok(
      expected.every((edge, i) => Math.abs(edge - actual[i]!) < 1e-6),
      `${name}: ${actual}`,
    )
  close(decodeBoxes(Float32Array.of(0, 0, 0, 0), anchor), [0.2, 0.4, 0.6, 0.6], 'zeros')
  close(decodeBoxes(Float32Array.of(5, -5, 0, 0), anchor), [0.4, 0.3, 0.8, 0.5], 'moved')
  const grow = 5 * Math.log(2)
  close(decodeBoxes(Float32Array.of(0, 0, grow, grow), anchor), [0, 0.3, 0.8, 0.7], 'doubled')
})

t.test('intersectionOverUnion() compares areas', async (t) => {
  const boxes = Float32Array.of(0, 0, 2, 2, 0, 1, 2, 3, 5, 5, 6, 6, 1, 1, 1, 1)
  t.equal(intersectionOverUnion(boxes, 0, 0), 1, 'itself')
  t.ok(Math.abs(intersectionOverUnion(boxes, 0, 4) - 1 / 3) < 1e-6, 'half of each')
  t.equal(intersectionOverUnion(boxes, 0, 8), 0, 'apart')
  t.equal(intersectionOverUnion(boxes, 0, 12), 0, 'no area')
})

t.test('toDetections() keeps one box of those that overlap, class by class', async (t) => {
  const nearly = [0.1, 0.1, 0.5, 0.49]
  const shifted = [0.1, 0.25, 0.5, 0.65]
  const found = detect([
    { box: nearly, classId: 1, logit: 1 },
    { box: BOX, classId: 1, logit: 2 },
    { box: nearly, classId: 2, logit: 0 },
    { box: shifted, classId: 1, logit: -1 },
  ])
  t.equal(found.count, 3)
  t.strictSame([...found.classes.subarray(0, 3)], [1, 2, 1])
  t.strictSame([...found.scores.subarray(0, 3)], [2, 0, -1].map(sigmoid))
  t.strictSame([...found.boxes.subarray(0, 4)], [...Float32Array.from(BOX)], 'the best of two')
})

t.test('toDetections() pads with zeros and class 1', async (t) => {
  const found = detect([{ box: BOX, classId: 90, logit: 3 }])
  t.equal(found.count, 1)
  t.equal(found.scores.length, MAX_DETECTIONS)
  t.ok(found.scores.subarray(1).every((score) => score === 0))
  t.ok(found.classes.subarray(1).every((id) => id === 1))
  t.ok(found.boxes.subarray(4).every((edge) => edge === 0))
})

t.test('toDetections() clips boxes to the image after suppression', async (t) => {
  // Clipped, the two boxes are the same; as the network gave them they are not.
  const found = detect([
    { box: [0, 0, 1, 1], classId: 1, logit: 2 },
    { box: [-1, -1, 2, 2], classId: 1, logit: 1 },
  ])
  t.equal(found.count, 2)
  t.strictSame([...found.boxes.subarray(0, 8)], [0, 0, 1, 1, 0, 0, 1, 1])
})

t.test('toDetections() ignores the background and scores of 1e-8 and less', async (t) => {
  const found = detect([
    { box: BOX, classId: 0, logit: 9 },
    { box: BOX, classId: 3, logit: -18.5 },
    { box: BOX, classId: 4, logit: -18.3 },
  ])
  t.equal(found.count, 1)
  t.equal(found.classes[0], 4)
})

t.test('toDetections() stops at the hundred best', async (t) => {
  const guesses = Array.from({ length: 150 }, (_, i) => ({
    box: [0, i / 150, 1, (i + 1) / 150],
    classId: 1 + (i % 90),
    logit: i / 100,
  }))
  const found = detect(guesses)
  t.equal(found.count, MAX_DETECTIONS)
  t.equal(found.scores[0], sigmoid(1.49))
  t.equal(found.scores[99], sigmoid(0.5))
})

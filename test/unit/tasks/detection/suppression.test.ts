import t from 'tap'
import type { Candidate } from '../../../../src/tasks/detection/postprocess.js'
import { suppress, withoutDuplicates } from '../../../../src/tasks/detection/suppression.js'

function candidate(classId: number, xMin: number): Candidate {
  return { classId, score: 0.9, box: { xMin, yMin: 0, xMax: xMin + 10, yMax: 10 } }
}

t.test('suppress()', async (t) => {
  t.test('drops what overlaps a better box of its class', async (t) => {
    const boxes = [candidate(1, 0), candidate(1, 2), candidate(2, 2), candidate(1, 100)]
    t.strictSame(suppress(boxes, 0.5, 100), [boxes[0], boxes[2], boxes[3]])
  })

  t.test('stops when as many as are wanted have been kept', async (t) => {
    const boxes = [candidate(1, 0), candidate(1, 20), candidate(1, 40)]
    t.strictSame(suppress(boxes, 0.5, 2), boxes.slice(0, 2))
  })

  t.test('looks at the best ten thousand only', async (t) => {
    const same = Array.from({ length: 10_000 }, () => candidate(1, 0))
    t.strictSame(suppress([...same, candidate(1, 100)], 0.5, 100), [same[0]])
    t.equal(suppress([...same.slice(1), candidate(1, 100)], 0.5, 100).length, 2)
  })
})

t.test('withoutDuplicates() keeps the best of what overlaps, in any order', async (t) => {
  const scored = (score: number, xMin: number) => ({ ...candidate(1, xMin), score })
  // 8 of 12 pixels in common are .67, 4 of 16 are .25.
  const [best, near, apart] = [scored(0.9, 0), scored(0.8, 2), scored(0.7, 6)] as const
  t.strictSame(withoutDuplicates([apart, near, best]), [best, apart])
  t.strictSame(withoutDuplicates([apart, near, best], 0.2), [best])
  t.strictSame(withoutDuplicates([apart, near, best], 1), [best, near, apart])
})

import t from 'tap'
import type { Box } from '../../../../src/imaging/geometry.js'
import { mergeViews } from '../../../../src/tasks/detection/merge-views.js'
import type { Candidate } from '../../../../src/tasks/detection/postprocess.js'

const IMAGE = { width: 1000, height: 500 }

function box(xMin: number, yMin: number, xMax: number, yMax: number): Box {
  return { xMin, yMin, xMax, yMax }
}

const WHOLE = box(0, 0, 1000, 500)
const LEFT = box(0, 0, 600, 500)
const RIGHT = box(400, 0, 1000, 500)

function found(score: number, place: Box, classId = 1): Candidate {
  return { classId, score, box: place }
}

function scores(views: readonly [Box, readonly Candidate[]][]): number[] {
  const findings = views.map(([region, candidates]) => ({ region, candidates }))
  return mergeViews(findings, IMAGE).map(({ score }) => score)
}

const SHARED = box(450, 100, 550, 200)

t.test('mergeViews() gives an object that two views show once, the best of it', async (t) => {
  const near = box(452, 101, 549, 203)
  t.strictSame(
    scores([
      [LEFT, [found(0.7, SHARED)]],
      [RIGHT, [found(0.8, near)]],
    ]),
    [0.8],
  )
  t.strictSame(
    scores([
      [LEFT, [found(0.7, SHARED)]],
      [RIGHT, [found(0.8, near, 2)]],
    ]),
    [0.8, 0.7],
  )
  const aside = box(500, 100, 580, 200)
  t.strictSame(
    scores([
      [LEFT, [found(0.7, SHARED)]],
      [RIGHT, [found(0.8, aside)]],
    ]),
    [0.8, 0.7],
  )
})

t.test('mergeViews() leaves to the model what one view shows twice', async (t) => {
  const crowd = [found(0.9, SHARED), found(0.8, box(455, 100, 555, 200))]
  t.strictSame(
    scores([
      [LEFT, crowd],
      [RIGHT, []],
    ]),
    [0.9, 0.8],
  )
  t.strictSame(
    scores([
      [LEFT, crowd],
      [RIGHT, [found(0.95, SHARED)]],
    ]),
    [0.95],
  )
})

t.test("mergeViews() drops what an inner edge cuts, and nothing at the image's own", async (t) => {
  const cut = box(500, 100, 599, 200)
  t.strictSame(scores([[LEFT, [found(0.9, cut)]]]), [], 'at the right of the left tile')
  t.strictSame(scores([[RIGHT, [found(0.9, box(401, 100, 500, 200))]]]), [], 'at the left')
  t.strictSame(scores([[RIGHT, [found(0.9, box(900, 0, 1000, 500))]]]), [0.9], 'at the image')
  const complete = box(500, 100, 700, 200)
  t.strictSame(
    scores([
      [WHOLE, [found(0.6, complete)]],
      [LEFT, [found(0.9, cut)]],
      [RIGHT, []],
    ]),
    [0.6],
    'the whole shows it complete, however unsure',
  )
  const upper = box(0, 0, 1000, 300)
  const lower = box(0, 200, 1000, 500)
  t.strictSame(scores([[upper, [found(0.9, box(0, 250, 50, 299))]]]), [], 'below')
  t.strictSame(scores([[lower, [found(0.9, box(0, 201, 50, 250))]]]), [], 'above')
})

t.test('mergeViews() ends with as many objects as a request can ask for', async (t) => {
  const many = Array.from({ length: 1500 }, (_, index) => found(index / 1500, SHARED))
  t.equal(scores([[LEFT, many]]).length, 1000)
})

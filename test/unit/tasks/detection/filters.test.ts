import t from 'tap'
import type { GatewayError } from '../../../../src/errors.js'
import type { ModelCard } from '../../../../src/repository/model-card.js'
import {
  createFilter,
  type FilterOptions,
  lowestScore,
} from '../../../../src/tasks/detection/filters.js'
import type { Candidate } from '../../../../src/tasks/detection/postprocess.js'

const card: ModelCard = {
  task: 'object-detection',
  labels: new Map([
    [1, 'person'],
    [17, 'cat'],
    [18, 'dog'],
    [3, 'Dining Table'],
  ]),
  defaults: {},
  input: {},
  inputs: {},
  outputs: {},
}

const size = { width: 100, height: 100 }

function found(
  classId: number,
  score: number,
  [xMin, yMin, xMax, yMax] = [10, 10, 20, 20],
): Candidate {
  return { classId, score, box: { xMin: xMin!, yMin: yMin!, xMax: xMax!, yMax: yMax! } }
}

const candidates = [found(18, 0.55), found(1, 0.9), found(17, 0.45), found(99, 0.7), found(18, 0.2)]

function apply(
  options: FilterOptions,
  from: readonly Candidate[] = candidates,
  of: ModelCard | undefined = card,
) {
  return createFilter(options, of)(from, size).map((it) => [it.classId, it.score])
}

t.test('createFilter()', async (t) => {
  t.test('keeps scores of 0.5 and more, best first, unless told otherwise', async (t) => {
    t.strictSame(apply({}), [
      [1, 0.9],
      [99, 0.7],
      [18, 0.55],
    ])
    t.strictSame(apply({ minScore: 0.6 }), [
      [1, 0.9],
      [99, 0.7],
    ])
    t.equal(apply({ minScore: 0 }).length, 5)
  })

  t.test("takes the card's defaults where the request says nothing", async (t) => {
    const own = { ...card, defaults: { minScore: 0.3, maxDetections: 2 } }
    t.strictSame(apply({}, candidates, own), [
      [1, 0.9],
      [99, 0.7],
    ])
    t.equal(apply({ maxDetections: 10 }, candidates, own).length, 4)
  })

  t.test('has thresholds of a label go before the general one, both ways', async (t) => {
    const thresholds = new Map([
      ['dog', 0.1],
      ['person', 0.95],
    ])
    t.strictSame(apply({ thresholds }), [
      [99, 0.7],
      [18, 0.55],
      [18, 0.2],
    ])
  })

  t.test('takes labels by name in any case, and by class id', async (t) => {
    t.strictSame(apply({ labels: ['DOG', '99'] }), [
      [99, 0.7],
      [18, 0.55],
    ])
    t.strictSame(apply({ excludeLabels: ['person', '99'] }), [[18, 0.55]])
    t.strictSame(apply({ labels: ['dining table'] }), [])
    t.strictSame(
      apply({ labels: ['18'] }, candidates, undefined),
      [[18, 0.55]],
      'ids need no label map',
    )
  })

  t.test('limits the number after the filters', async (t) => {
    t.strictSame(apply({ excludeLabels: ['person'], maxDetections: 1 }), [[99, 0.7]])
  })

  t.test('names near matches of labels that do not exist, all at once', async (t) => {
    const options = {
      labels: ['dgo', 'person'],
      excludeLabels: ['kat'],
      thresholds: new Map([['zebra', 1]]),
    }
    t.throws(() => createFilter(options, card), {
      code: 'invalid_parameter',
      message: /no label "dgo"; did you mean "dog"\?/,
      fields: [
        { field: 'labels' },
        { field: 'exclude_labels', message: /"cat"/ },
        { field: 'thresholds' },
      ],
    })
    const many = Array.from({ length: 1000 }, (_, i) => `dogg${i}`)
    const error = t.throws(() => createFilter({ labels: many }, card))
    t.equal((error as GatewayError).fields.length, 20)
    t.throws(() => createFilter({ labels: ['dog'] }, undefined), { message: /no label map/ })
  })

  t.test('suppresses overlapping boxes of one class when asked to', async (t) => {
    const overlapping = [
      found(18, 0.9, [0, 0, 10, 10]),
      found(18, 0.8, [1, 0, 11, 10]),
      found(17, 0.7, [1, 0, 11, 10]),
      found(18, 0.6, [50, 50, 60, 60]),
    ]
    t.equal(apply({}, overlapping).length, 4)
    t.strictSame(apply({ iouThreshold: 0.5 }, overlapping), [
      [18, 0.9],
      [17, 0.7],
      [18, 0.6],
    ])
    t.equal(apply({ iouThreshold: 0.95 }, overlapping).length, 4)
    const own = { ...card, defaults: { iouThreshold: 0.5 } }
    t.equal(apply({}, overlapping, own).length, apply({ iouThreshold: 0.5 }, overlapping).length)
    t.equal(apply({ iouThreshold: 0.95 }, overlapping, own).length, 4, 'the request goes before')
  })

  t.test('keeps what lies in the regions', async (t) => {
    const boxes = [
      found(18, 0.9, [0, 0, 20, 20]),
      found(18, 0.8, [40, 40, 60, 60]),
      found(18, 0.7, [90, 90, 100, 100]),
    ]
    const region = {
      xMin: 0,
      yMin: 0,
      xMax: 0.55,
      yMax: 0.55,
      unit: 'fraction',
      match: 'center',
      exclude: false,
    } as const
    const scores = (...regions: FilterOptions['regions'] & object) =>
      apply({ regions }, boxes).map(([, score]) => score)
    t.strictSame(scores(region), [0.9, 0.8], 'centre')
    t.strictSame(scores({ ...region, match: 'contains' }), [0.9], 'whole box')
    t.strictSame(
      scores({ ...region, match: 'intersects', xMax: 0.95, yMax: 0.95 }),
      [0.9, 0.8, 0.7],
      'any part',
    )
    t.strictSame(scores({ ...region, exclude: true }), [0.7], 'excluded')
    const corner = { ...region, xMin: 80, yMin: 80, xMax: 100, yMax: 100, unit: 'pixel' } as const
    t.strictSame(scores(corner), [0.7], 'pixels')
    t.strictSame(scores(region, corner), [0.9, 0.8, 0.7], 'any of several')
    t.strictSame(
      scores(region, corner, { ...corner, exclude: true }),
      [0.9, 0.8],
      'exclusion goes before',
    )
  })
})

t.test('lowestScore() is the least of what any label needs', async (t) => {
  const own = { ...card, defaults: { minScore: 0.3 } }
  t.equal(lowestScore({}, undefined), 0.5)
  t.equal(lowestScore({}, own), 0.3)
  t.equal(lowestScore({ minScore: 0.6 }, own), 0.6)
  const thresholds = new Map([
    ['dog', 0.1],
    ['cat', 0.9],
  ])
  t.equal(lowestScore({ minScore: 0.6, thresholds }, own), 0.1)
})

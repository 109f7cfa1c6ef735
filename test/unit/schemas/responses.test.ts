import t from 'tap'
import { GatewayError } from '../../../src/errors.js'
import { toProblem } from '../../../src/schemas/problem.js'
import { BatchItem, BatchResponse, DetectResponse } from '../../../src/schemas/responses.js'

const ANSWER = {
  model: { name: 'ssdlite_mobilenet_v2_coco', version: '1', signature: 'serving_default' },
  image: { width: 768, height: 576, format: 'jpeg', orientation: 1 },
  detections: [
    {
      label: null,
      class_id: 18,
      score: 0.89,
      box: { x_min: 0, y_min: 220.5, x_max: 310, y_max: 541.9 },
      box_normalized: { x_min: 0, y_min: 0.3828, x_max: 0.4036, y_max: 0.9408 },
    },
  ],
  timings_ms: { queue: 0.1, decode: 6.2, predict: 71.4, postprocess: 0.1, total: 79 },
}

t.test('DetectResponse takes the answer as documented', async (t) => {
  t.same(DetectResponse.encode(ANSWER), ANSWER)
})

t.test('DetectResponse takes no numbers that JSON cannot hold', async (t) => {
  const [detection] = ANSWER.detections
  for (const score of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const answer = { ...ANSWER, detections: [{ ...detection, score }] }
    t.notOk(DetectResponse.safeParse(answer).success, String(score))
  }
})

t.test('BatchItem is an answer or an error', async (t) => {
  const done = { index: 0, filename: 'a.jpg', status: 200 as const, ...ANSWER }
  const error = toProblem(new GatewayError('image_undecodable', 'broken'), 'id-1')
  const failed = { index: 1, filename: null, status: 422, error }
  t.same(BatchResponse.encode({ results: [done, failed] }), { results: [done, failed] })
  t.notOk(BatchItem.safeParse({ ...failed, status: 200 }).success, 'an error with 200')
})

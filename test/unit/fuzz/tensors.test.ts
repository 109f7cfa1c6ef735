import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../../src/errors.js'
import type { Tensors } from '../../../src/serving/model-server.js'
import { decodeTensor } from '../../../src/serving/tf-serving/codec.js'
import {
  DataTypeEnum,
  TensorProto,
  TensorShapeProto,
} from '../../../src/serving/tf-serving/stubs.js'
import type { DetectionSignature } from '../../../src/tasks/detection/detection-signature.js'
import { createFilter } from '../../../src/tasks/detection/filters.js'
import { readCandidates } from '../../../src/tasks/detection/postprocess.js'
import { withoutDuplicates } from '../../../src/tasks/detection/suppression.js'
import { fuzz } from './fuzz.js'

const CONTEXT = { name: 'scores', maxBytes: 100_000 }

const tensor = fc
  .record({
    dtype: fc.oneof(fc.constantFrom(...Object.values(DataTypeEnum)), fc.integer()),
    sizes: fc.array(fc.oneof(fc.integer({ min: -1, max: 5 }), fc.integer()), { maxLength: 4 }),
    unknownRank: fc.boolean(),
    content: fc.uint8Array({ maxLength: 64 }),
    floats: fc.array(fc.float(), { maxLength: 9 }),
    ints: fc.array(fc.integer(), { maxLength: 9 }),
    strings: fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 4 }),
  })
  .map(({ dtype, sizes, unknownRank, content, floats, ints, strings }) => {
    const proto = new TensorProto()
    proto.setDtype(dtype as never)
    const shape = new TensorShapeProto()
    for (const size of sizes) {
      const dim = new TensorShapeProto.Dim()
      dim.setSize(size)
      shape.addDim(dim)
    }
    if (sizes.length === 0) shape.setUnknownRank(unknownRank)
    proto.setTensorShape(shape)
    proto.setTensorContent(content)
    proto.setFloatValList(floats)
    proto.setIntValList(ints)
    proto.setStringValList(strings)
    return proto.serializeBinary()
  })

/** Runs a step, and lets nothing through but a 502 that says what is wrong. */
function blamesUpstream<T>(step: () => T): T | undefined {
  try {
    return step()
  } catch (error) {
    if (error instanceof GatewayError && error.code.startsWith('upstream_')) return undefined
    throw error
  }
}

t.test('a tensor of any content is decoded as its shape says, or refused', async (t) => {
  await fuzz(
    t,
    'tensors',
    fc.property(tensor, (bytes) => {
      const proto = TensorProto.deserializeBinary(bytes)
      const decoded = blamesUpstream(() => decodeTensor(proto, CONTEXT))
      if (decoded === undefined) return
      const count = decoded.shape.reduce((product, size) => product * size, 1)
      if (decoded.data.length !== count) throw new Error(`${decoded.shape}: ${decoded.data.length}`)
    }),
    1000,
  )
})

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
    detection_boxes: 'boxes',
    detection_scores: 'scores',
    detection_classes: 'classes',
    num_detections: 'num',
  },
}
const SIZE = { width: 640, height: 480 }
const FRAME = {
  size: SIZE,
  tensor: { width: 300, height: 300 },
  transform: { scaleX: 640 / 300, scaleY: 480 / 300, offsetX: 0, offsetY: 0 },
}

/** Numbers as a model may answer them: mostly sane, some not. */
const number = fc.oneof(
  { weight: 40, arbitrary: fc.double({ min: -0.5, max: 1.5, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e30) },
)

function output(shapes: readonly number[][]) {
  return fc.constantFrom(...shapes).chain((shape) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const data = fc.array(number, { minLength: count, maxLength: count })
    return data.map((it) => ({ dtype: 'DT_FLOAT' as const, shape, data: Float32Array.from(it) }))
  })
}

t.test('answers of any numbers give boxes inside the image, or are refused', async (t) => {
  const answer = fc.record(
    {
      boxes: output([
        [1, 3, 4],
        [1, 3, 4],
        [3, 4],
        [1, 2, 4],
      ]),
      scores: output([[1, 3], [1, 3], [3], [1, 2]]),
      classes: output([[1, 3], [1, 3], [3], [3, 1]]),
      num: output([[1], [1], [], [2]]),
    },
    { requiredKeys: ['boxes', 'scores'] },
  )
  const filter = createFilter({ minScore: 0, iouThreshold: 0.5, maxDetections: 2 }, undefined)
  await fuzz(
    t,
    'answers',
    fc.property(answer, (outputs) => {
      const position = { index: 0, count: 1 }
      const candidates = blamesUpstream(() =>
        readCandidates(outputs as unknown as Tensors, signature, position, FRAME),
      )
      if (candidates === undefined) return
      for (const { box, score, classId } of filter(candidates, SIZE)) {
        const inside = [box.xMin, box.xMax].every((x) => x >= 0 && x <= 640)
        const inHeight = [box.yMin, box.yMax].every((y) => y >= 0 && y <= 480)
        const finite = Number.isFinite(score) && Number.isInteger(classId)
        if (!inside || !inHeight || !finite)
          throw new Error(JSON.stringify({ box, score, classId }))
      }
    }),
    1000,
  )
})

t.test('grids of any numbers give boxes inside the image, or are refused', async (t) => {
  const grid = output([[1, 7, 12], [1, 12, 7], [12, 7], [1, 3, 12], [1, 1, 1], [12]])
  const formats = fc.record({
    columns: fc.constantFrom(
      ['box', 'scores'] as const,
      ['box', 'objectness', 'scores'] as const,
      ['image', 'class', 'score', 'box'] as const,
    ),
    format: fc.constantFrom('yxyx', 'xyxy', 'xywh', 'cxcywh'),
    unit: fc.constantFrom('fraction', 'pixel', 'measured'),
    activation: fc.constantFrom('none', 'sigmoid', 'softmax'),
    strides: fc.constantFrom(undefined, [100], [100, 150]),
  })
  await fuzz(
    t,
    'grids',
    fc.property(grid, formats, (tensor, { columns, format, unit, activation, strides }) => {
      const byClass = columns[1] !== 'class'
      const joined: DetectionSignature = {
        ...signature,
        outputs: { detections: 'grid' },
        format: { columns, boxes: { format, unit, strides }, scores: { activation, byClass } },
      }
      const outputs = { grid: tensor } as unknown as Tensors
      const candidates = blamesUpstream(() =>
        readCandidates(outputs, joined, { index: 0, count: 1 }, FRAME, 0.1),
      )
      for (const { box, score, classId } of withoutDuplicates(candidates ?? [])) {
        const inside = [box.xMin, box.xMax].every((x) => x >= 0 && x <= 640)
        const inHeight = [box.yMin, box.yMax].every((y) => y >= 0 && y <= 480)
        if (!inside || !inHeight || !Number.isFinite(score) || !Number.isInteger(classId))
          throw new Error(JSON.stringify({ box, score, classId }))
      }
    }),
    1000,
  )
})

import t from 'tap'
import type { ModelCard } from '../../../../src/repository/model-card.js'
import type { Signature, TensorInfo } from '../../../../src/serving/model-server.js'
import { readDetectionSignature } from '../../../../src/tasks/detection/detection-signature.js'

const OUTPUTS = Object.fromEntries(
  [
    'detection_boxes',
    'detection_scores',
    'detection_classes',
    'num_detections',
    'detection_masks',
  ].map((name) => [name, { dtype: 'DT_FLOAT', shape: null }]),
)

function signatures(inputs: Record<string, TensorInfo>, change: Partial<Signature> = {}) {
  const signature = {
    name: 'serving_default',
    method: 'tensorflow/serving/predict',
    inputs,
    outputs: OUTPUTS,
    ...change,
  }
  return new Map([[signature.name, signature]])
}

const pixels = (shape: number[] | null, dtype = 'DT_UINT8') =>
  signatures({ inputs: { dtype, shape } })

const emptyCard: ModelCard = {
  task: 'object-detection',
  labels: null,
  defaults: {},
  input: {},
  inputs: {},
  outputs: {},
}

t.test('readDetectionSignature()', async (t) => {
  t.test('understands the shapes that exporters write', async (t) => {
    const any = Number.POSITIVE_INFINITY
    const cases: [string, Map<string, Signature>, object][] = [
      [
        'free size and batch',
        pixels([-1, -1, -1, 3]),
        { dtype: 'DT_UINT8', batched: true, maxBatch: any, size: undefined },
      ],
      [
        'one picture a call',
        pixels([1, -1, -1, 3]),
        { batched: true, maxBatch: 1, size: undefined },
      ],
      [
        'fixed size',
        pixels([-1, 300, 320, 3]),
        { maxBatch: any, size: { height: 300, width: 320 } },
      ],
      ['no batch dimension', pixels([-1, -1, 3]), { batched: false, maxBatch: 1 }],
      [
        'unknown rank',
        pixels(null),
        { layout: 'nhwc', batched: true, maxBatch: any, size: undefined },
      ],
      [
        'floats',
        pixels([-1, 512, 512, 3], 'DT_FLOAT'),
        { dtype: 'DT_FLOAT', size: { height: 512, width: 512 } },
      ],
      [
        'channels first, as PyTorch and ONNX have them',
        pixels([1, 3, 640, 320], 'DT_FLOAT'),
        { layout: 'nchw', maxBatch: 1, size: { height: 640, width: 320 } },
      ],
      ['channels first, free size', pixels([-1, 3, -1, -1]), { layout: 'nchw', size: undefined }],
      ['channels first, no batch', pixels([3, -1, -1]), { layout: 'nchw', batched: false }],
      ['three rows of pixels', pixels([-1, 3, -1, 3]), { layout: 'nhwc' }],
      [
        'encoded pictures',
        pixels([-1], 'DT_STRING'),
        { dtype: 'DT_STRING', batched: true, maxBatch: any },
      ],
      [
        'one encoded picture',
        pixels([], 'DT_STRING'),
        { dtype: 'DT_STRING', batched: false, maxBatch: 1 },
      ],
    ]
    for (const [name, given, expected] of cases) {
      t.match(readDetectionSignature('m', given, undefined), { input: 'inputs', ...expected }, name)
    }
  })

  t.test('asks only for the outputs that are read', async (t) => {
    const { outputs } = readDetectionSignature('m', pixels([-1, -1, -1, 3]), undefined)
    t.notOk(Object.values(outputs).includes('detection_masks'))
    t.equal(Object.keys(outputs).length, 4)
    const { num_detections: _, ...three } = OUTPUTS
    const without = signatures({ x: { dtype: 'DT_UINT8', shape: null } }, { outputs: three })
    t.equal(readDetectionSignature('m', without, undefined).outputs.num_detections, undefined)
  })

  t.test('takes the only predict signature where none is the default', async (t) => {
    const other = signatures({ x: { dtype: 'DT_UINT8', shape: null } }, { name: 'detect' })
    t.match(readDetectionSignature('m', other, undefined), { name: 'detect', input: 'x' })
  })

  t.test("lets the card's names go before", async (t) => {
    const given = signatures(
      { a: { dtype: 'DT_UINT8', shape: null }, b: { dtype: 'DT_STRING', shape: [-1] } },
      {
        outputs: {
          boxes: OUTPUTS.detection_boxes!,
          s: OUTPUTS.detection_boxes!,
          detection_classes: OUTPUTS.detection_boxes!,
        },
      },
    )
    const card = {
      ...emptyCard,
      inputs: { image: 'b' },
      outputs: { detection_boxes: 'boxes', detection_scores: 's' },
    }
    t.match(readDetectionSignature('m', given, card), {
      input: 'b',
      outputs: {
        detection_boxes: 'boxes',
        detection_scores: 's',
        detection_classes: 'detection_classes',
      },
    })
  })

  t.test("takes the card's word where the server declares nothing", async (t) => {
    const silent = signatures({}, { outputs: {} })
    const card: ModelCard = {
      ...emptyCard,
      input: { dtype: 'DT_UINT8', shape: [-1, 300, 320, 3] },
      inputs: { image: 'x' },
      outputs: { detection_boxes: 'boxes' },
    }
    const read = readDetectionSignature('m', silent, card)
    t.match(read, { input: 'x', dtype: 'DT_UINT8', size: { height: 300, width: 320 } })
    t.strictSame(read.outputs, {
      detection_boxes: 'boxes',
      detection_scores: 'detection_scores',
      detection_classes: 'detection_classes',
    })
    const counted = { ...card, outputs: { num_detections: 'n' } }
    t.equal(readDetectionSignature('m', silent, counted).outputs.num_detections, 'n')
    const free = { ...card, input: { dtype: 'DT_STRING' as const } }
    t.match(readDetectionSignature('m', silent, free), { dtype: 'DT_STRING', batched: true })
  })

  t.test('lets the card choose another type than the server declares', async (t) => {
    const card: ModelCard = { ...emptyCard, input: { dtype: 'DT_STRING' } }
    const given = signatures({ x: { dtype: 'DT_FLOAT', shape: [1, 300, 320, 3] } })
    t.match(readDetectionSignature('m', given, card), {
      input: 'x',
      dtype: 'DT_STRING',
      batched: true,
      size: undefined,
    })
    const shaped: ModelCard = { ...emptyCard, input: { shape: [-1, 32, 64, 3] } }
    t.match(readDetectionSignature('m', given, shaped), {
      dtype: 'DT_FLOAT',
      size: { height: 32, width: 64 },
    })
  })

  t.test('says what was expected and what was found', async (t) => {
    const cases: [string, Map<string, Signature>, ModelCard | undefined, RegExp][] = [
      [
        'no such signature',
        pixels(null),
        { ...emptyCard, signature: 'zzz' },
        /a signature named zzz; found serving_default/,
      ],
      ['no signature', new Map(), undefined, /named serving_default; found none/],
      [
        'nothing that is declared, and a card that does not say it',
        signatures({}, { outputs: {} }),
        { ...emptyCard, input: { shape: [-1, -1, -1, 3] }, inputs: { image: 'x' } },
        /the server declares none: the card can say them \(inputs, input\.dtype\)/,
      ],
      [
        'two unknown inputs',
        signatures({
          a: { dtype: 'DT_UINT8', shape: null },
          b: { dtype: 'DT_UINT8', shape: null },
        }),
        undefined,
        /found a, b/,
      ],
      [
        'wrong dtype',
        pixels([-1, -1, -1, 3], 'DT_INT64'),
        undefined,
        /found DT_INT64 \[-1,-1,-1,3\]/,
      ],
      ['wrong rank', pixels([-1, 5]), undefined, /found DT_UINT8 \[-1,5\]/],
      ['four channels', pixels([-1, -1, -1, 4]), undefined, /found DT_UINT8 \[-1,-1,-1,4\]/],
      ['a fixed batch of 8', pixels([8, -1, -1, 3]), undefined, /b free or 1; found DT_UINT8 \[8/],
      [
        'a classifier',
        signatures(
          { x: { dtype: 'DT_UINT8', shape: null } },
          { outputs: { probs: OUTPUTS.detection_boxes! } },
        ),
        undefined,
        /an output detection_boxes, or one of \[b,N,6\], .*; found probs/,
      ],
    ]
    for (const [name, given, card, message] of cases) {
      t.throws(
        () => readDetectionSignature('m', given, card),
        { code: 'signature_mismatch', statusCode: 502, message },
        name,
      )
    }
  })
})

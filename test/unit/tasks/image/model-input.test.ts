import t from 'tap'
import type { CardInput } from '../../../../src/repository/model-card.js'
import { fromHalf } from '../../../../src/serving/half.js'
import type { InputSignature } from '../../../../src/tasks/image/input-signature.js'
import { type ModelInput, toInputTensor, viewOf } from '../../../../src/tasks/image/model-input.js'

const TRANSFORM = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 }

function signature(change: Partial<InputSignature> = {}): InputSignature {
  return {
    name: 'serving_default',
    input: 'images',
    dtype: 'DT_UINT8',
    batched: true,
    maxBatch: Number.POSITIVE_INFINITY,
    layout: 'nhwc',
    size: undefined,
    ...change,
  }
}

/** Two pixels side by side: the bytes are red, green, blue twice. */
function image(...data: number[]): ModelInput {
  return { data: Uint8Array.from(data), size: { width: 2, height: 1 }, transform: TRANSFORM }
}

const FIRST = image(1, 2, 3, 4, 5, 6)
const SECOND = image(11, 12, 13, 14, 15, 16)

t.test('toInputTensor() puts the channels where the model has them', async (t) => {
  const cases: [string, Partial<InputSignature>, CardInput, number[], number[]][] = [
    ['as decoded', {}, {}, [2, 1, 2, 3], [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]],
    [
      'blue first',
      {},
      { channels: 'bgr' },
      [2, 1, 2, 3],
      [3, 2, 1, 6, 5, 4, 13, 12, 11, 16, 15, 14],
    ],
    [
      'a plane a channel',
      { layout: 'nchw' },
      { channels: 'rgb' },
      [2, 3, 1, 2],
      [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16],
    ],
    [
      'planes, blue first',
      { layout: 'nchw' },
      { channels: 'bgr' },
      [2, 3, 1, 2],
      [3, 6, 2, 5, 1, 4, 13, 16, 12, 15, 11, 14],
    ],
  ]
  for (const [name, change, card, shape, data] of cases) {
    const bytes = await toInputTensor([FIRST, SECOND], signature(change), card)
    t.strictSame(bytes, { dtype: 'DT_UINT8', shape, data: bytes.data }, name)
    t.strictSame([...(bytes.data as Uint8Array)], data, name)
    const half = signature({ ...change, dtype: 'DT_HALF' })
    const halves = await toInputTensor([FIRST, SECOND], half, { ...card, mean: 1, scale: 0.5 })
    t.strictSame([halves.dtype, halves.shape], ['DT_HALF', shape])
    const widened = Array.from(halves.data as Uint16Array, fromHalf)
    t.strictSame(
      widened,
      data.map((byte) => (byte - 1) / 2),
      `${name}, halves`,
    )
    const float = signature({ ...change, dtype: 'DT_FLOAT' })
    const floats = await toInputTensor([FIRST, SECOND], float, card)
    t.ok(floats.data instanceof Float32Array)
    t.strictSame([...(floats.data as Float32Array)], data, `${name}, floats`)
  }
  const single = signature({ layout: 'nchw', batched: false })
  t.strictSame((await toInputTensor([FIRST], single, {})).shape, [3, 1, 2], 'no batch dimension')
})

t.test('toInputTensor() takes mean and scale in the order of the tensor', async (t) => {
  const card: CardInput = { channels: 'bgr', mean: [3, 2, 1], scale: [1, 10, 100] }
  const planes = signature({ layout: 'nchw', dtype: 'DT_FLOAT' })
  const { data } = await toInputTensor([FIRST], planes, card)
  t.strictSame([...(data as Float32Array)], [0, 3, 0, 30, 0, 300])
  const bytes = await toInputTensor([FIRST], signature(), { mean: 1, scale: 9 })
  t.strictSame([...(bytes.data as Uint8Array)], [1, 2, 3, 4, 5, 6], 'bytes stay what they are')
})

t.test('toInputTensor() writes images that take several turns of the event loop', async (t) => {
  const size = { width: 700, height: 600 }
  const pixels = size.width * size.height
  const make = (add: number): ModelInput => ({
    data: Uint8Array.from(
      { length: 3 * pixels },
      (_, i) => (Math.floor(i / 3) + (i % 3) + add) % 251,
    ),
    size,
    transform: TRANSFORM,
  })
  const nchw = signature({ layout: 'nchw', dtype: 'DT_FLOAT' })
  const { data } = await toInputTensor([make(0), make(9)], nchw, {})
  let wrong = 0
  for (const [image, add] of [0, 9].entries()) {
    for (let channel = 0; channel < 3; channel++) {
      const base = (image * 3 + channel) * pixels
      for (let i = 0; i < pixels; i++) if (data[base + i] !== (i + channel + add) % 251) wrong++
    }
  }
  t.equal(wrong, 0)
})

t.test(
  'viewOf() resamples by the kernel that was measured, unless the card names one',
  async (t) => {
    const options = { signature: signature(), wireMaxSide: 640 }
    t.equal(viewOf({ ...options, card: {} }).kernel, 'linear')
    t.equal(viewOf({ ...options, card: { kernel: 'lanczos3' } }).kernel, 'lanczos3')
  },
)

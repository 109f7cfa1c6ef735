import t from 'tap'
import { makeWarmUpRequests } from '../../../src/commands/export-warm-up.js'
import type { SignatureSummary } from '../../../src/export/written-version.js'

const tensor = (name: string, dtype: string, shape: number[]) => ({
  name,
  tensor: `${name}:0`,
  dtype,
  shape,
})

function signature(
  method: string,
  input: SignatureSummary['inputs'][number],
  outputs: SignatureSummary['outputs'],
): SignatureSummary {
  const name = 'serving_default'
  return { name, method: `tensorflow/serving/${method}`, inputs: [input], outputs }
}

const make = (...signatures: SignatureSummary[]) =>
  makeWarmUpRequests({ name: 'm', signatures, card: undefined }, [])

const PIXELS = tensor('x', 'DT_UINT8', [-1, 8, 8, 3])
const TEXTS = tensor('inputs', 'DT_STRING', [-1])
const SCORES = tensor('scores', 'DT_FLOAT', [-1, 5])

t.test('makeWarmUpRequests() asks as the model is asked', async (t) => {
  t.match(await make(signature('predict', PIXELS, [SCORES])), [
    { method: 'predict', signature: 'serving_default', outputs: ['scores'] },
  ])
  for (const [method, output] of [
    ['classify', SCORES],
    ['regress', tensor('outputs', 'DT_FLOAT', [-1, 1])],
  ] as const) {
    // Two sizes, as the model reads the pictures itself.
    const requests = await make(signature(method, TEXTS, [output]))
    t.match(requests, [{ method }, { method }])
    const [one] = requests
    if (one === undefined || one.method === 'predict') return t.fail()
    const [example] = one.request.getInput()!.getExampleList()!.getExamplesList()
    const picture = example!.getFeatures()!.getFeatureMap().get('image/encoded')
    const [bytes] = picture!.getBytesList()!.getValueList_asU8()
    t.equal(Buffer.from(bytes!).readUInt16BE(), 0xffd8, 'a JPEG')
    t.equal(one.request.getModelSpec()!.getName(), 'm')
  }
})

t.test('makeWarmUpRequests() asks a model of no task for all that it gives', async (t) => {
  const outputs = [
    tensor('masks', 'DT_FLOAT', [-1, 8, 8, 4]),
    tensor('features', 'DT_FLOAT', [-1, 3]),
  ]
  const requests = await make(signature('predict', PIXELS, outputs))
  t.match(requests, [{ method: 'predict', outputs: ['masks', 'features'] }])
  t.match(requests[0], { inputs: { x: { dtype: 'DT_UINT8', shape: [1, 8, 8, 3] } } })
})

t.test('makeWarmUpRequests() refuses a model that takes no image', async (t) => {
  const numbers = tensor('x', 'DT_FLOAT', [-1, 7])
  await t.rejects(make(signature('predict', numbers, [SCORES])), {
    name: 'ExportError',
    message: /^No warm-up can be made: .*object detection/,
  })
})

import t, { type Test } from 'tap'
import { startModelServer } from '../../../../src/embedded/model-server.js'
import { type Script, scriptedModel } from '../../../../src/embedded/scripted-model.js'
import type { ExampleContext, ServedModel } from '../../../../src/embedded/served-model.js'
import { invalidArgument } from '../../../../src/embedded/status-error.js'
import { isSignatureSuspect } from '../../../../src/serving/signature-suspect.js'
import { TfServingClient } from '../../../../src/serving/tf-serving/client.js'
import { makeUpstream } from '../grpc-server.js'

const SCRIPT: Script = {
  name: 'm',
  version: '7',
  method: 'tensorflow/serving/classify',
  inputs: { inputs: { dtype: 'DT_STRING', shape: [-1] } },
  outputs: {
    classes: { dtype: 'DT_STRING', shape: [-1, 2] },
    scores: { dtype: 'DT_FLOAT', shape: [-1, 2] },
  },
  predict: {},
}
const CALL = {
  selector: { model: 'm' },
  signature: 'serving_default',
  feature: 'image/encoded',
  images: [Buffer.from('first'), Buffer.from('second')],
}
const soon = () => ({ deadline: Date.now() + 10_000 })

/** What the model was sent: the only value of the only feature of each Example, with its name. */
function sent({ examples }: ExampleContext): string[] {
  return examples.map((features) => {
    const [[name, values]] = [...features] as [[string, Uint8Array[]]]
    return `${name}=${values.map((it) => Buffer.from(it).toString()).join()}`
  })
}

async function client(t: Test, model: Partial<ServedModel>) {
  const server = await startModelServer({ models: [{ ...scriptedModel(SCRIPT), ...model }] })
  t.teardown(() => server.close())
  return new TfServingClient(makeUpstream(t).channel('tf-serving', server.target))
}

t.test('classify() sends each picture in the feature and reads labels and scores', async (t) => {
  const answers = await client(t, {
    classify: (context) =>
      sent(context).map((label) => [
        { label, score: 0.75 },
        { label: '', score: 0.25 },
      ]),
  })
  t.strictSame(await answers.classify(CALL, soon()), {
    version: '7',
    rows: [
      [
        { label: 'image/encoded=first', score: 0.75 },
        { label: '', score: 0.25 },
      ],
      [
        { label: 'image/encoded=second', score: 0.75 },
        { label: '', score: 0.25 },
      ],
    ],
  })
})

t.test('regress() reads a number for each picture', async (t) => {
  const outputs = { outputs: { dtype: 'DT_FLOAT', shape: [-1, 1] } }
  const script = scriptedModel({ ...SCRIPT, method: 'tensorflow/serving/regress', outputs })
  const answers = await client(t, {
    signatures: script.signatures,
    regress: (context) => sent(context).map((it) => it.length),
  })
  t.strictSame(await answers.regress(CALL, soon()), { version: '7', values: [19, 20] })
})

t.test('an answer for another number of pictures is nonsense', async (t) => {
  const answers = await client(t, { classify: () => [[]], regress: () => [1] })
  const problem = { code: 'upstream_invalid_response', message: /1 of 2 images/ }
  await t.rejects(answers.classify(CALL, soon()), problem)
})

t.test('a model that looks for another feature says which setting names it', async (t) => {
  const answers = await client(t, {
    classify: () => {
      throw invalidArgument(
        'Name: <unknown>, Feature: image/encoded (data type: string) is required but could not be found.',
      )
    },
  })
  await t.rejects(answers.classify(CALL, soon()), {
    code: 'upstream_rejected',
    message: /example_feature/,
  })
})

t.test('a missing signature may be one of a version that is gone', async (t) => {
  const answers = await client(t, { classify: () => [] })
  const error = await answers
    .classify({ ...CALL, signature: 'other' }, soon())
    .catch((reason: unknown) => reason)
  t.match(error, { code: 'upstream_rejected' })
  t.ok(isSignatureSuspect(error))
})

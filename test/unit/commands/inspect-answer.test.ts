import t from 'tap'
import { answerNote } from '../../../src/commands/inspect-answer.js'

const tensor = (name: string, dtype: string, shape: number[]) => ({
  name,
  tensor: `${name}:0`,
  dtype,
  shape,
})

/** What is told of a model of pixels with one output. */
const note = (output: number[]) =>
  answerNote([
    {
      name: 'serving_default',
      method: 'tensorflow/serving/predict',
      inputs: [tensor('x', 'DT_FLOAT', [-1, 8, 8, 3])],
      outputs: [tensor('output_0', 'DT_FLOAT', output)],
    },
  ])

t.test('answerNote() tells what a model is taken for', async (t) => {
  const classifier = 'Without a card, serving_default is one of image classification: /v1/classify.'
  t.strictSame(note([-1, 10]), [classifier])
  t.match(note([-1, 1]), [/\/v1\/classify\. It gives one number.*"task": "image-regression"/])
  t.match(note([-1]), [/image regression: \/v1\/regress\.$/])
  t.strictSame(note([-1, 8, 8, 4]), [])
})

import t from 'tap'
import { suspicion } from '../../../../src/tasks/classification/scores.js'

t.test('suspicion() tells what may be missing on the card', async (t) => {
  type Card = Parameters<typeof suspicion>[1]
  const rows: [string, number[], Card, RegExp | undefined][] = [
    ['probabilities', [0.25, 0.75], undefined, undefined],
    ['logits', [-1, 3], undefined, /can apply softmax or sigmoid/],
    ['logits of softmax', [-1, 3], { activation: 'softmax' }, undefined],
    ['probabilities of softmax', [0.25, 0.75], { activation: 'softmax' }, /already/],
    ['independent scores', [0.5, 0.75], undefined, /do not add up to 1/],
    ['independent scores, said so', [0.5, 0.75], { activation: 'none' }, undefined],
    ['one number', [1.75], undefined, /one number.*"task": "image-regression"/],
    ['one number of a class', [0.5], { task: 'image-classification' }, undefined],
    ['softmax of one', [0.5], { activation: 'softmax' }, /is always 1.*sigmoid/],
  ]
  for (const [name, raw, card, expected] of rows) {
    const found = suspicion(raw, card)
    if (expected === undefined) t.equal(found, undefined, name)
    else t.match(found, expected, name)
  }
})

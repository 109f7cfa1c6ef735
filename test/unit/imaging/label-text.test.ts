import t from 'tap'
import { cleanName, fitName, isRightToLeft, scoreText } from '../../../src/imaging/label-text.js'
import { renderRun } from '../../../src/imaging/text-run.js'

t.test('cleanName()', async (t) => {
  for (const [row, name, expected] of [
    ['line breaks become spaces', 'hot\r\n\tdog\u2028x', 'hot dog x'],
    ['controls go', 'a\u0000b\u0007c\u009f', 'a b c'],
    ['direction overrides go', 'a\u202eb\u2066c', 'abc'],
    ['lone surrogates go', 'a\ud800b', 'ab'],
    ['joiners stay', '👩\u200d🚀 می\u200cخواهم', '👩\u200d🚀 می\u200cخواهم'],
    ['nothing remains of nothing', ' \n ', ''],
  ] as const) {
    t.equal(cleanName(name), expected, row)
  }
  t.equal(cleanName('x'.repeat(100_000)).length, 200, 'a very long name is cut')
})

t.test('scoreText()', async (t) => {
  for (const [score, expected] of [
    [0.894, '89%'],
    [0, '0%'],
    [1, '100%'],
    [1.2, '100%'],
    [-1, '0%'],
    [Infinity, '100%'],
    [Number.NaN, ''],
  ] as const) {
    t.equal(scoreText(score), expected, String(score))
  }
})

t.test('isRightToLeft() goes by the first letter', async (t) => {
  for (const [text, expected] of [
    ['dog', false],
    ['كلب', true],
    ['12 כלב dog', true],
    ['dog כלב', false],
    ['#17', false],
  ] as const) {
    t.equal(isRightToLeft(text), expected, text)
  }
})

t.test('fitName()', async (t) => {
  t.test('leaves a name that fits as it is', async (t) => {
    t.equal(await fitName('dog', 20, 200), await renderRun('dog', 20))
  })

  t.test('ends a name that is too wide with an ellipsis', async (t) => {
    for (const name of ['a name of many words', '滑板滑板滑板滑板滑板', 'كلب كبير جدا جدا جدا']) {
      const run = await fitName(name, 20, 80)
      t.ok(run && run.width > 40 && run.width <= 80, name)
    }
    const run = await fitName('abcdefghij', 20, 60)
    const candidates = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        renderRun(`${'abcdefghij'.slice(0, index + 1)}…`, 20),
      ),
    )
    t.ok(candidates.includes(run!))
  })

  t.test('gives nothing when not one character fits', async (t) => {
    t.equal(await fitName('dog', 20, 5), null)
    t.equal(await fitName('dog', 20, -5), null)
  })
})

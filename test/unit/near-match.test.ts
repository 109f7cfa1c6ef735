import t from 'tap'
import { editDistance, nearMatches, suggestion } from '../../src/near-match.js'

t.test('editDistance()', async (t) => {
  const cases: [string, string, number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['dog', 'dog', 0],
    ['dog', 'dogs', 1],
    ['dog', 'dig', 1],
    ['min_scroe', 'min_score', 1],
    ['ab', 'ba', 1],
    ['kitten', 'sitting', 3],
  ]
  for (const [a, b, edits] of cases) {
    t.equal(editDistance(a, b), edits, `${a} -> ${b}`)
    t.equal(editDistance(b, a), edits, `${b} -> ${a}`)
  }
})

t.test('nearMatches()', async (t) => {
  const labels = ['person', 'car', 'cat', 'cell phone', 'Dog', 'hot dog', 'teddy bear']
  const cases = [
    { name: 'a letter missing', word: 'peson', found: ['person'] },
    { name: 'the wrong case', word: 'DOG', found: ['Dog', 'hot dog'] },
    { name: 'a plural', word: 'cars', found: ['car'] },
    { name: 'a part of a name', word: 'phone', found: ['cell phone'] },
    { name: 'a longer name', word: 'my teddy bear', found: ['teddy bear'] },
    { name: 'ties in the order of the candidates', word: 'ca', found: ['car', 'cat'] },
    { name: 'nothing near', word: 'zebra crossing', found: [] },
    { name: 'no word', word: ' ', found: [] },
    { name: 'a word far too long', word: 'x'.repeat(10_000), found: [] },
  ]
  for (const { name, word, found } of cases) t.same(nearMatches(word, labels), found, name)

  t.test('gives at most as many as asked for', async (t) => {
    t.same(nearMatches('ca', ['car', 'cat', 'cab', 'can'], 2), ['car', 'cat'])
  })
})

t.test('suggestion()', async (t) => {
  t.equal(suggestion('peson', ['person', 'dog']), ', did you mean "person"?')
  t.equal(suggestion('ca', ['car', 'cat']), ', did you mean "car" or "cat"?')
  t.equal(suggestion('zebra', ['person']), '')
})

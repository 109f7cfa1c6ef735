import t from 'tap'
import { parseCsvList } from '../../../src/schemas/csv-list.js'

t.test('parseCsvList()', async (t) => {
  const cases = [
    { name: 'one entry', text: 'dog', entries: ['dog'] },
    { name: 'several entries', text: 'dog,cat', entries: ['dog', 'cat'] },
    { name: 'blanks around entries', text: ' dog , hot dog ', entries: ['dog', 'hot dog'] },
    { name: 'a comma in quotes', text: '"Salt, pepper",dog', entries: ['Salt, pepper', 'dog'] },
    { name: 'quotes in quotes', text: '"19"" rack"', entries: ['19" rack'] },
    { name: 'a quote in an unquoted entry', text: '19" rack,dog', entries: ['19" rack', 'dog'] },
    { name: 'text after quotes', text: '"a,b":0.5 , c:1', entries: ['a,b:0.5', 'c:1'] },
    { name: 'blanks in quotes', text: '" a "', entries: [' a '] },
    { name: 'empty entries', text: ',a,,b,', entries: ['a', 'b'] },
    { name: 'nothing', text: '', entries: [] },
    { name: 'an open quote', text: 'a,"b,c', entries: undefined },
    { name: 'a quote that ends the text', text: '"', entries: undefined },
  ]
  for (const { name, text, entries } of cases) t.same(parseCsvList(text), entries, name)
})

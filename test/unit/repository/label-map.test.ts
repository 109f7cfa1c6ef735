import t from 'tap'
import { parseLabelMap } from '../../../src/repository/label-map.js'

const PERSON_AND_DOG = { 1: 'person', 18: 'dog' }

t.test('parseLabelMap() reads', async (t) => {
  const cases: { name: string; file: string; text: string; labels: Record<number, string> }[] = [
    {
      name: 'pbtxt',
      file: 'a.pbtxt',
      text: 'item {\n  name: "person"\n  id: 1\n}\nitem {\n  id: 18\n  name: \'dog\'\n}\n',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'pbtxt with display names',
      file: 'a.pbtxt',
      text: 'item { name: "/m/01g317" id: 1 display_name: "person" } item { display_name: "dog" id: 18 name: "/m/0bt9lr" }',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'pbtxt with an empty display name',
      file: 'a.pbtxt',
      text: 'item { name: "person" id: 1 display_name: "" }',
      labels: { 1: 'person' },
    },
    {
      name: 'pbtxt with CRLF, mark, comments, commas',
      file: 'A.PBTXT',
      text: '\uFEFF# made by hand\r\nitem{\r\n  id: 1,\r\n  name: "person", # a human\r\n}\r\nitem: <id: 18; name: "dog">',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'pbtxt with unknown fields',
      file: 'a.pbtxt',
      text: 'item { id: 1 name: "person" keypoints { id: 7 label: "nose" } ancestor_ids: [3, 4] frequency: FREQUENT }',
      labels: { 1: 'person' },
    },
    {
      name: 'pbtxt with escapes',
      file: 'a.pbtxt',
      text: String.raw`item { id: 1 name: "caf\303\251 \"au lait\"" }`,
      labels: { 1: 'café "au lait"' },
    },
    {
      name: 'pbtxt with class 0',
      file: 'a.pbtxt',
      text: 'item { id: 0 name: "background" } item { id: 1 name: "person" }',
      labels: { 0: 'background', 1: 'person' },
    },
    {
      name: 'txt from 1',
      file: 'labels.txt',
      text: 'person\nbicycle\ncar\n\n',
      labels: { 1: 'person', 2: 'bicycle', 3: 'car' },
    },
    {
      name: 'txt with CRLF, mark and spaces',
      file: 'labels.txt',
      text: '\uFEFFperson\r\n  traffic light \r\n',
      labels: { 1: 'person', 2: 'traffic light' },
    },
    {
      name: 'txt with holes',
      file: 'labels.txt',
      text: 'person\n\nN/A\n???\ndog',
      labels: { 1: 'person', 5: 'dog' },
    },
    {
      name: 'txt of TensorFlow Lite',
      file: 'labelmap.txt',
      text: '???\nperson\nbicycle',
      labels: { 1: 'person', 2: 'bicycle' },
    },
    {
      name: 'txt with a background class',
      file: 'labels.txt',
      text: 'background\ntench',
      labels: { 0: 'background', 1: 'tench' },
    },
    {
      name: 'txt with numbers and spaces',
      file: 'coco.txt',
      text: '0  person\n17  dog\n\n',
      labels: { 0: 'person', 17: 'dog' },
    },
    {
      name: 'txt with numbers and colons',
      file: 'coco.txt',
      text: '1: person\n18:dog',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'txt with numbers and commas',
      file: 'coco.txt',
      text: '1, person\n18,dog',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'txt where some names begin with a number',
      file: 'drinks.txt',
      text: '7 up\ncola',
      labels: { 1: '7 up', 2: 'cola' },
    },
    { name: 'csv', file: 'a.csv', text: '1,person\n18,dog\n', labels: PERSON_AND_DOG },
    {
      name: 'csv with quotes',
      file: 'a.csv',
      text: '1,"bow, arrow"\r\n2,"say ""x"""\r\n\r\n3, plain \r\n',
      labels: { 1: 'bow, arrow', 2: 'say "x"', 3: 'plain' },
    },
    {
      name: 'csv with a header',
      file: 'a.csv',
      text: 'name,ID,display_name,colour\n/m/1,1,person,red\n/m/2,18,dog,\n',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'csv with other names in the header',
      file: 'a.csv',
      text: '\uFEFF"Class ID";"Label"\n1;person\n18;dog',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'csv with tabs',
      file: 'a.csv',
      text: '"1"\t"person"\n18\tdog',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'csv with a line break in a name',
      file: 'a.csv',
      text: '1,"two\nlines"\n2,b',
      labels: { 1: 'two\nlines', 2: 'b' },
    },
    {
      name: 'json by id',
      file: 'a.json',
      text: '\uFEFF{"1": "person", "18": "dog"}',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'json items',
      file: 'a.json',
      text: '[{"id": 1, "name": "person", "supercategory": "x"}, {"id": 18, "name": "n", "display_name": "dog"}]',
      labels: PERSON_AND_DOG,
    },
    {
      name: 'json names',
      file: 'a.json',
      text: '["person", null, "car"]',
      labels: { 1: 'person', 3: 'car' },
    },
    {
      name: 'json names with a background',
      file: 'a.json',
      text: '["__background__", "person"]',
      labels: { 0: '__background__', 1: 'person' },
    },
  ]
  for (const { name, file, text, labels } of cases) {
    const expected = Object.entries(labels).map(([id, label]) => [Number(id), label])
    t.strictSame([...parseLabelMap(text, file)], expected, name)
  }
})

t.test('parseLabelMap() names the file, the place and the reason', async (t) => {
  const cases = [
    {
      name: 'an unknown extension',
      file: 'a.yaml',
      text: 'x',
      message: 'a.yaml: the extension of a label file is one of .pbtxt .txt .csv .json',
    },
    {
      name: 'an id twice in pbtxt',
      file: 'a.pbtxt',
      text: 'item { id: 1 name: "a" }\nitem {\n id: 1 name: "b" }',
      message: 'a.pbtxt:3: the id 1 was already given to "a" on line 1',
    },
    {
      name: 'a broken pbtxt',
      file: 'a.pbtxt',
      text: 'item {\n  id: 1\n  name: "a\n}',
      message: 'a.pbtxt:3:9: the string is not closed',
    },
    {
      name: 'an item without an id',
      file: 'a.pbtxt',
      text: '\nitem { name: "a" }',
      message: 'a.pbtxt:2:1: the item has no id',
    },
    {
      name: 'an item without a name',
      file: 'a.pbtxt',
      text: 'item { id: 1 }',
      message: 'a.pbtxt:1:1: the item has no display_name and no name',
    },
    {
      name: 'an item with two names',
      file: 'a.pbtxt',
      text: 'item { id: 1 name: "a" name: "b" }',
      message: 'a.pbtxt:1:24: name is given twice',
    },
    {
      name: 'an item that is no message',
      file: 'a.pbtxt',
      text: 'item: 1',
      message: 'a.pbtxt:1:1: item must be a message in braces',
    },
    {
      name: 'an id in quotes',
      file: 'a.pbtxt',
      text: 'item { id: "1" name: "a" }',
      message: 'a.pbtxt:1:8: id must be a whole number',
    },
    {
      name: 'a negative id',
      file: 'a.pbtxt',
      text: 'item { id: -1 name: "a" }',
      message: 'a.pbtxt:1: the id -1 is not a whole number from 0 to 2147483647',
    },
    {
      name: 'an id too large',
      file: 'a.pbtxt',
      text: 'item { id: 2147483648 name: "a" }',
      message: /the id 2147483648 is not/,
    },
    {
      name: 'a pbtxt without items',
      file: 'a.pbtxt',
      text: '# nothing',
      message: 'a.pbtxt: names no class',
    },
    { name: 'an empty txt', file: 'a.txt', text: '\n \n', message: 'a.txt: names no class' },
    {
      name: 'a number twice in txt',
      file: 'a.txt',
      text: '1 a\n2 b\n1 c',
      message: 'a.txt:3: the id 1 was already given to "a" on line 1',
    },
    { name: 'an empty csv', file: 'a.csv', text: '', message: 'a.csv: names no class' },
    {
      name: 'a csv without an id column',
      file: 'a.csv',
      text: '/m/011k07,Tortoise',
      message: /a.csv:1:1: begins with no class id, and as a header it has no id column/,
    },
    {
      name: 'a csv without a name column',
      file: 'a.csv',
      text: 'id,colour\n1,red',
      message: /no name column/,
    },
    {
      name: 'a csv row too long',
      file: 'a.csv',
      text: '1,a\n2,bow, arrow',
      message: 'a.csv:2:1: expected 2 cells, found 3; a name with a comma stands in double quotes',
    },
    {
      name: 'a csv row too short',
      file: 'a.csv',
      text: '1,"a\nb"\n2',
      message: 'a.csv:3:1: expected 2 cells, found 1',
    },
    {
      name: 'a csv id that is none',
      file: 'a.csv',
      text: 'id,name\n1,a\nx,b',
      message: 'a.csv:3:1: "x" is not a class id',
    },
    {
      name: 'a csv quote that is open',
      file: 'a.csv',
      text: '1,a\n2,"b',
      message: 'a.csv:2:1: a quote is not closed',
    },
    {
      name: 'csv text behind a quote',
      file: 'a.csv',
      text: '1,"a"b',
      message: 'a.csv:1:1: text follows a closing quote',
    },
    {
      name: 'a csv name that is empty',
      file: 'a.csv',
      text: '1,',
      message: 'a.csv:1: the class 1 has an empty name',
    },
    {
      name: 'json that is broken',
      file: 'a.json',
      text: '{"1": "a",\n "2" "b"}',
      message: 'a.json:2:6: expected ":" after the key',
    },
    {
      name: 'a json key twice',
      file: 'a.json',
      text: '{"1": "a",\n "1": "b"}',
      message: 'a.json:2:2: the key "1" stands there twice',
    },
    {
      name: 'json the wrong way round',
      file: 'a.json',
      text: '{"person": 1}',
      message: 'a.json: person: is not a class id; write {"1": "person"}',
    },
    {
      name: 'a json name that is none',
      file: 'a.json',
      text: '{"1": 2}',
      message: 'a.json: 1: is not a name',
    },
    {
      name: 'a json scalar',
      file: 'a.json',
      text: '3',
      message: 'a.json: expected an object or an array of labels',
    },
    {
      name: 'a json item without an id',
      file: 'a.json',
      text: '[{"id": 1, "name": "a"}, {"name": "b"}]',
      message: 'a.json: [1]: has no id that is a number',
    },
    {
      name: 'a json item without a name',
      file: 'a.json',
      text: '[{"id": 1}]',
      message: 'a.json: [0]: has no name',
    },
    {
      name: 'a json item among names',
      file: 'a.json',
      text: '["a", {"id": 1, "name": "b"}]',
      message: 'a.json: [0]: is not an object with id and name',
    },
    {
      name: 'a json number among names',
      file: 'a.json',
      text: '["a", 2]',
      message: 'a.json: [1]: is not a name',
    },
    {
      name: 'a json id with a fraction',
      file: 'a.json',
      text: '[{"id": 1.5, "name": "a"}]',
      message: 'a.json: [0]: the id 1.5 is not a whole number from 0 to 2147483647',
    },
    {
      name: 'a json id twice',
      file: 'a.json',
      text: '[{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]',
      message: 'a.json: [1]: the id 1 was already given to "a"',
    },
  ]
  for (const { name, file, text, message } of cases) {
    t.throws(() => parseLabelMap(text, file), { name: 'RepositoryFileError', file, message }, name)
  }
})

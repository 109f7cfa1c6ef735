import t from 'tap'
import { toCoco } from '../../../../src/schemas/formats/coco.js'
import { toVoc } from '../../../../src/schemas/formats/voc.js'
import { toYolo } from '../../../../src/schemas/formats/yolo.js'
import type { DetectResponse } from '../../../../src/schemas/responses.js'

function detection(
  label: string | null,
  class_id: number,
  edges: [number, number, number, number],
) {
  const [x_min, y_min, x_max, y_max] = edges
  return {
    label,
    class_id,
    score: 0.5,
    box: { x_min, y_min, x_max, y_max },
    box_normalized: {
      x_min: x_min / 200,
      y_min: y_min / 100,
      x_max: x_max / 200,
      y_max: y_max / 100,
    },
  }
}

const labels = new Map([
  [18, 'dog'],
  [1, 'person'],
  [3, 'car'],
])
const found: Pick<DetectResponse, 'image' | 'detections'> = {
  image: { width: 200, height: 100, format: 'jpeg', orientation: 1 },
  detections: [detection('dog', 18, [10.25, 20, 60.5, 70]), detection(null, 99, [0, 0, 200, 100])],
}

t.test('COCO', async (t) => {
  const document = toCoco([{ index: 0, filename: 'a.jpg', ...found }], labels)
  t.strictSame(document, {
    images: [{ id: 1, file_name: 'a.jpg', width: 200, height: 100 }],
    annotations: [
      {
        id: 1,
        image_id: 1,
        category_id: 18,
        bbox: [10.25, 20, 50.25, 50],
        area: 2512.5,
        iscrowd: 0,
        segmentation: [],
        score: 0.5,
      },
      {
        id: 2,
        image_id: 1,
        category_id: 99,
        bbox: [0, 0, 200, 100],
        area: 20_000,
        iscrowd: 0,
        segmentation: [],
        score: 0.5,
      },
    ],
    categories: [
      { id: 1, name: 'person' },
      { id: 3, name: 'car' },
      { id: 18, name: 'dog' },
      { id: 99, name: '99' },
    ],
  })
  t.strictSame(toCoco([], null), { images: [], annotations: [], categories: [] })
})

t.test('YOLO', async (t) => {
  t.equal(
    toYolo(found, labels),
    '2 0.176875 0.450000 0.251250 0.500000\n',
    'by position in the list of labels; a class without a name has no line',
  )
  t.equal(
    toYolo(found, null),
    '18 0.176875 0.450000 0.251250 0.500000\n99 0.500000 0.500000 1.000000 1.000000\n',
    'by class id where there is no list',
  )
  t.equal(toYolo({ detections: [] }, labels), '')
})

t.test('VOC', async (t) => {
  const text = toVoc(
    {
      ...found,
      detections: [detection('<a & "b">\u0000', 18, [10.25, 20, 60.5, 70]), found.detections[1]!],
    },
    "it's <here>.jpg",
  )
  t.match(text, '<filename>it&apos;s &lt;here&gt;.jpg</filename>')
  t.match(text, '<name>&lt;a &amp; &quot;b&quot;&gt;</name>')
  t.match(text, '<width>200</width>\n    <height>100</height>\n    <depth>3</depth>')
  const boxes = [...text.matchAll(/<(xmin|ymin|xmax|ymax)>(\d+)</g)].map(
    ([, name, n]) => `${name} ${n}`,
  )
  t.strictSame(boxes, [
    ...['xmin 11', 'ymin 21', 'xmax 61', 'ymax 70'],
    ...['xmin 1', 'ymin 1', 'xmax 200', 'ymax 100'],
  ])
  t.match(text, '<name>99</name>')
  const edge = toVoc({ ...found, detections: [detection('x', 1, [200, 100, 200, 100])] }, null)
  t.match(edge, '<xmin>200</xmin>', 'a box of no size at the edge is the last pixel')
})

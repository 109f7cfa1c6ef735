import t from 'tap'
import { parseModelCard } from '../../../src/repository/card-schema.js'

const FILE = 'models/ssd/model.json'

t.test('parseModelCard()', async (t) => {
  t.test('reads every field', async (t) => {
    const { card, warnings, labelsFile } = parseModelCard(
      JSON.stringify({
        card_version: 1,
        task: 'object-detection',
        labels: { 1: 'person', 18: 'dog' },
        defaults: { min_score: 0.3, max_detections: 20 },
        server: { protocol: 'oip', target: 'triton:8001' },
        input: {
          dtype: 'FP32',
          shape: [1, 3, -1, -1],
          size: [300, 400],
          fit: 'pad',
          fill: 114,
          align: 'top-left',
          max_side: 0,
          kernel: 'linear',
          layout: 'nchw',
          channels: 'bgr',
          mean: [123.68, 116.78, 103.94],
          scale: 0.00784,
        },
        signature: 'detect',
        inputs: { input_tensor: 'image' },
        outputs: { detection_boxes: 'boxes' },
      }),
      FILE,
    )
    t.strictSame(card, {
      task: 'object-detection',
      labels: new Map([
        [1, 'person'],
        [18, 'dog'],
      ]),
      defaults: { minScore: 0.3, maxDetections: 20 },
      server: { protocol: 'oip', target: 'triton:8001' },
      input: {
        dtype: 'DT_FLOAT',
        shape: [1, 3, -1, -1],
        size: [300, 400],
        fit: 'pad',
        fill: 114,
        align: 'top-left',
        maxSide: 0,
        kernel: 'linear',
        layout: 'nchw',
        channels: 'bgr',
        mean: [123.68, 116.78, 103.94],
        scale: 0.00784,
      },
      signature: 'detect',
      inputs: { input_tensor: 'image' },
      outputs: { detection_boxes: 'boxes' },
    })
    t.strictSame(warnings, [])
    t.equal(labelsFile, undefined)
  })

  t.test('takes an empty card', async (t) => {
    const { card, labelsFile } = parseModelCard('{}', FILE)
    t.match(card, { task: undefined, labels: null, inputs: {}, outputs: {} })
    t.equal(labelsFile, undefined)
  })

  t.test('takes what a classifier needs, whose list of labels begins at 0', async (t) => {
    const { card, warnings } = parseModelCard(
      JSON.stringify({
        task: 'image-classification',
        labels: ['cat', 'dog'],
        defaults: { top_k: 3 },
        outputs: { scores: 'dense_1', classes: 'names' },
        activation: 'softmax',
        label_offset: 1,
        example_feature: 'picture',
      }),
      FILE,
    )
    t.strictSame(warnings, [])
    t.match(card, {
      task: 'image-classification',
      labels: new Map([
        [0, 'cat'],
        [1, 'dog'],
      ]),
      defaults: { topK: 3 },
      outputs: { scores: 'dense_1', classes: 'names' },
      activation: 'softmax',
      labelOffset: 1,
      exampleFeature: 'picture',
    })
    t.match(parseModelCard('{"labels": ["cat"]}', FILE).card.labels, new Map([[1, 'cat']]))
    const { card: other } = parseModelCard('{"task": "image-regression"}', FILE)
    t.match(other, { task: 'image-regression' })
  })

  t.test('reads what an answer is made of', async (t) => {
    const { card, warnings } = parseModelCard(
      JSON.stringify({
        outputs: { detections: 'output' },
        columns: ['box', 'objectness', 'scores'],
        boxes: { format: 'cxcywh', unit: 'pixel', strides: [8, 16, 32] },
        scores: { activation: 'sigmoid', background: 'last', classes: 81 },
        defaults: { iou_threshold: 0.7 },
      }),
      FILE,
    )
    t.strictSame(warnings, [])
    t.match(card, {
      outputs: { detections: 'output' },
      columns: ['box', 'objectness', 'scores'],
      boxes: { format: 'cxcywh', unit: 'pixel', strides: [8, 16, 32] },
      scores: { activation: 'sigmoid', background: 'last', classes: 81 },
      defaults: { iouThreshold: 0.7 },
    })
    const misspelt = parseModelCard('{"boxes": {"units": "pixel"}, "scores": {"class": 3}}', FILE)
    t.strictSame(
      misspelt.warnings.map(({ field }) => field),
      ['boxes.units', 'scores.class'],
    )
  })

  t.test('takes std for what it is divided by', async (t) => {
    const scale = (std: unknown) =>
      parseModelCard(JSON.stringify({ input: { std } }), FILE).card.input.scale
    t.equal(scale(4), 0.25)
    t.strictSame(scale([1, 2, 4]), [1, 0.5, 0.25])
  })

  t.test('leaves a label file to the caller', async (t) => {
    for (const labels of ['labels.pbtxt', '../coco.TXT', 'a/b.csv', './c.json']) {
      const parsed = parseModelCard(JSON.stringify({ labels }), FILE)
      t.equal(parsed.labelsFile, labels)
      t.equal(parsed.card.labels, null)
    }
  })

  t.test('warns of unknown keys', async (t) => {
    const { warnings } = parseModelCard(
      JSON.stringify({
        $schema: 'x',
        label: {},
        defaults: { min_scores: 1 },
        server: { protocol: 'oip', targets: 'a:1' },
        input: { sise: [1, 1] },
        outputs: { boxes: 'detection_boxes' },
      }),
      FILE,
    )
    t.strictSame(
      warnings.map(({ field }) => field),
      ['label', 'server.targets', 'defaults.min_scores', 'input.sise', 'outputs.boxes'],
    )
    t.match(warnings[2]?.reason, 'unknown key, ignored; known are min_score, max_detections')
  })
})

t.test('parseModelCard() names the file, the field and the reason', async (t) => {
  const cases = [
    { name: 'an array', card: [], field: undefined, reason: /expected object, received array/ },
    {
      name: 'a later version',
      card: { card_version: 2 },
      field: 'card_version',
      reason: /version 1 only/,
    },
    { name: 'another task', card: { task: 'ocr' }, field: 'task', reason: /object-detection/ },
    {
      name: 'labels that are a number',
      card: { labels: 1 },
      field: 'labels',
      reason: /path of a label file/,
    },
    {
      name: 'an absolute label file',
      card: { labels: '/etc/x.txt' },
      field: 'labels',
      reason: /relative/,
    },
    {
      name: 'a label file of no known kind',
      card: { labels: 'x.yaml' },
      field: 'labels',
      reason: /\.pbtxt/,
    },
    {
      name: 'labels the wrong way round',
      card: { labels: { person: 1 } },
      field: 'labels.person',
      reason: /not a class id/,
    },
    { name: 'an empty label', card: { labels: { 1: ' ' } }, field: '1', reason: /empty name/ },
    { name: 'no label', card: { labels: {} }, field: undefined, reason: /names no class/ },
    {
      name: 'a percentage',
      card: { defaults: { min_score: 50 } },
      field: 'defaults.min_score',
      reason: /<=1/,
    },
    {
      name: 'too many detections',
      card: { defaults: { max_detections: 1001 } },
      field: 'defaults.max_detections',
      reason: /<=1000/,
    },
    {
      name: 'a size that is one number',
      card: { input: { size: 300 } },
      field: 'input.size',
      reason: /\[height, width\]/,
    },
    {
      name: 'a size of nothing',
      card: { input: { size: [0, 300] } },
      field: 'input.size.0',
      reason: />=1/,
    },
    {
      name: 'fit without size',
      card: { input: { fit: 'crop' } },
      field: 'input.fit',
      reason: /fit needs size/,
    },
    {
      name: 'an unknown fit',
      card: { input: { size: [1, 1], fit: 'fill' } },
      field: 'input.fit',
      reason: /"stretch"/,
    },
    {
      name: 'an unknown kernel',
      card: { input: { kernel: 'area' } },
      field: 'input.kernel',
      reason: /"lanczos3"/,
    },
    {
      name: 'a negative side',
      card: { input: { max_side: -1 } },
      field: 'input.max_side',
      reason: />=0/,
    },
    {
      name: 'two means',
      card: { input: { mean: [1, 2] } },
      field: 'input.mean',
      reason: /array of three/,
    },
    {
      name: 'a scale of 0',
      card: { input: { scale: [1, 0, 1] } },
      field: 'input.scale',
      reason: /scale of 0/,
    },
    {
      name: 'a std of 0',
      card: { input: { std: [1, 0, 1] } },
      field: 'input.std',
      reason: /above 0/,
    },
    {
      name: 'std beside scale',
      card: { input: { std: 255, scale: 1 } },
      field: 'input.std',
      reason: /one of them/,
    },
    {
      name: 'a border that is no byte',
      card: { input: { size: [9, 9], fit: 'pad', fill: [0, 0.5, 256] } },
      field: 'input.fill',
      reason: /whole numbers from 0 to 255/,
    },
    {
      name: 'a border that is not left',
      card: { input: { size: [9, 9], fit: 'crop', fill: 114 } },
      field: 'input.fit',
      reason: /for the border/,
    },
    {
      name: 'an order that is none',
      card: { input: { layout: 'nhcw' } },
      field: 'input.layout',
      reason: /"nchw"/,
    },
    {
      name: 'a protocol that is none',
      card: { server: { protocol: 'http' } },
      field: 'server.protocol',
      reason: /"tf-serving"\|"oip"/,
    },
    {
      name: 'a server without a port',
      card: { server: { protocol: 'oip', target: 'triton' } },
      field: 'server.target',
      reason: /port from 1 to 65535; expected host:port/,
    },
    {
      name: 'a type that images are not sent as',
      card: { input: { dtype: 'INT8' } },
      field: 'input.dtype',
      reason: /"UINT8"\|"FP32"\|"FP16"\|"BYTES"/,
    },
    {
      name: 'a shape with nothing in it',
      card: { input: { shape: [-1, 0, 300, 3] } },
      field: 'input.shape.1',
      reason: /expected -1|Too small/,
    },
    {
      name: 'boxes of no known order',
      card: { boxes: { format: 'xxyy' } },
      field: 'boxes.format',
      reason: /"cxcywh"/,
    },
    {
      name: 'strides of corners',
      card: { boxes: { format: 'xyxy', strides: [8] } },
      field: 'boxes.strides',
      reason: /"cxcywh"/,
    },
    {
      name: 'strides of fractions',
      card: { boxes: { unit: 'fraction', strides: [8] } },
      field: 'boxes.strides',
      reason: /pixels/,
    },
    {
      name: 'a column twice',
      card: { columns: ['box', 'score', 'score'] },
      field: 'columns',
      reason: /twice/,
    },
    { name: 'no box', card: { columns: ['score'] }, field: 'columns', reason: /expected a box/ },
    {
      name: 'no score',
      card: { columns: ['box', 'class'] },
      field: 'columns',
      reason: /"score" or "scores"/,
    },
    {
      name: 'columns after scores',
      card: { columns: ['scores', 'box'] },
      field: 'columns',
      reason: /write them last/,
    },
    {
      name: 'objectness without scores',
      card: { columns: ['box', 'objectness', 'score'] },
      field: 'columns',
      reason: /multiplied/,
    },
    {
      name: 'a class beside scores',
      card: { columns: ['box', 'class', 'scores'] },
      field: 'columns',
      reason: /follows from "scores"/,
    },
    {
      name: 'an overlap in per cent',
      card: { defaults: { iou_threshold: 45 } },
      field: 'defaults.iou_threshold',
      reason: /<=1/,
    },
    {
      name: 'an empty signature',
      card: { signature: '' },
      field: 'signature',
      reason: /Too small/,
    },
    {
      name: 'an output that is no name',
      card: { outputs: { detection_boxes: 1 } },
      field: 'outputs.detection_boxes',
      reason: /expected string/,
    },
    {
      name: 'one output twice',
      card: { outputs: { detection_boxes: 'a', detection_scores: 'a' } },
      field: 'outputs',
      reason: /same wire name/,
    },
  ]
  for (const { name, card, field, reason } of cases) {
    const message = field === undefined ? FILE : `${FILE}: ${field}: `
    t.throws(
      () => parseModelCard(JSON.stringify(card), FILE),
      { name: 'RepositoryFileError', file: FILE, problems: [{ field, reason }] },
      name,
    )
    t.throws(
      () => parseModelCard(JSON.stringify(card), FILE),
      { message: new RegExp(`^${message.replace(/[.[\]]/g, '\\$&')}`) },
      name,
    )
  }
})

t.test('parseModelCard() reports everything that is wrong at once', async (t) => {
  t.throws(() => parseModelCard('{"task": "x", "input": {"kernel": "y"}}', FILE), {
    name: 'RepositoryFileError',
    problems: [{ field: 'task' }, { field: 'input.kernel' }],
  })
})

t.test('parseModelCard() names the line where the text is not JSON', async (t) => {
  t.throws(() => parseModelCard('{\n  "task": object\n}', FILE), {
    file: FILE,
    message: `${FILE}:2:11: expected a value`,
  })
})

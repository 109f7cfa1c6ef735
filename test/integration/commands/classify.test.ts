import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { scriptedModel } from '../../../src/embedded/scripted-model.js'
import { run } from '../export/cli.js'
import { DOG, detections, detector, start } from '../gateway/harness.js'

const chelsea = fileURLToPath(new URL('../../fixtures/chelsea.jpg', import.meta.url))

let calls = 0
const SCORES = [0.125, 0.25, 0.625]
const shapes = scriptedModel({
  name: 'shapes',
  inputs: { keras_tensor: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } },
  outputs: { output_0: { dtype: 'DT_FLOAT', shape: [-1, SCORES.length] } },
  predict: ({ inputs }) => {
    const count = Object.values(inputs)[0]!.shape[0] ?? 1
    calls += count
    const data = Float32Array.from(Array.from({ length: count }, () => SCORES).flat())
    return { output_0: { dtype: 'DT_FLOAT', shape: [count, SCORES.length], data } }
  },
})
const { url } = await start(t, {
  models: [shapes, detector({ predict: () => detections([DOG]) })],
  repository: {
    'shapes/model.json': JSON.stringify({
      task: 'image-classification',
      labels: ['circle', 'a "star", large', 'square'],
    }),
  },
  env: { DEFAULT_MODEL: 'shapes' },
})
const env = { DETECTION_GATEWAY_URL: url }

function pictures(t: Test): string {
  const folder = t.testdir({ photos: { 'broken.jpg': 'no picture' } })
  for (const name of ['a', 'b']) cpSync(chelsea, join(folder, 'photos', `${name}.jpg`))
  return folder
}

function lines(text: string) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

t.test('a table with bars', async (t) => {
  const folder = pictures(t)
  const { code, stdout, stderr } = await run(t, folder, ['classify', 'photos/[ab]*.jpg'], env)
  t.equal(code, 2)
  t.match(stderr, /^photos\/broken\.jpg: unsupported_media_type: /)
  const rows =
    '  square           ■■■■■■····  62.5 %\n' +
    '  a "star", large  ■■■·······  25.0 %\n' +
    '  circle           ■·········  12.5 %\n'
  t.ok(
    stdout.startsWith(
      `photos/a.jpg  451 x 300 jpeg\n${rows}\nphotos/b.jpg  451 x 300 jpeg\n${rows}`,
    ),
    stdout,
  )
})

t.test('csv by the ending of the output; parameters reach the gateway', async (t) => {
  const folder = pictures(t)
  const output = async (...args: string[]) => {
    await run(t, folder, ['classify', 'photos', '-o', 'c.csv', '--force', ...args], env)
    return readFileSync(join(folder, 'c.csv'), 'utf8')
  }
  const head = 'file,width,height,label,class_id,score,error\n'
  const broken = 'photos/broken.jpg,,,,,,unsupported_media_type\n'
  const row = (cells: string) =>
    ['a', 'b'].map((name) => `photos/${name}.jpg,451,300,${cells},\n`).join('')
  t.equal(await output('--top-k', '1'), head + row('square,2,0.625') + broken)
  const star = row('"a ""star"", large",1,0.25')
  t.equal(await output('--labels', '"a ""star"", large"'), head + star + broken)
  t.equal(await output('--exclude-labels', 'square', '--min-score', '0.2'), head + star + broken)
})

t.test('shards and resume: what is done is not asked for again', async (t) => {
  const folder = pictures(t)
  const part = (index: number) =>
    run(
      t,
      folder,
      [
        ...['classify', 'photos', '--shard', `${index}/2`, '--url', url, '--url', `${url}/`],
        ...['-o', `${index}.jsonl`, '--resume'],
      ],
      env,
    )
  const before = calls
  for (const index of [0, 1]) await part(index)
  t.equal(calls - before, 2)
  const text = [0, 1].map((i) => readFileSync(join(folder, `${i}.jsonl`), 'utf8')).join('')
  const files = lines(text).map(({ file, error, classifications }) => [
    file,
    error?.code ?? classifications.length,
  ])
  t.strictSame(files.sort(), [
    ['photos/a.jpg', 3],
    ['photos/b.jpg', 3],
    ['photos/broken.jpg', 'unsupported_media_type'],
  ])
  for (const index of [0, 1]) await part(index)
  t.equal(calls - before, 2, 'only the broken one is tried again')
})

t.test('answers of detect are not thrown away by --resume', async (t) => {
  const folder = pictures(t)
  const rest = ['photos/a.jpg', '-o', 'r.jsonl', '--resume']
  const model = ['--model', 'ssdlite_mobilenet_v2_coco']
  t.match(await run(t, folder, ['detect', ...rest, ...model], env), { code: 0 })
  const written = readFileSync(join(folder, 'r.jsonl'), 'utf8')
  const { code, stderr } = await run(t, folder, ['classify', ...rest], env)
  t.equal(code, 1)
  t.match(stderr, /^--resume cannot go on with r\.jsonl: it holds answers of another command/)
  t.equal(readFileSync(join(folder, 'r.jsonl'), 'utf8'), written)
})

t.test('a model of another task ends the command, in words', async (t) => {
  const folder = pictures(t)
  const [there, own, other] = await Promise.all([
    run(t, folder, ['classify', 'photos', '--model', 'ssdlite_mobilenet_v2_coco'], env),
    run(t, folder, ['classify', 'photos/a.jpg']),
    run(t, folder, ['detect', 'photos'], env),
  ])
  for (const { code, stdout } of [there, own, other]) t.strictSame([code, stdout], [1, ''])
  t.match(there.stderr, /^Model "\w+" does object detection; .*--model names another model\n$/)
  t.match(
    own.stderr,
    /^Model "[\w-]+" does object detection; .*TF_SERVING_TARGET and DEFAULT_MODEL/,
  )
  t.match(
    other.stderr,
    /^Model "shapes" does image classification; .*\(detection-gateway classify\)/,
  )
})

t.test('its command line', async (t) => {
  const folder = pictures(t)
  const rows: [string[], RegExp][] = [
    [['a', '--top-k', 'few'], /^--top-k must be a number, not "few"/],
    [['a', '--format', 'coco'], /^--format must be one of table, jsonl, csv, not "coco"/],
    [['a', '--tiles', '2x2'], /^classify has no option "--tiles"/],
    [[], /^Name pictures, folders or patterns/],
  ]
  for (const [args, message] of rows) {
    const { code, stderr } = await run(t, folder, ['classify', ...args], env)
    t.equal(code, 1)
    t.match(stderr, message)
  }
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { filesIn, run } from '../export/cli.js'
import { DOG, detections, detector, PERSON, start } from '../gateway/harness.js'

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/${name}.jpg`, import.meta.url))

let calls = 0
const { url } = await start(t, {
  models: [
    detector({
      predict: ({ inputs }) => {
        const batch = Object.values(inputs)[0]!.shape[0] ?? 1
        calls += batch
        return detections([DOG, PERSON], batch)
      },
    }),
  ],
})

/** A folder with pictures: two in it, one below, one that is none, and what does not count. */
function pictures(t: Test): string {
  const folder = t.testdir({ photos: { below: {}, 'broken.jpg': 'no picture', 'notes.txt': 'x' } })
  for (const name of ['a.jpg', 'b, "2".JPG', 'below/c.jpg', '.hidden.jpg']) {
    cpSync(fixture('chelsea'), join(folder, 'photos', name))
  }
  return folder
}

const env = { DETECTION_GATEWAY_URL: url }

function lines(text: string) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

t.test('a folder as JSON lines: in order, and one bad file does not stop the others', async (t) => {
  const folder = pictures(t)
  const { code, stdout, stderr } = await run(
    t,
    folder,
    ['detect', 'photos', '--format', 'jsonl'],
    env,
  )
  t.equal(code, 2)
  t.match(lines(stdout), [
    { file: 'photos/a.jpg', image: { width: 451 }, detections: [{ label: 'dog' }, {}] },
    { file: 'photos/b, "2".JPG' },
    { file: 'photos/below/c.jpg' },
    { file: 'photos/broken.jpg', error: { code: 'unsupported_media_type', request_id: String } },
  ])
  t.equal(lines(stdout).length, 4)
  t.match(stderr, /^photos\/broken\.jpg: unsupported_media_type: /)
  t.notMatch(stdout + stderr, '\u001b', 'no colours and no bar where there is no terminal')
})

t.test('resume heals, leaves out what is done and tries again what failed', async (t) => {
  const folder = pictures(t)
  const args = ['detect', 'photos', '--output', 'r.jsonl']
  t.equal((await run(t, folder, args, env)).code, 2)
  const output = join(folder, 'r.jsonl')
  const [a, b] = readFileSync(output, 'utf8').split('\n')
  writeFileSync(
    output,
    `${a}\n{"file":"photos/broken.jpg","error":{"code":"x"}}\n${b!.slice(0, 40)}`,
  )
  const refused = await run(t, folder, args, env)
  t.strictSame([refused.code, refused.stdout], [1, ''])
  t.match(refused.stderr, /r\.jsonl is there already: --resume goes on with it/)
  cpSync(fixture('coffee'), join(folder, 'photos', 'broken.jpg'))
  const before = calls
  const resumed = await run(t, folder, [...args, '--resume'], env)
  t.strictSame([resumed.code, resumed.stderr], [0, ''])
  t.equal(calls - before, 3, 'the one that is done is not asked for again')
  const records = lines(readFileSync(output, 'utf8'))
  t.strictSame(
    records.map(({ file, error }) => [file, error]),
    ['a.jpg', 'b, "2".JPG', 'below/c.jpg', 'broken.jpg'].map((it) => [`photos/${it}`, undefined]),
  )
  const again = await run(t, folder, [...args, '--resume'], env)
  t.match(again, { code: 0, stderr: 'All 4 pictures done before\n' })
})

t.test('csv and coco, by the ending of the output; parameters reach the gateway', async (t) => {
  const folder = pictures(t)
  const photos = ['detect', 'photos/[ab]*', '--labels', 'dog', '--min-score', '0.8']
  const csv = await run(t, folder, [...photos, '--format', 'csv'], env)
  t.equal(
    csv.stdout,
    'file,width,height,label,class_id,score,x_min,y_min,x_max,y_max,error\n' +
      'photos/a.jpg,451,300,dog,18,0.9,90.2,30,270.6,150,\n' +
      '"photos/b, ""2"".JPG",451,300,dog,18,0.9,90.2,30,270.6,150,\n' +
      'photos/broken.jpg,,,,,,,,,,unsupported_media_type\n',
  )
  t.equal((await run(t, folder, [...photos, '-o', 'out.json'], env)).code, 2)
  const coco = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))
  t.match(coco.images, [{ id: 1, file_name: 'photos/a.jpg' }, { id: 2 }])
  t.match(coco.annotations, [
    { image_id: 1, category_id: 18 },
    { image_id: 2, category_id: 18 },
  ])
  t.ok(coco.categories.length >= 80, 'every class of the model')
})

t.test('a table, and annotated pictures', async (t) => {
  const folder = pictures(t)
  const args = [
    'detect',
    'photos/a.jpg',
    'photos/below',
    '--pictures',
    'drawn',
    '--picture-format',
    'png',
  ]
  const { code, stdout } = await run(t, folder, args, env)
  t.equal(code, 0)
  t.equal(
    stdout,
    ['a', 'below/c']
      .map(
        (name) =>
          `photos/${name}.jpg  451 x 300 jpeg\n` +
          '  dog           ■■■■■■■■■·  90.0 %   90,30 to 271,150\n' +
          '  person        ■■■■■■····  60.0 %   0,0 to 451,300\n',
      )
      .join('\n'),
  )
  t.strictSame(filesIn(join(folder, 'drawn')), ['photos/a.jpg.png', 'photos/below/c.jpg.png'])
  const drawn = await sharp(join(folder, 'drawn/photos/a.jpg.png')).metadata()
  t.strictSame([drawn.format, drawn.width], ['png', 451])
})

/** Runs the program with a picture on its standard input. */
async function piped(t: Test, args: readonly string[], read: 'all' | 'first line') {
  const loader = new URL('../../../scripts/typescript.js', import.meta.url).href
  const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
  const child = spawn(process.execPath, [`--import=${loader}`, cli, ...args], {
    env: { ...process.env, ...env },
  })
  t.teardown(() => child.kill('SIGKILL'))
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      text[name] += chunk
      if (name === 'stdout' && read === 'first line') child.stdout.destroy()
    })
  }
  child.stdin.end(readFileSync(fixture('chelsea')))
  const [code] = await once(child, 'close')
  return { code, ...text }
}

t.test('a picture on the standard input', async (t) => {
  const { code, stdout } = await piped(t, ['detect', '-', '--format', 'jsonl'], 'all')
  t.equal(code, 0)
  t.match(lines(stdout), [{ file: '-', detections: [{ label: 'dog' }, { label: 'person' }] }])
})

t.test('a file that is not there or is empty is told in words', async (t) => {
  const folder = t.testdir({ 'empty.jpg': '' })
  const files = ['empty.jpg', 'none.jpg']
  const before = calls
  const { code, stdout } = await run(t, folder, ['detect', ...files, '--format', 'jsonl'], env)
  t.equal(code, 2)
  t.strictSame(lines(stdout), [
    { file: 'empty.jpg', error: { code: 'file_empty', detail: 'The file has no bytes' } },
    {
      file: 'none.jpg',
      error: { code: 'file_unreadable', detail: 'It cannot be read: there is no such file' },
    },
  ])
  t.equal(calls, before, 'the gateway is not asked')
})

t.test('pictures that cannot be written are no fault of the file that was read', async (t) => {
  const folder = pictures(t)
  writeFileSync(join(folder, 'taken'), 'a file')
  const args = ['detect', 'photos/a.jpg', '--format', 'jsonl', '--pictures', 'taken']
  const { code, stdout } = await run(t, folder, args, env)
  t.equal(code, 2)
  const [{ error }] = lines(stdout)
  t.equal(error.code, 'picture_unwritable')
  t.match(error.detail, /^taken\/photos\/a\.jpg cannot be written: a part of its path is a file/)
})

t.test('whoever stops reading ends it quietly', async (t) => {
  const folder = t.testdir({ photos: {} })
  mkdirSync(join(folder, 'many'))
  for (let i = 0; i < 40; i++) cpSync(fixture('chelsea'), join(folder, 'many', `${i}.jpg`))
  const args = ['detect', join(folder, 'many'), '--format', 'jsonl', '-j', '1']
  const { code, stderr } = await piped(t, args, 'first line')
  t.strictSame([code, stderr], [0, ''])
})

t.test('what concerns all files is said once', async (t) => {
  const folder = pictures(t)
  const rows: [string[], RegExp, NodeJS.ProcessEnv?][] = [
    [['photos', '--labels', 'dgo'], /^labels: .*did you mean "dog"/],
    [['photos', '--model', 'nobody'], /^.*"nobody"/],
    [
      ['photos'],
      /^Nothing answers at http:\/\/127\.0\.0\.1:9;/,
      { DETECTION_GATEWAY_URL: 'http://127.0.0.1:9' },
    ],
    [['none/*.jpg'], /no pictures\nThere is no picture/],
  ]
  const ran = await Promise.all(
    rows.map(([args, , own]) => run(t, folder, ['detect', ...args], { ...env, ...own })),
  )
  for (const [i, { code, stdout, stderr }] of ran.entries()) {
    t.strictSame([code, stdout], [1, ''], rows[i]![0].join(' '))
    t.match(stderr, rows[i]![1])
    t.notMatch(stderr, /\bat .*:\d+:\d+/, 'no stack')
  }
})

t.test('models and their labels', async (t) => {
  const folder = t.testdir({})
  const { stdout } = await run(t, folder, ['models', '--url', url])
  t.match(
    stdout,
    /^MODEL +STATE +VERSIONS +LABELS +INPUT\nssdlite_mobilenet_v2_coco \* +AVAILABLE +1 +80 /,
  )
  const nowhere = await run(t, folder, ['models', '--url', 'http://127.0.0.1:1'])
  t.match(nowhere, { code: 1, stderr: /^Nothing answers at http:\/\/127\.0\.0\.1:1;/ })
  const labels = await run(t, folder, ['models', 'ssdlite_mobilenet_v2_coco', '--json'], env)
  t.match(JSON.parse(labels.stdout).labels[0], { id: 1, name: 'person' })
})

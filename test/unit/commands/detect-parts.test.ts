import { setTimeout as delay } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { picturePath } from '../../../src/commands/detect-one.js'
import { readDetectCommand } from '../../../src/commands/detect-options.js'
import { findFiles } from '../../../src/commands/find-files.js'
import { patternExpression } from '../../../src/commands/glob.js'
import { inOrder } from '../../../src/commands/in-order.js'
import { formatTimeLeft, ProgressBar } from '../../../src/commands/progress-bar.js'
import { isInShard, readShard } from '../../../src/commands/shard.js'
import { hasColours, printable, TerminalStyle } from '../../../src/commands/terminal-style.js'

t.test('patterns', async (t) => {
  const rows: [string, string[], string[]][] = [
    ['*.jpg', ['a.jpg', 'a b.jpg'], ['a.jpgx', 'd/a.jpg', 'ajpg']],
    ['p/**/*.jpg', ['p/a.jpg', 'p/q/r/a.jpg'], ['q/a.jpg']],
    ['p/**', ['p/a', 'p/q/a'], ['pp/a']],
    ['?.{jpg,p*g}', ['a.jpg', 'a.png', 'a.pg'], ['ab.jpg', 'a.gif']],
    ['[a-c].x', ['a.x', 'c.x'], ['d.x', '/.x']],
    ['[!a].x', ['b.x'], ['a.x', '/.x']],
    ['a+(b).x*', ['a+(b).x1'], ['aab.x']],
  ]
  for (const [pattern, matching, others] of rows) {
    for (const path of matching) t.match(path, patternExpression(pattern), `${pattern} ${path}`)
    for (const path of others) t.notMatch(path, patternExpression(pattern), `${pattern} ${path}`)
  }
})

t.test('files are found once, sorted, whatever names them', async (t) => {
  const folder = t.testdir({
    'b.jpg': '',
    'a[1].png': '',
    'c.txt': '',
    d: { 'e.webp': '', '.f.jpg': '' },
    empty: {},
  })
  const found = await findFiles([
    `${folder}/a[1].png`,
    folder,
    `${folder}/**/*.webp`,
    `${folder}/empty`,
    `${folder}/*.gif`,
    'nowhere.jpg',
    '-',
  ])
  const names = ['a[1].png', 'b.jpg', 'd/e.webp'].map((name) => `${folder}/${name}`)
  t.strictSame(found.files, [...names, 'nowhere.jpg', '-'])
  t.strictSame(found.empty, [`${folder}/empty`, `${folder}/*.gif`])
})

t.test(
  'results come in order, so many at a time, and an error stops what has not begun',
  async (t) => {
    let running = 0
    let most = 0
    const delivered: number[] = []
    const items = Array.from({ length: 50 }, (_, i) => i)
    await inOrder(
      items,
      3,
      async (i) => {
        running += 1
        most = Math.max(most, running)
        await delay(i % 7 === 0 ? 3 : 0)
        running -= 1
        return i
      },
      async (i) => void delivered.push(i),
    )
    t.strictSame(delivered, items)
    t.equal(most, 3)
    let begun = 0
    const fails = inOrder(
      items,
      2,
      async () => {
        begun += 1
        await delay(0)
        throw new Error('no more')
      },
      async () => {},
    )
    await t.rejects(fails, { message: 'no more' })
    t.ok(begun < 10, `${begun} begun`)
  },
)

t.test('annotated pictures keep their paths below the folder', async (t) => {
  t.equal(picturePath('out', 'p/a.JPG', 'jpeg'), 'out/p/a.JPG')
  t.equal(picturePath('out', 'p/a.png', 'jpeg'), 'out/p/a.png.jpg')
  t.equal(picturePath('out', '/abs/a.png', 'png'), 'out/abs/a.png')
  t.equal(picturePath('out', '../../a.jpg', 'webp'), 'out/a.jpg.webp')
  t.equal(picturePath('out', '-', 'jpeg'), 'out/stdin.jpg')
})

/** A terminal that keeps what is written to it. */
function terminal(columns: number, isTTY = true) {
  const written: string[] = []
  const stream = { isTTY, columns, write: (text: string) => written.push(text) }
  return { stream: stream as unknown as NodeJS.WriteStream, written }
}

t.test('the bar tells rate and time left, and is silent where there is no terminal', async (t) => {
  t.strictSame([500, 59_400, 185_000, 7_800_000].map(formatTimeLeft), [
    '1 s',
    '59 s',
    '3 min 5 s',
    '2 h 10 min',
  ])
  let now = 0
  const plain = (text = '') => stripVTControlCharacters(text).replaceAll('\r', '')
  const { stream, written } = terminal(100)
  const bar = new ProgressBar(100, stream, () => now)
  bar.show(0, 0)
  t.equal(plain(written.at(-1)), `${'─'.repeat(28)}   0 %  0 of 100`)
  now = 5000
  bar.show(50, 2)
  const half = `${'━'.repeat(14)}${'─'.repeat(14)}`
  t.equal(plain(written.at(-1)), `${half}  50 %  50 of 100  10.0 a second  5 s left  2 failed`)
  await bar.around(async () => void written.push('row'))
  t.strictSame(written.slice(-3).map(plain), ['', 'row', plain(written.at(-4))])
  bar.show(51, 2)
  t.match(plain(written.at(-1)), '50 of 100', 'not drawn again so soon')
  await bar.around(async () => {})
  t.match(plain(written.at(-1)), '51 of 100', 'but brought back as things stand')
  const narrow = terminal(30)
  new ProgressBar(100, narrow.stream, () => now).show(1, 0)
  t.ok(plain(narrow.written[0]).length < 30, 'never wider than the terminal')
  const none = terminal(80, false)
  new ProgressBar(100, none.stream, () => now).show(1, 0)
  t.strictSame(none.written, [])
})

t.test('colours only where they are wanted', async (t) => {
  t.equal(hasColours({ isTTY: true }, {}), true)
  t.equal(hasColours({ isTTY: true }, { NO_COLOR: '1' }), false)
  t.equal(hasColours({ isTTY: true }, { TERM: 'dumb' }), false)
  t.equal(hasColours({}, {}), false)
  const red = { r: 255, g: 0, b: 0 }
  t.equal(new TerminalStyle(true, {}).colour(red, 'x'), '\u001b[38;5;196mx\u001b[39m')
  t.equal(
    new TerminalStyle(true, { COLORTERM: 'truecolor' }).colour(red, 'x'),
    '\u001b[38;2;255;0;0mx\u001b[39m',
  )
  t.equal(new TerminalStyle(false, {}).bold('x'), 'x')
  t.equal(printable('a\u001b[2Jb'), 'a?[2Jb', 'a name does not steer the terminal')
})

t.test('the command line of detect', async (t) => {
  const args = [
    'a',
    '--labels',
    'dog,"Salt, pepper"',
    '--min-score',
    '0.5',
    '-o',
    'x.csv',
    '-j',
    '2',
  ]
  t.match(readDetectCommand(args, { DETECTION_GATEWAY_URL: 'http://g' }), {
    args: ['a'],
    gateway: { urls: ['http://g'] },
    parameters: { labels: ['dog', 'Salt, pepper'], min_score: 0.5 },
    format: 'csv',
    concurrency: 2,
  })
  t.match(readDetectCommand(['a'], {}), { format: 'table', parameters: {}, pictures: undefined })
  t.strictSame(readDetectCommand(['a', '--tiles', '3x2', '--overlap', '0.1'], {})?.parameters, {
    tiles: '3x2',
    overlap: 0.1,
  })
  t.equal(readDetectCommand(['--help'], {}), undefined)
  const rows: [string[], RegExp][] = [
    [['a', '--min-score', 'high'], /^--min-score must be a number, not "high"/],
    [['a', '--min-score', ''], /must be a number/],
    [['a', '--tiles', '2x2', '--overlap', 'half'], /^--overlap must be a number, not "half"/],
    [['a', '--format', 'xml'], /^--format must be one of table, jsonl, csv, coco, not "xml"/],
    [['a', '--labels', '"dog'], /^--labels has a quote that is never closed/],
    [['a', '--resume'], /^--resume needs --output/],
    [['a', '--resume', '-o', 'x.csv'], /^--resume needs --output/],
    [['a', '-j', '0'], /^--concurrency must be a whole number from 1 to 256/],
    [['a', '--url', 'gateway:80'], /^--url must begin with http/],
    [['a', '--nope'], /--nope/],
    [[], /^Name pictures, folders or patterns/],
  ]
  for (const [args, message] of rows) {
    t.throws(() => readDetectCommand(args, {}), { message }, args.join(' '))
  }
})

t.test('shards', async (t) => {
  const files = Array.from({ length: 1000 }, (_, i) => `photos/${i}.jpg`)
  const shards = [0, 1, 2, 3].map((index) => ({ index, count: 4 }))
  const shardsOf = (file: string) => shards.filter((shard) => isInShard(file, shard)).length
  t.strictSame(
    files.filter((file) => shardsOf(file) !== 1),
    [],
    'each file is in one',
  )
  for (const shard of shards) {
    const size = files.filter((file) => isInShard(file, shard)).length
    t.ok(size > 200 && size < 300, `even enough: ${size}`)
  }
  // Other versions must agree with what was written before.
  const inLast = ['a.jpg', 'b.jpg', 'c/d.jpg', 'ä.png', 'e.jpg', 'f.jpg'].filter((file) =>
    isInShard(file, { index: 1, count: 2 }),
  )
  t.strictSame(inLast, ['c/d.jpg', 'ä.png', 'e.jpg', 'f.jpg'])
  t.strictSame(readShard('0/1'), { index: 0, count: 1 })
  for (const wrong of ['4/4', '1', '/', '-1/4', '1/0', '0/0', '1/4/2', '0/100001', ' 0/4']) {
    t.throws(() => readShard(wrong), /--shard must be I\/N, .*counted from 0/, wrong)
  }
})

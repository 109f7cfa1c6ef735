import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { keyIdProblem, keyLine, makeKey, parseKeys } from '../../../src/access/api-key.js'
import { KeyRing } from '../../../src/access/key-ring.js'
import { openKeys } from '../../../src/access/key-source.js'
import { key } from '../../../src/commands/key.js'

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex')

t.test('parseKeys()', async (t) => {
  t.test('reads a key a line, and skips comments and empty lines', async (t) => {
    const text = `# keys\r\n\n a:${sha256('one')}\r\n  b.c-d_1 : ${sha256('two').toUpperCase()}  \n`
    const { keys, problems } = parseKeys(text)
    t.strictSame(problems, [])
    t.strictSame(
      keys.map(({ id, digest }) => [id, digest.toString('hex')]),
      [
        ['a', sha256('one')],
        ['b.c-d_1', sha256('two')],
      ],
    )
  })

  t.test('names each bad line, and never repeats it', async (t) => {
    const text = ['secret', 'a:secret', 'b c:00', `:${sha256('x')}`, `${'i'.repeat(65)}:00`].join(
      '\n',
    )
    const { keys, problems } = parseKeys(text)
    t.strictSame(keys, [])
    t.strictSame(
      problems.map(({ line }) => line),
      [1, 2, 3, 4, 5],
    )
    t.notMatch(JSON.stringify(problems), /secret/)
  })

  t.test('takes a list without a key for a mistake', async (t) => {
    t.match(parseKeys('# none\n').problems, [{ reason: 'no key' }])
  })
})

t.test('a new key opens by its line', async (t) => {
  const key = makeKey()
  t.match(key, /^dgw_[\w-]{43}$/)
  t.not(makeKey(), key)
  const { keys } = parseKeys(keyLine('me', key))
  t.equal(new KeyRing(keys).idOf(key), 'me')
  t.equal(keyIdProblem('me'), undefined)
  t.match(keyIdProblem('m e'), 'letters')
})

t.test('the command tells the key apart from its line', async (t) => {
  const [out, err] = [t.capture(console, 'log'), t.capture(console, 'error')]
  await key(['camera'])
  const [made] = out().flatMap(({ args }) => args) as string[]
  t.match(made, /^dgw_/)
  const told = err().flatMap(({ args }) => args) as string[]
  t.equal(told.at(-1), keyLine('camera', made!))
  t.notMatch(told.join(), made)
  await t.rejects(key(['no name']), { message: /letters/ })
  await t.rejects(key([]), { message: /Usage/ })
})

t.test('KeyRing', async (t) => {
  const { keys } = parseKeys(`a:${sha256('one')}\nb:${sha256('two')}\na:${sha256('three')}`)
  const ring = new KeyRing(keys)
  t.strictSame(
    ['one', 'two', 'three'].map((key) => ring.idOf(key)),
    ['a', 'b', 'a'],
  )
  for (const wrong of ['', 'On', 'one ', sha256('one'), 'é']) t.equal(ring.idOf(wrong), undefined)
})

t.test('openKeys()', async (t) => {
  const lines: { kind: string; facts: { reason?: string; ids?: string[] } }[] = []
  let told = () => {}
  const next = () =>
    new Promise<void>((resolve) => {
      told = resolve
    })
  const write = (kind: string) => (facts: object) => {
    lines.push({ kind, facts })
    told()
  }
  const log = { info: write('info'), error: write('error') }

  t.test('follows the file; while it is broken its last good keys stay in force', async (t) => {
    const file = join(t.testdir({ keys: `a:${sha256('one')}\n` }), 'keys')
    const fixed = parseKeys(`fixed:${sha256('always')}`).keys
    const { ring, close } = openKeys({ keys: fixed, file, log, intervalMs: 5 })
    // Looking after a file keeps no process alive.
    const alive = setInterval(() => {}, 1000)
    t.teardown(() => {
      close()
      clearInterval(alive)
    })
    t.equal(ring.idOf('one'), 'a')

    let change = next()
    await writeFile(file, `a:${sha256('two')}\n`)
    await change
    t.strictSame([ring.idOf('one'), ring.idOf('two')], [undefined, 'a'], 'rotated')

    for (const broken of [`b:${sha256('b')}\nsecret\n`, '', undefined]) {
      change = next()
      if (broken === undefined) await rm(file)
      else await writeFile(file, broken)
      await change
      t.equal(lines.at(-1)?.kind, 'error')
      t.strictSame([ring.idOf('two'), ring.idOf('b')], ['a', undefined], 'the last good ones')
    }
    t.match(
      lines.filter(({ kind }) => kind === 'error').map(({ facts }) => facts.reason),
      [/keys:2: expected id:sha256/, /no key/, /ENOENT/],
    )
    t.notMatch(JSON.stringify(lines), /secret/)

    change = next()
    await writeFile(file, `c:${sha256('c')}`)
    await change
    t.strictSame([ring.idOf('two'), ring.idOf('c'), ring.idOf('always')], [undefined, 'c', 'fixed'])
    t.match(lines.at(-1), { kind: 'info', facts: { ids: ['c'] } })
  })

  t.test('refuses to begin without a good file', async (t) => {
    const folder = t.testdir({ empty: '\n', broken: 'a:b\n' })
    for (const name of ['empty', 'broken', 'missing']) {
      const open = () => openKeys({ keys: [], file: join(folder, name), log })
      t.throws(open, { message: /API_KEYS_FILE: / }, name)
    }
  })
})

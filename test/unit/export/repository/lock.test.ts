import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { withLock } from '../../../../src/export/repository/lock.js'

const HOST = hostname().replace(/[^A-Za-z0-9.]/g, '_')
/** Above Linux' highest process number. */
const DEAD = 4_194_305

t.test('withLock()', async (t) => {
  t.test('lets one in at a time and gives the lock back', async (t) => {
    const path = join(t.testdir(), '.lock')
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside -= 1
      return inside
    }
    await Promise.all(Array.from({ length: 4 }, () => withLock(path, work)))
    t.equal(most, 1)
    t.notOk(existsSync(path))
  })

  t.test('gives the lock back after a failure', async (t) => {
    const path = join(t.testdir(), '.lock')
    await t.rejects(
      withLock(path, async () => {
        throw new Error('no luck')
      }),
      /no luck/,
    )
    t.notOk(existsSync(path))
  })

  const left: { name: string; holder: string; ageMs: number }[] = [
    { name: 'a process that has ended', holder: `${DEAD}-${HOST} x\n`, ageMs: 0 },
    { name: 'another machine, long ago', holder: '1-elsewhere x\n', ageMs: 120_000 },
    { name: 'a process that could not say its name', holder: '', ageMs: 120_000 },
  ]
  for (const { name, holder, ageMs } of left) {
    t.test(`takes over what ${name} left`, async (t) => {
      const folder = t.testdir()
      const path = join(folder, '.lock')
      writeFileSync(path, holder)
      const then = (Date.now() - ageMs) / 1000
      utimesSync(path, then, then)
      const results = await Promise.all([1, 2, 3].map((n) => withLock(path, async () => n)))
      t.strictSame(results, [1, 2, 3])
      t.strictSame(readdirSync(folder), [])
    })
  }

  t.test(
    'of many who take over what was left, one is in at a time and none waits for ever',
    async (t) => {
      let inside = 0
      let most = 0
      for (let round = 0; round < 8; round++) {
        const folder = t.testdir({ '.lock': `${DEAD}-${HOST} x\n` })
        const work = async () => {
          inside += 1
          most = Math.max(most, inside)
          await new Promise(setImmediate)
          inside -= 1
        }
        const path = join(folder, '.lock')
        await Promise.all(
          Array.from({ length: 5 }, () => withLock(path, work, { timeoutMs: 5000 })),
        )
        t.strictSame(readdirSync(folder), [])
      }
      t.equal(most, 1)
    },
  )

  t.test('gives up waiting for one who is alive, and says who', async (t) => {
    const path = join(t.testdir(), '.lock')
    const holder = `${process.pid}-${HOST} x\n`
    writeFileSync(path, holder)
    await t.rejects(
      withLock(path, async () => {}, { timeoutMs: 60 }),
      {
        name: 'ExportError',
        message: new RegExp(`held by another export \\(${process.pid}-.*Delete it if no export`),
      },
    )
    t.equal(readFileSync(path, 'utf8'), holder)
  })
})

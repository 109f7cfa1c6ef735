import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import t from 'tap'
import { lowerDecoders } from '../../src/decoder-priority.js'

const THREADS = '/proc/self/task'

t.test('lowerDecoders()', { skip: process.platform !== 'linux' }, async (t) => {
  await readFile('package.json')
  const pool = readdirSync(THREADS).filter((thread) =>
    readFileSync(`${THREADS}/${thread}/comm`, 'utf8').startsWith('libuv-worker'),
  )
  if (Number(process.versions.node.split('.')[0]) >= 22) t.equal(pool.length, 4)
  const own = getPriority(process.pid)
  t.equal(lowerDecoders(), pool.length)
  for (const thread of pool) t.equal(getPriority(Number(thread)), 10)
  t.equal(getPriority(process.pid), own, 'the thread that answers stays where it is')
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { containerMemoryBytes } from '../../src/memory-limit.js'
import { planMemory } from '../../src/memory-plan.js'

const MIB = 1024 * 1024
const SETTINGS = {
  memoryLimitBytes: 1024 * MIB,
  upstreamInFlight: 8,
  upstreamResponseMaxBytes: 8 * MIB,
}

t.test('planMemory()', async (t) => {
  t.test('the shares add up to the limit and no more', async (t) => {
    for (const embedded of [true, false]) {
      const sum = Object.values(planMemory(SETTINGS, embedded)).reduce((all, it) => all + it, 0)
      t.ok(sum <= 1024 * MIB && sum > 1023 * MIB, `${sum}`)
    }
  })

  t.test('shows the sum where nothing is left for images', async (t) => {
    t.throws(() => planMemory({ ...SETTINGS, memoryLimitBytes: 200 * MIB }, false), {
      message: /MEMORY_LIMIT_BYTES: 209715200 .*134217728 for the process, 67108864 for answers/,
    })
  })
})

t.test('containerMemoryBytes()', async (t) => {
  const directory = t.testdir()
  const cases = [
    { content: '536870912\n', bytes: 512 * MIB },
    { content: 'max\n', bytes: 1024 * MIB },
    { content: '9223372036854771712\n', bytes: 1024 * MIB },
  ]
  for (const { content, bytes } of cases) {
    const file = join(directory, 'memory.max')
    writeFileSync(file, content)
    t.equal(containerMemoryBytes([join(directory, 'absent'), file]), bytes, content)
  }
  t.equal(containerMemoryBytes([join(directory, 'absent')]), 1024 * MIB)
})

import t from 'tap'
import type { ModelVersionStatus } from '../../../src/serving/model-server.js'
import { VersionWarmer } from '../../../src/tasks/version-warmer.js'

const version = (number: string, state: ModelVersionStatus['state'] = 'AVAILABLE') => ({
  version: number,
  state,
  message: '',
})

/** A warmer over models whose versions and warm-ups are scripted. */
function build(versions: Record<string, ModelVersionStatus[]>, broken: Set<string> = new Set()) {
  const warmed: string[] = []
  const told: [string, string, boolean][] = []
  const warmer = new VersionWarmer({
    intervalMs: 1,
    names: () => Object.keys(versions),
    status: async (model) => {
      const found = versions[model]
      if (found === undefined) throw new Error(`no ${model}`)
      return found
    },
    warmUp: async (model, number) => {
      if (broken.has(number)) throw new Error('cold')
      warmed.push(`${model} ${number}`)
    },
    onWarm: (model, number, error) => told.push([model, number, error === null]),
  })
  return { warmer, warmed, told, versions, broken }
}

t.test('VersionWarmer', async (t) => {
  t.test('warms each version once, and again when it has been away', async (t) => {
    const { warmer, warmed, versions } = build({ m: [version('2', 'LOADING'), version('1')] })
    await warmer.warmModel('m')
    await warmer.warmModel('m')
    t.strictSame(warmed, ['m 1'])
    versions.m = [version('2'), version('1', 'END')]
    await warmer.warmModel('m')
    versions.m = [version('2'), version('1')]
    await warmer.warmModel('m')
    t.strictSame(warmed, ['m 1', 'm 2', 'm 1'])
  })

  t.test('tries a version that failed again, and tells of it once', async (t) => {
    const { warmer, warmed, told, broken } = build({ m: [version('1')] }, new Set(['1']))
    await t.rejects(warmer.warmModel('m'), { message: 'cold' })
    await t.rejects(warmer.warmModel('m'), { message: 'cold' })
    broken.clear()
    await warmer.warmModel('m')
    t.strictSame(warmed, ['m 1'])
    t.strictSame(told, [
      ['m', '1', false],
      ['m', '1', true],
    ])
  })

  t.test('warms the other versions of a model when one fails', async (t) => {
    const { warmer, warmed } = build({ m: [version('2'), version('1')] }, new Set(['2']))
    await t.rejects(warmer.warmModel('m'), { message: 'cold' })
    await t.rejects(warmer.warmModel('m'), { message: 'cold' })
    t.strictSame(warmed, ['m 1'])
  })

  t.test('goes on with other models when one fails', async (t) => {
    const { warmer, warmed } = build({ a: [version('9')], b: [version('1')] }, new Set(['9']))
    t.teardown(() => warmer.close())
    warmer.start()
    while (warmed.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    t.strictSame(warmed, ['b 1'])
  })
})

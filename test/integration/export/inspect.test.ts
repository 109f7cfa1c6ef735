import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeDemoVersion } from '../../../src/export/demo-version.js'
import { makeTarGz } from '../../unit/export/archive/make-archive.js'
import { filesIn, run } from './cli.js'

t.test('inspect', async (t) => {
  const cwd = t.testdir()
  await writeDemoVersion(join(cwd, 'models/demo/2'), { variables: true })

  t.test('tells people what a model holds', async (t) => {
    const { code, stdout } = await run(t, cwd, ['inspect', 'models/demo'])
    t.equal(code, 0)
    for (const line of [
      /^SavedModel models\/demo\/2\n/,
      /\n {2}weights +233 variables, 18\.0 MB; \d+ constants/,
      /\n {2}resizer +to 300 x 300 \(height x width\)\n/,
      /\n {2}in {3}input_tensor +DT_UINT8 +\[\?, \?, \?, 3\] +input_tensor:0\n/,
      /\n {2}out {2}detection_boxes +DT_FLOAT +\[\?, 100, 4\]/,
      /\nAnswers\n {2}Without a card, what serving_default answers is read as boxes, scores and classes apart/,
      /\nLargest variables\n {2}2\.8 MB {2}DT_FLOAT/,
      /\n✓ can be exported\n$/,
    ])
      t.match(stdout, line)
  })

  t.test('tells machines everything', async (t) => {
    const { stdout } = await run(t, cwd, ['inspect', 'models/demo/2', '--json'])
    const inspection = JSON.parse(stdout)
    t.match(inspection, { kind: 'saved-model', tags: [['serve']], problems: [] })
    t.equal(inspection.variables.length, 233)
  })

  t.test('looks into an archive', async (t) => {
    const content = readFileSync(join(cwd, 'models/demo/2/saved_model.pb'))
    writeFileSync(join(cwd, 'zoo.tgz'), makeTarGz([{ path: 'zoo/saved_model.pb', content }]))
    const { code, stdout } = await run(t, cwd, ['inspect', 'zoo.tgz'])
    t.equal(code, 1)
    t.match(stdout, /^SavedModel zoo\.tgz\/zoo\n/)
    t.match(
      stdout,
      /✗ cannot be exported as it is\n {2}zoo\.tgz\/zoo\/variables\/variables\.index: is missing/,
    )
  })

  t.test('tells why a model cannot be exported, by its exit status too', async (t) => {
    const data = join(cwd, 'models/demo/2/variables/variables.data-00000-of-00001')
    const bytes = readFileSync(data)
    bytes[1_000_000]! ^= 1
    writeFileSync(data, bytes)
    const { code, stdout } = await run(t, cwd, ['inspect', 'models/demo/2'])
    t.equal(code, 1)
    t.match(
      stdout.replace(/\s+/g, ' '),
      /✗ cannot be exported as it is .* checksum of the variable/,
    )
  })

  t.test('says what it wants', async (t) => {
    t.match(await run(t, cwd, ['inspect']), { code: 1, stderr: /Name one path/ })
    t.match(await run(t, cwd, ['inspect', '--help']), { code: 0, stdout: /^Usage: / })
  })
})

t.test('warmup', async (t) => {
  const cwd = t.testdir()
  const version = join(cwd, 'models/demo/2')
  await writeDemoVersion(version)
  await writeDemoVersion(join(cwd, 'models/demo/1'), { input: 'encoded' })
  const requests = 'assets.extra/tf_serving_warmup_requests'
  const photo = new URL('../../fixtures/astronaut.jpg', import.meta.url).pathname

  t.test('warms the newest version of a model up with synthetic images', async (t) => {
    const { code, stdout, stderr } = await run(t, cwd, ['warmup', 'demo'])
    t.equal(code, 0, stderr)
    // Without a card both shapes of image are sent, at the size they have.
    t.match(stdout, /2\/assets\.extra\/tf_serving_warmup_requests: 2 requests, 1\.8 MB\n/)
    t.strictSame(filesIn(version), [requests, 'saved_model.pb'])
  })

  t.test('sends what the card says', async (t) => {
    writeFileSync(join(cwd, 'models/demo/model.json'), '{"input": {"size": [300, 300]}}')
    const { stdout } = await run(t, cwd, ['warmup', 'models/demo/2', photo, photo])
    t.match(stdout, /2 requests, 540 kB/)
  })

  t.test('sends encoded images to a version that takes them', async (t) => {
    const { stdout } = await run(t, cwd, ['warmup', 'demo', '--version', '1', photo])
    t.match(stdout, /1\/assets.*: 1 request, /)
    const file = readFileSync(join(cwd, 'models/demo/1', requests))
    t.ok(file.includes(Buffer.of(0xff, 0xd8, 0xff)), 'a JPEG')
  })

  const refused: { name: string; args: string[]; message: RegExp }[] = [
    { name: 'no model', args: [], message: /Name a version/ },
    { name: 'an unknown model', args: ['nope'], message: /models\/nope: has no version\. Name/ },
    {
      name: 'an unknown version',
      args: ['demo', '--version', '7'],
      message: /has no version 7, only 1, 2\./,
    },
    {
      name: 'a photo that is none',
      args: ['demo', 'models/demo/model.json'],
      message: /model\.json: /,
    },
  ]
  for (const { name, args, message } of refused) {
    t.test(`refuses ${name}`, async (t) => {
      const { code, stderr } = await run(t, cwd, ['warmup', ...args])
      t.equal(code, 1)
      t.match(stderr, message)
    })
  }

  t.test('leaves what is there when it refuses', async (t) => {
    t.ok(existsSync(join(version, requests)))
  })
})

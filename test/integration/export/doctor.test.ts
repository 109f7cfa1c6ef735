import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Diagnosis, diagnose } from '../../../src/commands/doctor.js'
import { loadConfig } from '../../../src/config.js'
import { startModelServer } from '../../../src/embedded/model-server.js'
import { scriptedModel } from '../../../src/embedded/scripted-model.js'
import type { ServedModel } from '../../../src/embedded/served-model.js'
import { DOG, detections, detector, OUTPUTS } from '../gateway/harness.js'
import { run } from './cli.js'

const DEMO = 'ssdlite_mobilenet_v2_coco'

async function serve(t: Test, ...models: ServedModel[]): Promise<string> {
  const server = await startModelServer({ models })
  t.teardown(() => server.close())
  return server.target
}

/** Looks at a server from a folder with these files of its repository. */
async function look(
  t: Test,
  target: string,
  files: Record<string, string> = {},
  { models = [], env = {} }: { models?: string[] | undefined; env?: NodeJS.ProcessEnv } = {},
): Promise<Diagnosis & { find(pattern: RegExp): string | undefined }> {
  const directory = join(t.testdir(), 'models')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const config = loadConfig({ MODEL_REPOSITORY: directory, ...env })
  const diagnosis = await diagnose({ target, models, photos: [], timeoutMs: 10_000, config })
  const find = (pattern: RegExp) =>
    diagnosis.findings.list.find(({ message }) => pattern.test(message))?.level
  return { ...diagnosis, find }
}

const CARD = '{"labels": {"1": "person", "18": "dog"}, "input": {"size": [300, 300]}}'

t.test('doctor', async (t) => {
  t.test('finds all well where it is', async (t) => {
    const target = await serve(t, detector())
    const files = {
      [`${DEMO}/model.json`]: CARD,
      [`${DEMO}/1/saved_model.pb`]: '',
      'models.config': `model_config_list { config { name: "${DEMO}" base_path: "/models/${DEMO}" } }`,
    }
    const { findings, measurements, suggestedFlags } = await look(t, target, files)
    t.equal(findings.failed, false)
    t.strictSame(
      findings.list.filter(({ level }) => level !== 'ok'),
      [],
    )
    t.match(measurements, [{ model: DEMO, version: '1', request_bytes: 270_000, answer_bytes: 52 }])
    t.strictSame(suggestedFlags, [
      '--model_config_file=/models/models.config',
      '--model_config_file_poll_wait_seconds=10',
    ])
  })

  t.test('says it to people with marks and remedies', async (t) => {
    const target = await serve(t, detector())
    const { code, stdout } = await run(t, t.testdir(), ['doctor', '--target', target])
    t.equal(code, 0)
    t.match(stdout, /^server\n {2}✓ 127\.0\.0\.1:\d+ answers TensorFlow Serving's gRPC API/)
    t.match(stdout, /\n {2}! \.\/models does not exist[^→]+→ /)
    t.match(stdout, /\n✓ It works, with 1 warning\n$/)
  })

  t.test('tries a classifier and a regressor as they are asked', async (t) => {
    const pixels = {
      inputs: { x: { dtype: 'DT_FLOAT', shape: [-1, 8, 8, 3] } },
      outputs: { scores: { dtype: 'DT_FLOAT', shape: [-1, 2] } },
    }
    const scores = (values: number[]) => ({
      scores: { dtype: 'DT_FLOAT', shape: [1, 2], data: Float32Array.from(values) } as const,
    })
    const number = {
      inputs: { inputs: { dtype: 'DT_STRING', shape: [-1] } },
      outputs: { outputs: { dtype: 'DT_FLOAT', shape: [-1, 1] } },
      method: 'tensorflow/serving/regress',
      predict: {},
    }
    const target = await serve(
      t,
      scriptedModel({ name: 'shapes', ...pixels, predict: scores([0.25, 0.75]) }),
      scriptedModel({ name: 'logits', ...pixels, predict: scores([3, -2]) }),
      { ...scriptedModel({ name: 'age', ...number }), regress: () => [41.5] },
    )
    const card = { task: 'image-classification', labels: ['circle', 'star'], input: { std: 255 } }
    const files = {
      'shapes/model.json': JSON.stringify(card),
      'logits/model.json': JSON.stringify(card),
    }
    const models = ['shapes', 'logits', 'age']
    const { findings, find } = await look(t, target, files, { models })
    t.equal(findings.failed, false)
    t.equal(find(/as one of image classification: .* reads scores/), 'ok')
    t.equal(find(/2 classes, the best is star with 0\.750/), 'ok')
    t.equal(find(/scores lie outside 0 to 1/), 'warning')
    t.equal(find(/takes tf\.Examples with image\/encoded/), 'ok')
    t.equal(find(/the number is 41\.5/), 'ok')
  })

  t.test('names a server that is not there', async (t) => {
    const { findings } = await look(t, '127.0.0.1:1')
    t.equal(findings.failed, true)
    t.match(findings.list[0], {
      level: 'failure',
      subject: 'server',
      message: /^127\.0\.0\.1:1: The model server cannot be reached/,
      remedy: /8500, not 8501/,
    })
  })

  t.test('names a server that speaks something else', async (t) => {
    const server = createServer((_request, response) => response.end('{}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => server.close())
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const { findings } = await look(t, target)
    t.equal(findings.failed, true)
    t.match(findings.list[0], { level: 'failure', subject: 'server' })
  })

  const cases: {
    name: string
    model: ServedModel
    files?: Record<string, string>
    models?: string[]
    level: 'warning' | 'failure'
    message: RegExp
  }[] = [
    {
      name: 'a model that is not served',
      model: detector(),
      models: ['nope'],
      level: 'failure',
      message: /does not serve a model of this name/,
    },
    {
      name: 'a version that could not be loaded',
      model: detector({
        versions: [
          { version: '2', state: 'END', error: { code: 15, message: 'Checksum does not match' } },
          { version: '1', state: 'AVAILABLE' },
        ],
      }),
      level: 'failure',
      message: /version 2 could not be loaded: Checksum does not match/,
    },
    {
      name: 'a model that is still loading',
      model: detector({ versions: [{ version: '1', state: 'LOADING' }] }),
      level: 'failure',
      message: /no version is available: version 1 is LOADING/,
    },
    {
      name: 'a newer version that is not served',
      model: detector(),
      files: { [`${DEMO}/3/saved_model.pb`]: '' },
      level: 'warning',
      message: /version 3 is in .* and is not served; 1 is/,
    },
    {
      name: 'a signature that is none of any task',
      model: detector({ outputs: { y: { dtype: 'DT_INT64', shape: [-1] } } }),
      level: 'failure',
      message: /is not one of object detection: expected an output detection_boxes/,
    },
    {
      name: 'a model that refuses what it is sent',
      model: detector({
        inputs: { input_tensor: { dtype: 'DT_FLOAT', shape: [-1, -1, -1, 3] } },
        predict: () => {
          throw new Error('no')
        },
      }),
      level: 'failure',
      message: /it does not detect: /,
    },
    {
      name: 'floats without mean and scale',
      model: detector({ inputs: { input_tensor: { dtype: 'DT_FLOAT', shape: [-1, 64, 64, 3] } } }),
      level: 'warning',
      message: /input is DT_FLOAT, and the card does not say/,
    },
    {
      name: 'a card of another size than the signature',
      model: detector({ inputs: { input_tensor: { dtype: 'DT_UINT8', shape: [1, 64, 64, 3] } } }),
      level: 'warning',
      message: /the card says 300 x 300, the signature 64 x 64/,
    },
    {
      name: 'class ids without a label',
      model: detector({ predict: () => detections([DOG, { ...DOG, classId: 77 }]) }),
      level: 'warning',
      message: /class ids without a label: 77/,
    },
    {
      name: 'boxes of pixels that are read as fractions',
      model: detector({ predict: () => detections([{ ...DOG, box: [30, 60, 150, 180] }]) }),
      level: 'warning',
      message: /boxes reach 180, and are read as fractions/,
    },
    {
      name: 'boxes of fractions that are read as pixels',
      model: detector(),
      files: {
        [`${DEMO}/model.json`]: '{"labels": {"1": "a", "18": "b"}, "boxes": {"unit": "pixel"}}',
      },
      level: 'warning',
      message: /boxes reach no more than 1\.00, and are read as pixels/,
    },
    {
      name: 'boxes that end before they begin',
      model: detector({ predict: () => detections([{ ...DOG, box: [0.5, 0.6, 0.1, 0.2] }]) }),
      level: 'warning',
      message: /of 4 boxes 4 end before they begin/,
    },
    {
      name: 'scores that are no probabilities',
      model: detector({ predict: () => detections([{ ...DOG, score: 4.5 }]) }),
      level: 'warning',
      message: /scores go from 0\.00 to 4\.50: those are no probabilities/,
    },
    {
      name: 'a card without labels and size',
      model: detector(),
      files: { [`${DEMO}/model.json`]: '{}' },
      level: 'warning',
      message: /the card has no labels/,
    },
    {
      name: 'a model without a card',
      model: detector({ name: 'bare' }),
      models: ['bare'],
      level: 'warning',
      message: /it has no card/,
    },
    {
      name: 'a broken card',
      model: detector(),
      files: { 'other/model.json': '{"task": 1}' },
      level: 'failure',
      message: /other\/model\.json: task: /,
    },
    {
      name: 'an entry without a version',
      model: detector(),
      files: { 'models.config': 'model_config_list { config { name: "empty" } }' },
      level: 'failure',
      message: /models\.config lists empty, and .* has no version/,
    },
    {
      name: 'a model that models.config leaves out',
      model: detector(),
      files: { 'models.config': '', [`${DEMO}/1/saved_model.pb`]: '' },
      level: 'warning',
      message: /has versions and a card, but no entry in models\.config/,
    },
    {
      name: 'a pinned version',
      model: detector(),
      files: {
        [`${DEMO}/2/saved_model.pb`]: '',
        'models.config': `model_config_list { config { name: "${DEMO}" model_version_policy { specific { versions: 1 } } } }`,
      },
      level: 'warning',
      message: /pins ssdlite_mobilenet_v2_coco to 1; its newest version is 2/,
    },
  ]
  for (const { name, model, files, models, level, message } of cases) {
    t.test(`points at ${name}`, async (t) => {
      const target = await serve(t, model)
      const all = { [`${DEMO}/model.json`]: CARD, ...files }
      const { findings, find } = await look(t, target, all, { models })
      t.equal(find(message), level, JSON.stringify(findings.list, null, 1))
      t.ok(
        findings.list.every((it) => it.level === 'ok' || it.remedy !== null),
        'each with a remedy',
      )
      t.equal(findings.failed, level === 'failure')
    })
  }

  t.test('says how answers are read', async (t) => {
    const said = async (model: ServedModel) => {
      const { find } = await look(t, await serve(t, model), { [`${DEMO}/model.json`]: CARD })
      return find
    }
    const apart = await said(detector())
    const boxes = 'boxes of y_min, x_min, y_max, x_max as fractions'
    t.equal(apart(new RegExp(`read as boxes, scores and classes apart, ${boxes}$`)), 'ok')
    const data = Float32Array.from({ length: 6 * 1200 }, (_, at) => (at < 4800 ? at % 300 : 0.1))
    const grid = await said(
      detector({
        outputs: { output0: { dtype: 'DT_FLOAT', shape: [1, 6, 1200] } },
        predict: () => ({ output0: { dtype: 'DT_FLOAT', shape: [1, 6, 1200], data } }),
      }),
    )
    t.equal(grid(/read as a grid of boxes with a score for each class, .* suppressed here$/), 'ok')
    t.equal(grid(/class ids without a label: 0/), 'warning')
  })

  t.test('says of masks that they are left alone', async (t) => {
    const outputs = { ...OUTPUTS, detection_masks: { dtype: 'DT_FLOAT', shape: null } as const }
    const target = await serve(t, detector({ outputs }))
    const { find } = await look(t, target, { [`${DEMO}/model.json`]: CARD })
    t.equal(find(/detection_masks is left alone/), 'ok')
  })

  t.test('warns of answers near the limit, and suggests one block of bytes', async (t) => {
    const many = Array.from({ length: 20_000 }, () => DOG)
    const target = await serve(t, detector({ predict: () => detections(many) }))
    const env = { UPSTREAM_RESPONSE_MAX_BYTES: '600000' }
    const files = { [`${DEMO}/model.json`]: CARD }
    const { findings, suggestedFlags } = await look(t, target, files, { env })
    t.match(
      findings.list.find(({ message }) => message.startsWith('an answer takes')),
      { level: 'warning', message: 'an answer takes 480 kB of at most 600 kB' },
    )
    t.strictSame(suggestedFlags, ['--enable_serialization_as_tensor_content=true'])
  })

  t.test('says it to machines, and by its exit status', async (t) => {
    const target = await serve(t, detector())
    const args = ['doctor', '--target', target, '--json', '--model', 'nope', '--model', DEMO]
    const { code, stdout } = await run(t, t.testdir(), args)
    t.equal(code, 1)
    t.match(JSON.parse(stdout), {
      target,
      ok: false,
      findings: [{ level: 'ok', subject: 'server', remedy: null }],
      measurements: [{ model: DEMO }],
      suggested_flags: [],
    })
  })

  t.test('refuses a timeout that is none', async (t) => {
    const { code, stderr } = await run(t, t.testdir(), ['doctor', '--timeout-ms', 'soon'])
    t.equal(code, 1)
    t.match(stderr, /--timeout-ms must be a whole number/)
  })
})

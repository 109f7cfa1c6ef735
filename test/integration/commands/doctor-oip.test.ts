import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type DoctorOptions, diagnose } from '../../../src/commands/doctor.js'
import { loadConfig } from '../../../src/config.js'
import { startModelServer } from '../../../src/embedded/model-server.js'
import {
  index,
  inferred,
  metadata,
  modelReady,
  type OipScript,
  serverReady,
  startOipServer,
} from '../../unit/serving/oip/oip-server.js'
import { DOG, detections, detector } from '../gateway/harness.js'

/** A server with one model, `mine`, that declares nothing and has no versions, as on MLServer. */
const SERVER: OipScript = {
  serverReady: () => serverReady(),
  modelReady: (request) => modelReady(request.getName() === 'mine'),
  repositoryIndex: () => index(['mine', '', 'State.READY']),
  modelMetadata: () => metadata([], []),
  modelInfer: (request) =>
    inferred(detections([DOG], request.getInputsList()[0]?.getShapeList()[0])),
}
const CARD = {
  labels: { 18: 'dog' },
  input: { dtype: 'UINT8', size: [32, 32] },
  inputs: { image: 'x' },
}

async function look(t: Test, cards: Record<string, object>, options: Partial<DoctorOptions>) {
  const directory = t.testdir()
  for (const [name, card] of Object.entries(cards)) {
    mkdirSync(join(directory, name))
    writeFileSync(join(directory, name, 'model.json'), JSON.stringify(card))
  }
  const config = loadConfig({ MODEL_REPOSITORY: directory })
  const fixed = { photos: [], timeoutMs: 10_000, config, models: [] }
  const { findings, ...rest } = await diagnose({ ...fixed, ...options })
  const lines = findings.list.map(
    ({ level, subject, message }) => `${level} ${subject}: ${message}`,
  )
  return { ...rest, text: lines.join('\n'), findings }
}

t.test('a server of the Open Inference Protocol is looked at like any other', async (t) => {
  const target = await startOipServer(t, SERVER)
  const { text, findings, measurements, suggestedFlags, ...rest } = await look(
    t,
    { mine: CARD },
    { target, protocol: 'oip' },
  )
  t.equal(findings.failed, false, text)
  t.equal(rest.target, target)
  t.match(text, /ok server: .* answers the Open Inference Protocol over gRPC/)
  t.match(text, /ok mine: it is available, without versions/)
  t.match(text, /ok mine: signature serving_default is understood: x DT_UINT8/)
  t.match(text, /ok mine: it detects: 3\.1 kB out/)
  t.match(measurements, [{ model: 'mine', version: '', request_bytes: 3072 }])
  t.strictSame(suggestedFlags, [], 'flags are those of TensorFlow Serving')
})

t.test('what does not fit has a remedy of this kind of server', async (t) => {
  const target = await startOipServer(t, SERVER)
  const remedyOf = async (card: object, models: string[], message: RegExp) => {
    const { findings, text } = await look(t, { mine: card }, { target, protocol: 'oip', models })
    const found = findings.list.find((it) => message.test(it.message))
    t.equal(found?.level, 'failure', text)
    return found?.remedy
  }
  t.match(await remedyOf({}, [], /server declares none/), /"input": \{"dtype": "UINT8"\}/)
  t.match(await remedyOf(CARD, ['nope'], /does not serve a model of this name/), /Load it into/)
})

t.test('servers that cards name are looked at beside the others', async (t) => {
  const oip = await startOipServer(t, SERVER)
  const tf = await startModelServer({ models: [detector({ name: 'other' })] })
  t.teardown(() => tf.close())
  const { text, target } = await look(
    t,
    {
      mine: { ...CARD, server: { protocol: 'oip', target: oip } },
      away: { ...CARD, server: { protocol: 'oip', target: '127.0.0.1:1' } },
      nowhere: { server: { protocol: 'oip' } },
      other: { labels: { 18: 'dog' }, input: { size: [32, 32] } },
    },
    { target: tf.target },
  )
  t.strictSame(target.split(', ').sort(), ['127.0.0.1:1', oip, tf.target].sort())
  t.match(text, /failure server: 127\.0\.0\.1:1: The model server cannot be reached/)
  t.match(text, /failure nowhere: .*oip without a target/)
  t.match(text, /ok mine: it detects/)
  t.match(text, /ok other: version 1 detects/)
  t.notMatch(text, / away: /)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeTensorInfo } from '../../../src/export/detection-signature.js'
import { DataTypeEnum, SignatureDef } from '../../../src/export/stubs.js'
import { detectorNodes, put, putSavedModel } from '../../unit/export/fixtures.js'
import { run } from './cli.js'

const { DT_FLOAT } = DataTypeEnum

/** A SavedModel whose signature has these outputs; the graph is never run. */
function putModel(t: Test, outputs: Readonly<Record<string, readonly number[]>>): string {
  const signature = new SignatureDef()
  signature.setMethodName('tensorflow/serving/predict')
  const input = makeTensorInfo('image_tensor', DT_FLOAT, [-1, 32, 32, 3])
  signature.getInputsMap().set('images', input)
  for (const [name, shape] of Object.entries(outputs)) {
    signature.getOutputsMap().set(name, makeTensorInfo('detection_scores', DT_FLOAT, [...shape]))
  }
  const folder = t.testdir()
  const nodes = detectorNodes({ inputType: 'DT_FLOAT' })
  putSavedModel(join(folder, 'from'), { nodes, signatures: { serving_default: signature } })
  put(folder, 'names.txt', 'circle\nsquare\ntriangle\n')
  return folder
}

const args = ['export', 'from', '--name', 'shapes', '--labels', 'names.txt']
const cardOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'models/shapes/model.json'), 'utf8'))

t.test('the card of a classifier says so, and its list of labels begins at class 0', async (t) => {
  const folder = putModel(t, { probabilities: [-1, 3] })
  const { code, stdout, stderr } = await run(t, folder, args)
  t.strictSame([code, stderr], [0, ''], stdout)
  t.notMatch(stdout, 'the gateway cannot')
  t.match(cardOf(folder), {
    task: 'image-classification',
    labels: { 0: 'circle', 1: 'square', 2: 'triangle' },
  })
})

t.test('a task that the card says stays', async (t) => {
  const folder = putModel(t, { probabilities: [-1, 3] })
  put(folder, 'models/shapes/model.json', '{"task":"object-detection"}')
  const { code, stdout } = await run(t, folder, args)
  t.equal(code, 0)
  t.match(stdout, /TF-Serving can serve it, but the gateway cannot ask it yet/)
  t.match(cardOf(folder), { task: 'object-detection', labels: { 1: 'circle' } })
})

t.test('a model of no known task is taken for a detector whose card needs a word', async (t) => {
  const folder = putModel(t, { heat: [-1, 32, 32, 7] })
  const { code, stdout } = await run(t, folder, args)
  t.equal(code, 0)
  t.match(stdout, /the gateway cannot ask it yet/)
  t.match(cardOf(folder), { task: 'object-detection', labels: { 1: 'circle' } })
})

import type { ModelCard } from '../repository/model-card.js'
import type { CallOptions, ModelServer } from '../serving/model-server.js'
import { checkClassNames, classNames } from '../tasks/classification/class-names.js'
import { identify, rowFromExample, rowFromOutputs } from '../tasks/classification/class-rows.js'
import type { ClassificationSignature } from '../tasks/classification/classification-signature.js'
import type { RegressionSignature } from '../tasks/classification/regression-signature.js'
import { activate, numbersOf, requireFinite, suspicion } from '../tasks/classification/scores.js'
import type { KnownModel } from '../tasks/model-task.js'
import type { Findings } from './doctor-findings.js'
import { choosePhotos, type PreparedPhoto, preparePhoto } from './model-photos.js'
import { formatMs } from './terminal.js'

/** What a model that does not detect is tried with. */
export interface TaskProbe {
  readonly server: ModelServer
  readonly name: string
  readonly card: ModelCard | undefined
  readonly photos: readonly string[]
  readonly timeoutMs: number
  readonly findings: Findings
}

const ONE = { index: 0, count: 1 }
const CARD_REMEDY = 'Write it on the card: task, activation, label_offset, labels'

/** Runs a classifier or regressor once on each photo, and tells what it said and what of that is odd. */
export async function tryTask(probe: TaskProbe, { task, signature }: KnownModel): Promise<void> {
  const { name, card, findings } = probe
  for await (const photo of choosePhotos(probe.photos, signature, card)) {
    const prepared = await preparePhoto(photo, signature, card)
    const startedAt = performance.now()
    const said =
      task === 'image-regression'
        ? await regress(probe, signature as RegressionSignature, prepared)
        : await classify(probe, signature as ClassificationSignature, prepared)
    findings.ok(name, `it answers in ${formatMs(performance.now() - startedAt)}: ${said}`)
    // One is enough to see that it works.
    return
  }
}

function callOptions({ timeoutMs }: TaskProbe): CallOptions {
  return { deadline: Date.now() + timeoutMs }
}

async function classify(
  probe: TaskProbe,
  signature: ClassificationSignature,
  photo: PreparedPhoto,
): Promise<string> {
  const { name, card, findings } = probe
  const row = await readRow(probe, signature, photo)
  const scores = activate(row.raw, card?.activation)
  const best = scores.reduce((at, score, index) => (score > scores[at]! ? index : at), 0)
  const { labels } = classNames(card)
  const called = row.classes?.[best] ?? best
  const { label, classId } = identify(called, labels)
  if (row.classes === undefined) {
    const owner = { model: name, task: 'image classification' }
    for (const odd of [checkClassNames(owner, card, scores.length), suspicion(row.raw, card)]) {
      if (odd !== undefined) findings.warn(name, odd, CARD_REMEDY)
    }
  }
  return `${scores.length} classes, the best is ${label ?? `class ${classId}`} with ${scores[best]?.toFixed(3)}`
}

async function readRow(
  probe: TaskProbe,
  { asking, name, input }: ClassificationSignature,
  { tensor, input: image }: PreparedPhoto,
) {
  const { server } = probe
  const selector = { model: probe.name }
  if (asking.method === 'examples') {
    const call = { selector, signature: name, feature: asking.feature, images: [image.data] }
    const answer = await server.classify?.(call, callOptions(probe))
    return rowFromExample(answer?.rows[0] ?? [])
  }
  const { scores, classes } = asking.outputs
  const outputs = [scores, ...(classes === undefined ? [] : [classes])]
  const call = { selector, signature: name, inputs: { [input]: tensor }, outputs }
  const answer = await server.predict(call, callOptions(probe))
  return rowFromOutputs(answer.outputs, asking.outputs, ONE)
}

async function regress(
  probe: TaskProbe,
  { asking, name, input }: RegressionSignature,
  { tensor, input: image }: PreparedPhoto,
): Promise<string> {
  const { server } = probe
  const selector = { model: probe.name }
  if (asking.method === 'examples') {
    const call = { selector, signature: name, feature: asking.feature, images: [image.data] }
    const values = (await server.regress?.(call, callOptions(probe)))?.values ?? []
    requireFinite(values, 'outputs')
    return `the number is ${values[0]}`
  }
  const { outputs } = asking
  const call = { selector, signature: name, inputs: { [input]: tensor }, outputs: [outputs] }
  const answer = await server.predict(call, callOptions(probe))
  return `the number is ${numbersOf(answer.outputs[outputs]!, ONE, outputs)[0]}`
}

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { writeDemoVersion } from '../../../src/export/demo-version.js'
import type { ProgressListener } from '../../../src/export/progress.js'
import { SavedModel } from '../../../src/export/stubs.js'
import { summarizeSignature, type VersionOptions } from '../../../src/export/written-version.js'

/** 18,034,528 bytes of weights, of which some are settings and anchors. */
const VARIABLES_BYTES = 18_003_708

const write = async (t: Test, options: VersionOptions) => {
  const directory = join(t.testdir({}), 'model', '1')
  const version = await writeDemoVersion(directory, options)
  const bytes = await readFile(join(directory, 'saved_model.pb'))
  const metaGraph = SavedModel.deserializeBinary(bytes).getMetaGraphsList()[0]!
  return { directory, version, bytes, metaGraph }
}

t.test('writeDemoVersion() writes constants, the same bytes each time', async (t) => {
  const first = await write(t, { input: 'pixels', variables: false })
  t.strictSame(await readdir(first.directory), ['saved_model.pb'])
  t.strictSame(first.metaGraph.getMetaInfoDef()?.getTagsList(), ['serve'])
  t.equal(first.metaGraph.hasSaverDef(), false)
  const second = await write(t, { input: 'pixels', variables: false })
  t.ok(first.bytes.equals(second.bytes))
})

t.test('writeDemoVersion() puts weights into variables when asked', async (t) => {
  const { directory, version, bytes, metaGraph } = await write(t, { variables: true })
  const variables = join(directory, 'variables')
  const files = ['variables.data-00000-of-00001', 'variables.index']
  t.strictSame((await readdir(variables)).sort(), files)
  t.equal((await stat(join(variables, files[0]!))).size, VARIABLES_BYTES)
  t.ok(bytes.length < 500_000, 'the graph is small')
  const nodes = metaGraph.getGraphDef()!.getNodeList()
  const handles = nodes.filter((node) => node.getOp() === 'VarHandleOp')
  t.equal(handles.length, 233)
  t.match(version, { variables: 233, bytes: bytes.length + VARIABLES_BYTES })
  const restore = metaGraph.getSaverDef()?.getRestoreOpName()
  t.ok(
    nodes.some((node) => node.getName() === restore),
    'the server finds the node that restores them',
  )
})

t.test('writeDemoVersion() describes what it wrote', async (t) => {
  const cases = [
    { input: 'pixels', name: 'input_tensor', dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] },
    { input: 'encoded', name: 'inputs', dtype: 'DT_STRING', shape: [-1] },
  ] as const
  for (const { input, ...described } of cases) {
    const { version, metaGraph, bytes } = await write(t, { input })
    t.match(version.input, described, `input of ${input}`)
    t.strictSame(
      version.signature.outputs.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [
        ['detection_boxes', 'DT_FLOAT', [-1, 100, 4]],
        ['detection_classes', 'DT_FLOAT', [-1, 100]],
        ['detection_scores', 'DT_FLOAT', [-1, 100]],
        ['num_detections', 'DT_FLOAT', [-1]],
      ],
      `outputs of ${input}`,
    )
    t.strictSame(version.resizer, { kind: 'fixed', size: [300, 300] }, input)
    t.match(version, { classes: 90, variables: 0, bytes: bytes.length }, input)
    const written = metaGraph.getSignatureDefMap()
    t.strictSame([...written.keys()], ['serving_default'], input)
    t.strictSame(
      summarizeSignature('serving_default', written.get('serving_default')!),
      version.signature,
      `signature of ${input}`,
    )
    const nodes = metaGraph.getGraphDef()!.getNodeList()
    const tensors = nodes.map((node) => `${node.getName()}:0`)
    for (const { tensor } of [...version.signature.inputs, ...version.signature.outputs]) {
      t.ok(tensors.includes(tensor), `${tensor} is in the graph of ${input}`)
    }
  }
})

t.test('writeDemoVersion() tells how far it is', async (t) => {
  const steps: string[] = []
  const onProgress: ProgressListener = (step, done, total) => {
    if (done === total) steps.push(`${step} ${total}`)
  }
  const { bytes } = await write(t, { variables: true, onProgress })
  t.strictSame(steps, [`write ${bytes.length}`, `write ${VARIABLES_BYTES}`])
})

t.test('writeDemoVersion() names the file that it cannot write', async (t) => {
  const file = join(t.testdir({ model: 'a file' }), 'model', '1')
  const options = { input: 'pixels', variables: false } as const
  await t.rejects(writeDemoVersion(file, options), { name: 'ExportError', message: /model\/1/ })
})

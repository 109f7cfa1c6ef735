import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { sizesOf } from '../../../src/export/const-tensor.js'
import { type DemoVersionOptions, writeDemoVersion } from '../../../src/export/demo-version.js'
import { DataTypeEnum, SavedModel } from '../../../src/export/stubs.js'

/** 18,034,528 bytes of weights, of which some are settings and anchors. */
const VARIABLES_BYTES = 18_003_708

const write = async (t: Test, options: DemoVersionOptions) => {
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
  const { directory, bytes, metaGraph } = await write(t, { input: 'pixels', variables: true })
  const variables = join(directory, 'variables')
  const files = ['variables.data-00000-of-00001', 'variables.index']
  t.strictSame((await readdir(variables)).sort(), files)
  t.equal((await stat(join(variables, files[0]!))).size, VARIABLES_BYTES)
  t.ok(bytes.length < 500_000, 'the graph is small')
  const nodes = metaGraph.getGraphDef()!.getNodeList()
  const handles = nodes.filter((node) => node.getOp() === 'VarHandleOp')
  t.equal(handles.length, 233)
  const restore = metaGraph.getSaverDef()?.getRestoreOpName()
  t.ok(
    nodes.some((node) => node.getName() === restore),
    'the server finds the node that restores them',
  )
})

t.test('writeDemoVersion() describes what it wrote in the signature and its result', async (t) => {
  const cases = [
    { input: 'pixels', key: 'input_tensor', dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] },
    { input: 'encoded', key: 'inputs', dtype: 'DT_STRING', shape: [-1] },
  ] as const
  for (const { input, key, dtype, shape } of cases) {
    const { version, metaGraph } = await write(t, { input, variables: false })
    t.strictSame(
      version,
      {
        input: { key, dtype, shape },
        outputs: ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections'],
        resizer: { kind: 'fixed', size: [300, 300] },
        classes: 90,
      },
      `result of ${input}`,
    )
    t.strictSame([...metaGraph.getSignatureDefMap().keys()], ['serving_default'], input)
    const signature = metaGraph.getSignatureDefMap().get('serving_default')!
    t.equal(signature.getMethodName(), 'tensorflow/serving/predict', input)
    const [[alias, info] = []] = [...signature.getInputsMap().entries()]
    t.equal(alias, key, `key of ${input}`)
    t.equal(info?.getDtype(), DataTypeEnum[dtype], `type of ${input}`)
    t.strictSame(sizesOf(info!.getTensorShape()!), shape, `shape of ${input}`)
    const names = metaGraph
      .getGraphDef()!
      .getNodeList()
      .map((node) => `${node.getName()}:0`)
    const outputs = [...signature.getOutputsMap().entries()]
    t.strictSame(outputs.map(([name]) => name).sort(), [...version.outputs].sort(), input)
    for (const tensor of [info!, ...outputs.map(([, output]) => output)]) {
      t.ok(names.includes(tensor.getName()), `${tensor.getName()} is in the graph`)
    }
  }
})

t.test('writeDemoVersion() names the file that it cannot write', async (t) => {
  const file = join(t.testdir({ model: 'a file' }), 'model', '1')
  const options = { input: 'pixels', variables: false } as const
  await t.rejects(writeDemoVersion(file, options), { name: 'ExportError', message: /model\/1/ })
})

t.test('writeDemoVersion() says how to get the weights when they are not installed', async (t) => {
  const demo = (await t.mockImport('../../../src/export/demo-version.js', {
    '../../../src/embedded/weights.js': {
      loadWeights: async () => {
        throw new Error('Run npm ci.')
      },
    },
  })) as { writeDemoVersion: typeof writeDemoVersion }
  const message = 'The demo model cannot be exported. Run npm ci.'
  const written = demo.writeDemoVersion(t.testdir({}), { input: 'pixels', variables: false })
  await t.rejects(written, { name: 'ExportError', message })
})

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadWeights } from '../../../src/embedded/weights.js'

t.test('loadWeights() names every constant of the graph', async (t) => {
  const { nodes, tensors } = await loadWeights()
  const constants = nodes.filter(({ op }) => op === 'Const').map(({ name }) => name)
  t.strictSame([...tensors.keys()].sort(), constants.sort())
  const anchors = tensors.get('Postprocessor/ExpandDims')
  t.strictSame(anchors?.shape, [1, 1917, 4])
  t.equal(anchors?.dtype, 'float32')
  t.equal(anchors?.data.length, 1917 * 4)
  t.strictSame(tensors.get('Postprocessor/Slice/size')?.data, Int32Array.of(-1, -1, -1))
  t.equal(tensors.get('Preprocessor/sub/y')?.data[0], 1)
})

t.test('loadWeights() says how to get a package that is missing', async (t) => {
  await t.rejects(loadWeights('no-such-weights'), {
    message: /no-such-weights, which is not installed.*npm ci.*overrides/s,
  })
})

t.test('loadWeights() refuses files that it would misread', async (t) => {
  const rows = [
    ['cut off', [spec({})], 4, /cut off/],
    ['longer than the manifest', [spec({})], 12, /12 bytes where 8 were expected/],
    ['quantised', [spec({ quantization: { dtype: 'uint8' } })], 8, /not plain float32/],
    ['of another type', [spec({ dtype: 'bool' })], 8, /not plain float32/],
  ] as const
  for (const [name, weights, bytes, message] of rows) {
    const directory = await fakePackage(t, weights, bytes)
    await t.rejects(loadWeights(directory), { message }, name)
  }
})

function spec(fields: object) {
  return { name: 'w', shape: [2], dtype: 'float32', ...fields }
}

/** Writes a package of one shard; its absolute path resolves as a package name does. */
async function fakePackage(t: Test, weights: readonly object[], bytes: number): Promise<string> {
  const directory = t.testdir({ 'package.json': '{}' })
  const folder = join(directory, 'models/coco-ssd')
  await mkdir(folder, { recursive: true })
  const weightsManifest = [{ paths: ['shard'], weights }]
  const model = { modelTopology: { node: [] }, weightsManifest }
  await writeFile(join(folder, 'model.json'), JSON.stringify(model))
  await writeFile(join(folder, 'shard'), new Uint8Array(bytes))
  return directory
}

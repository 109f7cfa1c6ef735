import t from 'tap'
import { CLASS_COLUMNS, loadNetwork } from '../../../src/embedded/network.js'

t.test('the network answers for 1917 anchors and leaves no tensor behind', async (t) => {
  const network = await loadNetwork()
  t.equal(network.anchors.length, 1917 * 4)
  t.strictSame(network.scaling, { multiplier: Math.fround(2 / 255), subtrahend: 1 })
  const image = new Float32Array(300 * 300 * 3)
  const first = network.run(image)
  t.equal(first.encodings.length, 1917 * 4)
  t.equal(first.logits.length, 1917 * CLASS_COLUMNS)
  t.ok(first.logits.every(Number.isFinite))
  const tensors = network.tensorCount()
  t.strictSame(network.run(image), first, 'the same again')
  t.equal(network.tensorCount(), tensors)
})

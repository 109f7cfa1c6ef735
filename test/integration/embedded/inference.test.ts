import t, { type Test } from 'tap'
import { DemoModel } from '../../../src/embedded/demo-model.js'
import { Inference } from '../../../src/embedded/inference.js'

/** A worker that answers `counts: [pixels.length]`, except that byte 1 makes it throw, 2 refuse and 3 hang. */
const WORKER = `
import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ id, pixels }) => {
  if (pixels[0] === 1) throw new Error('out of memory')
  if (pixels[0] === 2) return parentPort.postMessage({ kind: 'failed', id, message: 'no' })
  if (pixels[0] === 3) return
  const batch = { counts: Float32Array.of(pixels.length) }
  parentPort.postMessage({ kind: 'detections', id, batch })
})
parentPort.postMessage({ kind: 'ready' })`

const entry = (source = WORKER) => new URL(`data:text/javascript,${encodeURIComponent(source)}`)
const job = (byte: number, length = 3) => new Uint8Array(length).fill(byte)
const SHAPE = [1, 1, 1] as const

t.test('infer() answers requests in turn, and takes their pixels over', async (t) => {
  const inference = start(t)
  const large = job(0, 100_000)
  const view = job(0, 100_000).subarray(0, 9)
  const answers = [large, view, job(0)].map((pixels) => inference.infer(pixels, SHAPE))
  const counts = (await Promise.all(answers)).map((batch) => batch.counts[0])
  t.strictSame(counts, [100_000, 9, 3])
  t.equal(large.length, 0, 'transferred')
  t.equal(view.length, 9, 'a small part of a buffer is copied')
})

t.test('infer() rejects what the worker refuses, and goes on', async (t) => {
  const inference = start(t)
  const refused = t.rejects(inference.infer(job(2), SHAPE), { message: 'no' })
  const next = await inference.infer(job(0), SHAPE)
  await refused
  t.equal(next.counts[0], 3)
})

t.test('infer() drops a request that is given up while it waits', async (t) => {
  const inference = start(t)
  await inference.ready
  const controller = new AbortController()
  const running = t.rejects(inference.infer(job(3), SHAPE, controller.signal))
  const waiting = t.rejects(inference.infer(job(0), SHAPE, controller.signal), { message: 'left' })
  controller.abort(new Error('left'))
  await waiting
  await t.rejects(inference.infer(job(0), SHAPE, controller.signal), { message: 'left' })
  await inference.close()
  await running
})

t.test('a crash rejects what runs, what waits and what comes', async (t) => {
  const inference = start(t)
  await inference.ready
  const crash = { message: 'out of memory' }
  const running = t.rejects(inference.infer(job(1), SHAPE), crash, 'runs')
  const waiting = t.rejects(inference.infer(job(0), SHAPE), crash, 'waits')
  t.match(await inference.stopped, crash)
  await Promise.all([running, waiting])
  await t.rejects(inference.infer(job(0), SHAPE), crash, 'comes')
})

t.test('ready rejects when the worker ends before it is ready', async (t) => {
  await t.rejects(start(t, 'throw new Error("no weights")').ready, { message: 'no weights' })
  await t.rejects(start(t, 'process.exit(3)').ready, { message: /exit code 3/ })
})

t.test('close() settles stopped without an error and rejects ready', async (t) => {
  const inference = start(t, 'setInterval(() => {}, 1000)')
  await inference.close()
  t.equal(await inference.stopped, undefined)
  await t.rejects(inference.ready, { message: /closed/ })
  await t.rejects(inference.infer(job(0), SHAPE), { message: /closed/ })
})

t.test('the demo model shows the states of its worker', async (t) => {
  const model = new DemoModel({ entry: entry() })
  t.teardown(() => model.close())
  t.match(model.versions, [{ version: '1', state: 'LOADING' }])
  await model.ready
  t.match(model.versions, [{ version: '1', state: 'AVAILABLE' }])
  const input_tensor = { dtype: 'DT_UINT8', shape: [1, 1, 1, 3], data: job(1) } as const
  const context = {
    version: '1',
    signature: model.signatures[0]!,
    inputs: { input_tensor },
    signal: new AbortController().signal,
  }
  await t.rejects(model.predict(context), { message: 'out of memory' })
  await model.stopped
  const error = { code: 13, message: 'out of memory' }
  t.match(model.versions, [{ version: '1', state: 'END', error }])
})

function start(t: Test, source?: string): Inference {
  const inference = new Inference({ entry: entry(source) })
  t.teardown(() => inference.close())
  return inference
}

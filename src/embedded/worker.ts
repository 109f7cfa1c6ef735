import { parentPort } from 'node:worker_threads'
import { loadNetwork, type Network } from './network.js'
import { MAX_DETECTIONS, toDetections } from './postprocess.js'
import { NETWORK_SIZE, toNetworkInput } from './resize.js'
import type { DetectionBatch, InferenceRequest, WorkerMessage } from './worker-messages.js'

const port = parentPort
if (port === null) throw new Error('worker.js runs in a worker thread only')

const network = await loadNetwork()
// The first run compiles and allocates, which takes three times as long as any other.
network.run(new Float32Array(NETWORK_SIZE * NETWORK_SIZE * 3))

port.on('message', ({ id, pixels, shape }: InferenceRequest) => {
  try {
    const [images, height, width] = shape
    const batch = detect(network, pixels, images, height, width)
    const buffers = [batch.boxes, batch.scores, batch.classes, batch.counts].map((a) => a.buffer)
    port.postMessage({ kind: 'detections', id, batch } satisfies WorkerMessage, buffers)
  } catch (error) {
    port.postMessage({ kind: 'failed', id, message: String(error) } satisfies WorkerMessage)
  }
})
port.postMessage({ kind: 'ready' } satisfies WorkerMessage)

/** One image after the other: memory stays that of one image, and an image's answer is the same in any batch. */
function detect(
  { scaling, anchors, run }: Network,
  pixels: Uint8Array,
  images: number,
  height: number,
  width: number,
): DetectionBatch {
  const batch = {
    boxes: new Float32Array(images * MAX_DETECTIONS * 4),
    scores: new Float32Array(images * MAX_DETECTIONS),
    classes: new Float32Array(images * MAX_DETECTIONS),
    counts: new Float32Array(images),
  }
  const bytes = height * width * 3
  for (let image = 0; image < images; image++) {
    const own = pixels.subarray(image * bytes, (image + 1) * bytes)
    const detections = toDetections(run(toNetworkInput(own, height, width, scaling)), anchors)
    batch.boxes.set(detections.boxes, image * MAX_DETECTIONS * 4)
    batch.scores.set(detections.scores, image * MAX_DETECTIONS)
    batch.classes.set(detections.classes, image * MAX_DETECTIONS)
    batch.counts[image] = detections.count
  }
  return batch
}

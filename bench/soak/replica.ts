/**
 * A model server of the soak, speaking TensorFlow Serving's API with a scripted detector. Its parent kills it, stops it and
 * lets it go on; by itself it now and then answers late, or nonsense.
 *
 * Argument: the port. Tells its parent when it listens.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { startModelServer } from '../../src/embedded/model-server.js'
import { scriptedModel } from '../../src/embedded/scripted-model.js'

/** Of this many answers one is late, and one holds a score that is no number. */
const ODD_ONE_IN = 200
const LATE_MS = 1500

const float = (shape: number[], values: number[]) =>
  ({ dtype: 'DT_FLOAT', shape, data: Float32Array.from(values) }) as const

function outputs(batch: number, score: number) {
  const repeat = (values: number[]) => Array.from({ length: batch }, () => values).flat()
  return {
    detection_boxes: float([batch, 2, 4], repeat([0.1, 0.2, 0.5, 0.6, 0, 0, 1, 1])),
    detection_scores: float([batch, 2], repeat([0.9, score])),
    detection_classes: float([batch, 2], repeat([18, 1])),
    num_detections: float([batch], repeat([2])),
  }
}

const model = scriptedModel({
  name: 'ssdlite_mobilenet_v2_coco',
  inputs: { input_tensor: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
  outputs: {
    detection_boxes: { dtype: 'DT_FLOAT', shape: [-1, -1, 4] },
    detection_scores: { dtype: 'DT_FLOAT', shape: [-1, -1] },
    detection_classes: { dtype: 'DT_FLOAT', shape: [-1, -1] },
    num_detections: { dtype: 'DT_FLOAT', shape: [-1] },
  },
  predict: async ({ inputs }) => {
    const batch = Object.values(inputs)[0]?.shape[0] ?? 1
    const dice = Math.floor(Math.random() * ODD_ONE_IN)
    await sleep(dice === 0 ? LATE_MS : 10)
    return outputs(batch, dice === 1 ? Number.NaN : 0.6)
  },
})

await startModelServer({ port: Number(process.argv[2]), models: [model] })
process.send?.('listening')
// Without its parent it is of no use.
process.on('disconnect', () => process.exit())

/**
 * A model server whose model takes a fixed time for a photo, one at a time, and no CPU: as a GPU would, or a machine of its
 * own. Serves `device`, and `free`, which takes no time. Argument: milliseconds of a photo. Tells its parent the port.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { startModelServer } from '../../src/embedded/model-server.js'
import { scriptedModel } from '../../src/embedded/scripted-model.js'
import { DEVICE, FREE } from '../scale/models.js'

const ROWS = 10

const float = (shape: number[], values: number[]) =>
  ({ dtype: 'DT_FLOAT', shape, data: Float32Array.from(values) }) as const
const each = (values: number[]) => Array.from({ length: ROWS }, () => values).flat()
const ANSWER = {
  detection_boxes: float([1, ROWS, 4], each([0.1, 0.2, 0.5, 0.6])),
  detection_scores: float([1, ROWS], each([0.9])),
  detection_classes: float([1, ROWS], each([18])),
  num_detections: float([1], [ROWS]),
}

let freeAt = 0

/** The device begins a photo when the one before has ended, to the fraction of a millisecond that timers have not. */
async function take(ms: number): Promise<typeof ANSWER> {
  freeAt = Math.max(performance.now(), freeAt) + ms
  await sleep(freeAt - performance.now())
  return ANSWER
}

const model = (name: string, predict: () => Promise<typeof ANSWER>) =>
  scriptedModel({
    name,
    inputs: { input_tensor: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
    outputs: {
      detection_boxes: { dtype: 'DT_FLOAT', shape: [-1, -1, 4] },
      detection_scores: { dtype: 'DT_FLOAT', shape: [-1, -1] },
      detection_classes: { dtype: 'DT_FLOAT', shape: [-1, -1] },
      num_detections: { dtype: 'DT_FLOAT', shape: [-1] },
    },
    predict,
  })

const ms = Number(process.argv[2])
const models = [model(DEVICE, () => take(ms)), model(FREE, async () => ANSWER)]
const { port } = await startModelServer({ models })
process.send?.({ port })
process.on('disconnect', () => process.exit())

import { status } from '@grpc/grpc-js'
import { Inference, type InferenceOptions } from './inference.js'
import { MAX_DETECTIONS } from './postprocess.js'
import { NETWORK_SIZE } from './resize.js'
import {
  DEFAULT_SIGNATURE,
  PREDICT_METHOD,
  type PredictContext,
  type ServedModel,
  type ServedSignature,
  type ServedVersion,
} from './served-model.js'
import { invalidArgument, type StatusError } from './status-error.js'
import type { Tensors } from './tensor.js'
import type { BatchShape, DetectionBatch } from './worker-messages.js'

/** The name under which the demo model is served, here and where it is exported. */
export const DEMO_MODEL_NAME = 'ssdlite_mobilenet_v2_coco'

const INPUT = 'input_tensor'

/** Node names as in the network's own graph, where TensorFlow reports them. */
const RESIZE_NODE = 'Preprocessor/map/while/ResizeImage/ResizeBilinear'
const UNSTACK_NODE = 'Preprocessor/map/TensorArrayUnstack/strided_slice'
const GATHER_NODE = 'Preprocessor/map/TensorArrayStack/TensorArrayGatherV3'
const FIRST_CONVOLUTION = 'FeatureExtractor/MobilenetV2/Conv/Conv2D'

const SIGNATURE: ServedSignature = {
  name: DEFAULT_SIGNATURE,
  method: PREDICT_METHOD,
  inputs: { [INPUT]: { dtype: 'DT_UINT8', shape: [-1, -1, -1, 3] } },
  outputs: {
    detection_boxes: { dtype: 'DT_FLOAT', shape: [-1, MAX_DETECTIONS, 4] },
    detection_scores: { dtype: 'DT_FLOAT', shape: [-1, MAX_DETECTIONS] },
    detection_classes: { dtype: 'DT_FLOAT', shape: [-1, MAX_DETECTIONS] },
    num_detections: { dtype: 'DT_FLOAT', shape: [-1] },
  },
}

/** The demo model as a model server serves it: LOADING until its worker has run once, END when the worker has ended. */
export class DemoModel implements ServedModel {
  readonly name = DEMO_MODEL_NAME
  readonly signatures = [SIGNATURE]
  /** Settles when the model is AVAILABLE; rejects when it cannot load. */
  readonly ready: Promise<void>
  /** Settles when the worker has ended: with its error, or nothing after `close()`. */
  readonly stopped: Promise<Error | undefined>
  readonly #inference: Inference
  #version: ServedVersion = { version: '1', state: 'LOADING' }

  constructor(options: InferenceOptions = {}) {
    this.#inference = new Inference(options)
    this.stopped = this.#inference.stopped
    this.ready = this.#inference.ready.then(() => {
      this.#version = { version: '1', state: 'AVAILABLE' }
    })
    this.ready.catch(() => {})
    this.stopped.then((error) => {
      const reason = error && { code: status.INTERNAL, message: error.message }
      this.#version = { version: '1', state: 'END', error: reason }
    })
  }

  get versions(): readonly ServedVersion[] {
    return [this.#version]
  }

  async predict({ inputs, signal }: PredictContext): Promise<Tensors> {
    const tensor = inputs[INPUT]
    if (tensor?.dtype !== 'DT_UINT8') throw invalidArgument(`tensor parsing error: ${INPUT}`)
    const shape = batchShape(tensor.shape)
    return toOutputs(
      await this.#inference.infer(tensor.data as Uint8Array, shape, signal),
      shape[0],
    )
  }

  close(): Promise<void> {
    return this.#inference.close()
  }
}

/** Refuses the shapes that the graph refuses, in the order in which its nodes run. */
function batchShape(shape: readonly number[]): BatchShape {
  const [images, height, width, channels] = shape
  if (images === undefined) {
    throw graphError('slice index 0 of dimension 0 out of bounds.', UNSTACK_NODE)
  }
  if (images === 0) {
    const problem = 'input depth must be evenly divisible by filter depth: 3 vs 32'
    throw graphError(problem, FIRST_CONVOLUTION)
  }
  if (height === undefined || width === undefined || channels === undefined || shape.length > 4) {
    throw graphError(`input must be 4-dimensional${bracketed([1, ...shape.slice(1)])}`, RESIZE_NODE)
  }
  if (height === 0 || width === 0) {
    throw graphError('input image must be of non-zero size', RESIZE_NODE)
  }
  if (channels !== 3) {
    const found = bracketed([NETWORK_SIZE, NETWORK_SIZE, channels])
    const expected = bracketed([NETWORK_SIZE, NETWORK_SIZE, 3])
    const problem = `Incompatible shapes during merge: ${found} vs. ${expected}`
    throw graphError(`PartialTensorShape: ${problem}`, GATHER_NODE)
  }
  return [images, height, width]
}

function bracketed(shape: readonly number[]): string {
  return `[${shape.join(',')}]`
}

function graphError(problem: string, node: string): StatusError {
  return invalidArgument(`${problem}\n\t [[{{node ${node}}}]]`)
}

function toOutputs({ boxes, scores, classes, counts }: DetectionBatch, images: number): Tensors {
  const rows = [images, MAX_DETECTIONS]
  return {
    detection_boxes: { dtype: 'DT_FLOAT', shape: [...rows, 4], data: boxes },
    detection_scores: { dtype: 'DT_FLOAT', shape: rows, data: scores },
    detection_classes: { dtype: 'DT_FLOAT', shape: rows, data: classes },
    num_detections: { dtype: 'DT_FLOAT', shape: [images], data: counts },
  }
}

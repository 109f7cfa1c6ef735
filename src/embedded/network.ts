import { planNetwork } from './network-plan.js'
import type { ConvolutionStep, NetworkPlan, PlainStep, Step } from './network-step.js'
import { NETWORK_SIZE, type Scaling } from './resize.js'
import { loadTensorFlow, type TensorFlow, type TfTensor } from './tensorflow.js'
import { loadWeights, type WeightedGraph } from './weights.js'

/** Columns of the class predictors: background, then COCO ids 1 to 90. */
export const CLASS_COLUMNS = 91

/** What the network answers for one image, before boxes are decoded. */
export interface RawDetections {
  /** `[1917, 4]`: centre y and x, height and width, encoded relative to the anchors. */
  readonly encodings: Float32Array
  /** `[1917, 91]`: one logit a class. */
  readonly logits: Float32Array
}

/** The demo network, ready to run. */
export interface Network {
  readonly scaling: Scaling
  /** `[1917, 4]`: ymin, xmin, ymax, xmax as fractions of the image. */
  readonly anchors: Float32Array
  /** Runs on one scaled image `[300, 300, 3]`, synchronously. */
  run(image: Float32Array): RawDetections
  /** Tensors in the backend's memory: constant between runs. */
  tensorCount(): number
}

/** Loads the weights and TensorFlow.js and builds the network. */
export async function loadNetwork(): Promise<Network> {
  // The files are read while TensorFlow.js compiles, which holds this thread.
  const [graph, tf] = await Promise.all([loadWeights(), loadTensorFlow()])
  const plan = planNetwork(graph, {
    input: 'Preprocessor/sub',
    outputs: ['concat', 'concat_1'],
    columns: (reshape) => (reshape.endsWith('_1') ? CLASS_COLUMNS : 4),
  })
  const run = runner(tf, plan)
  return {
    scaling: {
      multiplier: floats(graph, 'Preprocessor/mul/x')[0]!,
      subtrahend: floats(graph, 'Preprocessor/sub/y')[0]!,
    },
    anchors: floats(graph, 'Postprocessor/ExpandDims'),
    run,
    tensorCount: () => tf.memory().numTensors,
  }
}

function floats(graph: WeightedGraph, name: string): Float32Array {
  const tensor = graph.tensors.get(name)
  if (tensor?.dtype !== 'float32') throw new Error(`The weights hold no floats named ${name}`)
  return tensor.data
}

type Kernel = (inputs: readonly TfTensor[]) => TfTensor

function runner(tf: TensorFlow, plan: NetworkPlan): (image: Float32Array) => RawDetections {
  const kernels = plan.steps.map((step) => kernelOf(tf, step))
  return (image) => {
    const values = new Map<number, TfTensor>()
    values.set(plan.input, tf.tensor(image, [1, NETWORK_SIZE, NETWORK_SIZE, 3], 'float32'))
    try {
      plan.steps.forEach((step, index) => {
        const inputs = step.inputs.map((slot) => values.get(slot)!)
        values.set(step.output, kernels[index]!(inputs))
        for (const slot of step.release) dispose(values, slot)
      })
      const [encodings, logits] = plan.outputs.map((slot) => values.get(slot)!.dataSync())
      return { encodings: encodings!, logits: logits! }
    } finally {
      for (const slot of values.keys()) dispose(values, slot)
    }
  }
}

function dispose(values: Map<number, TfTensor>, slot: number): void {
  values.get(slot)?.dispose()
  values.delete(slot)
}

function kernelOf(tf: TensorFlow, step: Step): Kernel {
  return 'filter' in step ? convolutionKernel(tf, step) : plainKernel(tf, step)
}

function convolutionKernel(tf: TensorFlow, step: ConvolutionStep): Kernel {
  const filter = tf.tensor(step.filter.data, step.filter.shape, 'float32')
  const bias = tf.tensor(step.bias, [step.bias.length], 'float32')
  const { strides, padding: pad, activation } = step
  const convolve = step.kind === 'convolution' ? tf.fused.conv2d : tf.fused.depthwiseConv2d
  return ([x]) => convolve({ x: x!, filter, bias, strides, pad, activation })
}

function plainKernel(tf: TensorFlow, step: PlainStep): Kernel {
  switch (step.kind) {
    case 'add':
      return ([a, b]) => tf.add(a!, b!)
    case 'relu6':
      return ([x]) => tf.relu6(x!)
    case 'concat':
      return (parts) => tf.concat(parts, 1)
    case 'reshape':
      return ([x]) => tf.reshape(x!, [1, -1, step.columns ?? -1])
  }
}

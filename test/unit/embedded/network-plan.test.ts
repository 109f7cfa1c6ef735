import t from 'tap'
import { planNetwork } from '../../../src/embedded/network-plan.js'
import type { ConvolutionStep, PlanEnds } from '../../../src/embedded/network-step.js'
import type { GraphNode, WeightTensor } from '../../../src/embedded/weights.js'

const floats = (shape: readonly number[], ...data: number[]): WeightTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
})

const conv = (
  name: string,
  input: string,
  filter: string,
  padding: unknown = 'U0FNRQ==',
): GraphNode => ({
  name,
  op: 'Conv2D',
  input: [input, filter],
  attr: { strides: { list: { i: ['1', '2', '2', '1'] } }, padding: { s: padding } },
})

/** Plans a graph whose input is `x`; nodes for the constants are added. */
function plan(
  nodes: readonly GraphNode[],
  constants: Record<string, WeightTensor>,
  outputs: readonly string[],
) {
  const ends: PlanEnds = { input: 'x', outputs, columns: () => 4 }
  const all = [...nodes, ...Object.keys(constants).map((name) => ({ name, op: 'Const' }))]
  return planNetwork({ nodes: all, tensors: new Map(Object.entries(constants)) }, ends)
}

const FILTER = { f: floats([1, 1, 1, 2], 3, 5) }

t.test('planNetwork() folds factors, terms and activations into convolutions', async (t) => {
  const nodes = [
    conv('c', 'x', 'f'),
    { name: 'm', op: 'Mul', input: ['factor', 'c'] },
    { name: 'a', op: 'Add', input: ['m', 'term'] },
    { name: 'r', op: 'Relu6', input: ['a:0'] },
  ]
  const constants = { ...FILTER, factor: floats([2], 2, 10), term: floats([], 7) }
  const { steps, outputs } = plan(nodes, constants, ['r'])
  t.equal(steps.length, 1)
  const step = steps[0] as ConvolutionStep
  t.match(step, { kind: 'convolution', activation: 'relu6', strides: [2, 2], padding: 'same' })
  t.strictSame([...step.filter.data], [6, 50])
  t.strictSame([...step.bias], [7, 7])
  t.strictSame(outputs, [step.output])
})

t.test('planNetwork() folds batch normalisation', async (t) => {
  const names = ['gamma', 'beta', 'mean', 'variance']
  const nodes = [
    conv('c', 'x', 'f', [86, 65, 76, 73, 68]),
    { name: 'n', op: 'FusedBatchNorm', input: ['c', ...names], attr: { epsilon: { f: 1 } } },
  ]
  const constants = {
    ...FILTER,
    gamma: floats([2], 4, 1),
    beta: floats([2], 1, 2),
    mean: floats([2], 3, 0),
    variance: floats([2], 3, 0),
  }
  const step = plan(nodes, constants, ['n']).steps[0] as ConvolutionStep
  t.equal(step.padding, 'valid')
  t.strictSame([...step.filter.data], [6, 5])
  t.strictSame([...step.bias], [-5, 2])
})

t.test(
  'planNetwork() computes shared values once and frees them after their last use',
  async (t) => {
    const nodes = [
      conv('c', 'x', 'f'),
      { name: 'r', op: 'Relu6', input: ['c'] },
      conv('d', 'r', 'f'),
      { name: 's', op: 'AddN', input: ['r', 'd', 'term'] },
      { name: 't', op: 'Relu6', input: ['s'] },
      { name: 'p', op: 'Reshape', input: ['t', 'shape'] },
      { name: 'q', op: 'ConcatV2', input: ['p', 'p', 'axis'] },
    ]
    const constants = {
      ...FILTER,
      term: floats([2], 1, 2),
      shape: floats([1], 0),
      axis: floats([], 1),
    }
    const { steps, outputs } = plan(nodes, constants, ['q', 'r'])
    t.strictSame(
      steps.map(({ kind, inputs, release }) => ({ kind, inputs, release })),
      [
        { kind: 'convolution', inputs: [0], release: [0] },
        { kind: 'convolution', inputs: [1], release: [] },
        { kind: 'add', inputs: [1, 2], release: [2] },
        { kind: 'relu6', inputs: [3], release: [3] },
        { kind: 'reshape', inputs: [4], release: [4] },
        { kind: 'concat', inputs: [5, 5], release: [5] },
      ],
    )
    t.strictSame(outputs, [6, 1])
  },
)

t.test('planNetwork() counts the channels of depthwise convolutions', async (t) => {
  const nodes = [
    { ...conv('c', 'x', 'f'), op: 'DepthwiseConv2dNative' },
    { name: 'm', op: 'Mul', input: ['c', 'factor'] },
  ]
  const constants = { f: floats([1, 1, 2, 1], 1, 1), factor: floats([2], 2, 3) }
  const step = plan(nodes, constants, ['m']).steps[0] as ConvolutionStep
  t.equal(step.kind, 'depthwise')
  t.strictSame([...step.filter.data], [2, 3])
})

t.test('planNetwork() refuses graphs that it cannot run', async (t) => {
  const rows = [
    ['unknown operation', [{ name: 'n', op: 'Softmax', input: ['x'] }], {}, /Softmax \(n\)/],
    ['missing node', [{ name: 'n', op: 'Relu6', input: ['y'] }], {}, /no node y/],
    ['missing input', [{ name: 'n', op: 'Relu6' }], {}, /Relu6 n lacks its input 0/],
    ['missing weights', [conv('n', 'x', 'f')], {}, /no constant f/],
    [
      'constant that no convolution takes',
      [{ name: 'n', op: 'Add', input: ['x', 'c'] }],
      { c: floats([], 1) },
      /into convolutions only/,
    ],
  ] as const
  for (const [name, nodes, constants, message] of rows) {
    t.throws(() => plan(nodes, constants, ['n']), { message }, name)
  }
})
